"""`.sot-example/` is sound, and is what sotctl itself writes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from samples import REFERENCE, REFERENCE_NAME, START, Repository, answers, snapshot
from sotctl.decisions.planning import plan_decision

EXAMPLE = Path(__file__).parent.parent / ".sot-example"


def files() -> dict[str, bytes]:
    return {
        f".sot/{path.relative_to(EXAMPLE).as_posix()}": path.read_bytes()
        for path in EXAMPLE.rglob("*")
        if path.is_file()
    }


def test_the_reference_document_stands_in_it_unchanged() -> None:
    assert (EXAMPLE / "02-ISSUES" / REFERENCE_NAME).read_bytes() == REFERENCE


def test_making_it_again_gives_the_same_bytes() -> None:
    found = files()
    admission = next(path for path in found if path.endswith(".json"))
    then = datetime.fromisoformat(json.loads(found[admission])["admission_timestamp"])
    plan = plan_decision(snapshot(START, now=then), "CTO-WORK-020", answers(), now=then)
    assert {path: found[path] for path in plan.files} == dict(plan.files)


def test_it_passes_every_check(empty: Repository) -> None:
    for path, data in files().items():
        empty.write(path, data)
    empty.git("add", "-A")
    assert empty.run("check", "--staged").returncode == 0
    assert empty.done("check", "--all").startswith("no findings")
