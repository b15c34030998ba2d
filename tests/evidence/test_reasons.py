"""Every reason and every rule that these rooms can give is explained."""

from __future__ import annotations

import re
from pathlib import Path

import sotctl
from sotctl.checks.run import explanations as rules

PACKAGE = Path(sotctl.__file__).parent


def test_every_reason_in_the_source_is_explained() -> None:
    found = set()
    for room in ("evidence", "stage2", "repository/admission_file.py", "repository/signing.py", "admission/verdict.py"):
        place = PACKAGE / room
        for path in place.rglob("*.py") if place.is_dir() else [place]:
            text = path.read_text()
            found |= set(
                re.findall(r'(?:reason=|_problem\(|_finding\(|Error\(|return )"([a-z]+(?:-[a-z0-9]+)+)"', text)
            )
    assert len(found) > 60
    assert found - set(rules()) == set()
