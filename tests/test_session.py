"""The recorded session: what its page shows is what the program prints today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
PAGE = "import sys; sys.path.insert(0, sys.argv[1]); import session; sys.stdout.write(session.page())"


@pytest.mark.slow
@pytest.mark.needs("bwrap", "--unshare-net", "--ro-bind", "/", "/", "true")
@pytest.mark.long
def test_the_recorded_session_is_what_the_program_shows() -> None:
    done = subprocess.run([sys.executable, "-c", PAGE, str(DOCS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == (DOCS / "session.md").read_text().splitlines()


def test_the_ways_of_the_recorded_session_are_short() -> None:
    counts = re.findall(r"^## .*: (\d+) commands, (\d+) keystrokes$", (DOCS / "session.md").read_text(), re.MULTILINE)
    assert len(counts) == 3
    assert all(int(commands) <= 6 and int(keys) <= 60 for commands, keys in counts)


def test_every_screen_of_the_recorded_session_fits_its_terminal() -> None:
    wide, _, narrow = (DOCS / "session.md").read_text().partition("## The same screens at 40 by 24")
    for part, columns in ((wide, 80), (narrow, 40)):
        for block in re.findall(r"```text\n(.*?)\n```", part, re.DOTALL):
            lines = [line for line in block.splitlines() if not line.startswith("$ ")]
            assert len(lines) <= 24, block
            assert all(len(line) <= columns for line in lines), block
    for start in ("in force  ", "Decision: ", "decided  ", "? Which acceptance"):
        assert f"\n```text\n{start}" in narrow
