"""Makes `docs/session.svg`: the end of a real decision, as it stands on a terminal of 80 columns."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from terminal import Terminal  # noqa: E402

COLUMNS, ROWS = 80, 46
CELL_W, CELL_H = 8.4, 18


def session(work: Path) -> list[str]:
    """The screen after the decision of CTO-WORK-020 has been approved."""
    shutil.copytree(HERE.parent / ".sot-example" / "02-ISSUES", work / ".sot" / "02-ISSUES")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Add the issues"]):
        subprocess.run(["git", *command], cwd=work, check=True)
    terminal = Terminal(
        work,
        "decide",
        "CTO-WORK-020",
        "--answers",
        str(HERE / "answers.yaml"),
        columns=COLUMNS,
        rows=ROWS,
        NO_COLOR="1",
    )
    terminal.wait("? What now?")
    terminal.press("down", "enter")
    terminal.answer("? Type openai-codex/gpt-5.5", "openai-codex/gpt-5.5", "enter")
    terminal.finish()
    return terminal.screen.splitlines()


def svg(lines: list[str]) -> str:
    """Lines of text on a dark ground."""
    width, height = COLUMNS * CELL_W + 32, len(lines) * CELL_H + 32
    rows = "\n".join(
        f'<text xml:space="preserve" x="16" y="{28 + number * CELL_H:g}"{style(line)}>{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">\n'
        "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d8dee9;white-space:pre}"
        ".q{fill:#88c0d0;font-weight:bold}.ok{fill:#a3be8c}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#22272e"/>\n{rows}\n</svg>\n'
    )


def style(line: str) -> str:
    """The class of a line: questions and results stand out."""
    if line.startswith("?"):
        return ' class="q"'
    return ' class="ok"' if line.startswith(("decided", "Checks: passed", "commit ", "next ")) else ""


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.mkdir()
        (Path(folder) / "gitconfig").write_text(
            "[user]\nname = JP\nemail = jp@example.com\n[init]\ndefaultBranch = main\n"
        )
        os.environ["GIT_CONFIG_GLOBAL"] = str(Path(folder) / "gitconfig")
        (HERE / "session.svg").write_text(svg(session(work)))


if __name__ == "__main__":
    main()
