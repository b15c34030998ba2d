"""A hint names the issue that is meant, whatever it is called; the reference document's is one of many."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from samples import ADMISSION_PATH, NOW, START, decided, snapshot
from sotctl.admissions.admission import Admission, parse_admission
from sotctl.admissions.derive import issue_to_decide
from sotctl.admissions.generate import plan_generate
from sotctl.checks.change import ChangeSet
from sotctl.checks.run import check_store
from sotctl.errors import SotError
from sotctl.evidence.account import Account, Spawn
from sotctl.evidence.conditions import spawn_problems
from sotctl.gate.verdict import Submission, decide
from sotctl.stage2.rundir import DiskRun

DECIDED = decided(START).files[ADMISSION_PATH]
OTHER_ISSUE = DECIDED.replace(b"CTO-WORK-020-DR-001", b"OPS-7-DR-001")


def admission(data: bytes) -> Admission:
    return parse_admission(ADMISSION_PATH, data)


def test_an_admission_tells_its_issue_by_its_record() -> None:
    assert [admission(data).issue for data in (DECIDED, OTHER_ISSUE)] == ["CTO-WORK-020", "OPS-7"]
    assert admission(DECIDED.replace(b'  "decision_record": "CTO-WORK-020-DR-001",\n', b"")).issue == ""


@pytest.mark.parametrize(
    ("data", "next_"),
    [
        (DECIDED, "sotctl decide CTO-WORK-020"),
        (OTHER_ISSUE, "sotctl decide OPS-7"),
        (OTHER_ISSUE.replace(b"OPS-7-DR-001", b""), "sotctl decide ISSUE"),
    ],
)
def test_the_gate_names_the_issue_of_a_revoked_admission(data: bytes, next_: str) -> None:
    data = admission(data).with_status("revoked").replace(b'  "decision_record": "",\n', b"")
    verdict = decide(Submission(path="a.json", data=data), provider="p", model="m", now=NOW + timedelta(days=1))
    assert (verdict.reason, verdict.next) == ("revoked", next_)


def test_a_stray_admission_names_the_issue_of_its_record() -> None:
    after = {**START, ADMISSION_PATH: OTHER_ISSUE}
    change = ChangeSet(before=snapshot(START), after=snapshot(after), changed=frozenset({ADMISSION_PATH}))
    found = next(finding for finding in check_store(change) if finding.rule.id == "admission-without-record")
    assert found.fix == "sotctl decide OPS-7"


def test_where_nothing_is_decided_the_issue_of_the_store_is_named() -> None:
    assert issue_to_decide(snapshot(START)) == "CTO-WORK-020"
    assert issue_to_decide(snapshot({})) == "ISSUE"
    with pytest.raises(SotError) as refused:
        plan_generate(snapshot({}), now=NOW, committed=snapshot({}).tree)
    assert refused.value.hint == "sotctl decide ISSUE"


def test_a_fallback_that_was_used_leaves_the_issue_of_the_admission_blocked(tmp_path: Path) -> None:
    (pair,) = admission(OTHER_ISSUE).fallback
    spawn = Spawn(agent="implementer", provider=pair[0], model=pair[1], cwd="/run")
    account = Account(spawns=(spawn,), agents=())
    none = OTHER_ISSUE.replace(b'  "decision_record": "OPS-7-DR-001",\n', b"")
    messages = [
        next(spawn_problems(DiskRun(tmp_path), account, admission(data), "/run")).message
        for data in (OTHER_ISSUE, none)
    ]
    assert messages == [
        f"implementer was started with {'/'.join(pair)}, a fallback pair: OPS-7 stays blocked",
        f"implementer was started with {'/'.join(pair)}, a fallback pair: the issue stays blocked",
    ]
