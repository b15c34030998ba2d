"""A merge is held against every parent: random histories of two sides, merged as git would and as nobody should."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from samples import ADMISSION_PATH, NOW, RECORD_PATH, START, decided, document, snapshot
from sotctl.checks.change import ChangeSet
from sotctl.checks.run import check_store
from sotctl.decisions.revoke import plan_revoke, require_admission
from sotctl.findings import Finding, Severity
from sotctl.issues.marking import Mark, plan_marks
from sotctl.issues.moves import allowed_moves, obstacles
from sotctl.issues.planning import plan_move
from sotctl.plan import Plan

pytestmark = pytest.mark.slow  # each takes little, all together take long

Files = Mapping[str, bytes]
NAMES = [f"AB-{number}" for number in range(1, 6)]
SETTINGS = ".sot/sot.toml"
NOTE = ".sot/05-NOTES/note.md"


def place(name: str) -> str:
    return f".sot/02-ISSUES/{name}.md"


def issue(name: str, status: str, *blockers: str) -> bytes:
    waits = "\nBlocked by:\n\n" + "".join(f"- {text}\n" for text in blockers) if blockers else ""
    return document(f"## {name} - x\n\nStatus: {status}.\n{waits}").encode()


def merged(base: Files | None, one: Files, other: Files, result: Files) -> list[Finding]:
    """What is wrong with a merge of two sides that parted at *base*; None where they are unrelated."""
    found: list[Finding] = []
    after = snapshot(dict(result))
    for side in (one, other):
        changed = frozenset(path for path in {*side, *result} if side.get(path) != result.get(path))
        bases = () if base is None else (snapshot(dict(base)),)
        if changed:
            found += check_store(ChangeSet(before=snapshot(dict(side)), after=after, changed=changed, bases=bases))
    return [finding for finding in found if finding.severity is Severity.ERROR]


def rules(base: Files | None, one: Files, other: Files, result: Files) -> set[str]:
    return {finding.rule.id for finding in merged(base, one, other, result)}


def step(files: Files, chance: random.Random) -> Files:
    """One lawful step: an issue moves, a blocker is cleared, a decision is made or taken back, a setting changes."""
    books = snapshot(dict(files))
    kind = chance.choice(["move", "move", "move", "clear", "decide", "setting", "note"])
    if kind == "decide":
        return {**files, **decision(files).files} if RECORD_PATH not in files else revoked(files)
    if kind == "setting":
        return {**files, SETTINGS: f"[review]\nwarn_days = {chance.randrange(1, 90)}\n".encode()}
    if kind == "note":
        return {**files, NOTE: files[NOTE] + b"more\n"}
    name = chance.choice(NAMES)
    found = books.find_issue(name)
    assert found is not None
    if kind == "clear":
        open_ = [bullet for bullet in found[1].blocked_by if not bullet.settled]
        plan = plan_marks(books, name, Mark.CLEARED, {open_[0].number: "done"}, now=NOW) if open_ else None
        return {**files, **plan.files} if plan else files
    targets = [to for to in allowed_moves(books, found[1]) if not obstacles(books, found[1], to)]
    if not targets:
        return files
    return {**files, **plan_move(books, name, chance.choice(targets), f"why {chance.random()}", now=NOW).files}


def decision(files: Files) -> Plan:
    return decided(dict(files))


def revoked(files: Files) -> Files:
    books = snapshot(dict(files))
    if not any(record.is_approved for record in books.records()):
        return files
    return {**files, **plan_revoke(books, require_admission(books, None), "closed", now=NOW).files}


def history(files: Files, chance: random.Random) -> Files:
    for _ in range(chance.randrange(5)):
        files = step(files, chance)
    return files


BASE = {
    **START,
    NOTE: document("# A note\n").encode(),
    SETTINGS: b"[review]\nwarn_days = 7\n",
    **{place(name): issue(name, "draft") for name in NAMES[:2]},
    place(NAMES[2]): issue(NAMES[2], "blocked", "one thing", "another"),
    place(NAMES[3]): issue(NAMES[3], "validated"),
    place(NAMES[4]): issue(NAMES[4], "in_progress"),
}


@pytest.mark.parametrize("seed", range(60))
def test_two_sides_that_change_different_files_merge_and_nothing_they_did_can_be_left_out(seed: int) -> None:
    chance = random.Random(seed)
    one, other = history(BASE, chance), history(BASE, chance)
    ours, theirs = ({path for path in side if side[path] != BASE.get(path)} for side in (one, other))
    record = {RECORD_PATH, ADMISSION_PATH}
    if (ours & theirs) or (ours & record and theirs & record):
        other, theirs = BASE, set()  # a conflict, which the next test looks at
    whole = {**BASE, **{path: one[path] for path in ours}, **{path: other[path] for path in theirs}}
    assert merged(BASE, one, other, whole) == []
    for path in sorted(ours | theirs):
        without = {key: data for key, data in {**whole, path: BASE.get(path)}.items() if data is not None}
        assert merged(BASE, one, other, without) != [], path


@pytest.mark.parametrize("seed", range(60))
def test_of_two_sides_that_both_moved_an_issue_neither_is_undone(seed: int) -> None:
    chance = random.Random(seed)
    one, other = history(BASE, chance), history(BASE, chance)
    for name in NAMES:
        statuses = [books.known([name])[name].status for books in map(snapshot, (BASE, one, other))]
        for side in (one, other):
            result = {**one, place(name): side[place(name)]}
            taken = snapshot(result).known([name])[name].status
            undone = [moved for moved in statuses[1:] if moved != statuses[0] and taken == statuses[0]]
            said = [finding for finding in merged(BASE, one, other, result) if name in finding.message]
            assert said or not undone, (statuses, taken)


SIDE = {**BASE, NOTE: BASE[NOTE] + b"a side\n"}
DECIDED = {**BASE, **decided(dict(BASE)).files}
REVOKED = revoked(DECIDED)
CLEARED = BASE[place(NAMES[2])].replace(b"- one thing", b"- one thing (cleared 2026-05-20: done)")


def put(files: Files, path: str, data: bytes) -> dict[str, bytes]:
    return {**files, path: data}


@pytest.mark.parametrize(
    ("base", "one", "other", "result", "expected"),
    [
        pytest.param(DECIDED, put(DECIDED, NOTE, SIDE[NOTE]), REVOKED, put(DECIDED, NOTE, SIDE[NOTE]),
                     {"merge-undoes", "record-edited"}, id="a revocation"),
        pytest.param(BASE, SIDE, put(BASE, place("AB-4"), issue("AB-4", "in_progress")), SIDE,
                     {"merge-undoes"}, id="a reopening"),
        pytest.param(BASE, SIDE, put(BASE, place("AB-5"), issue("AB-5", "rejected")), SIDE,
                     {"merge-undoes"}, id="a rejection"),
        pytest.param(put(BASE, place("AB-3"), CLEARED), put(SIDE, place("AB-3"), CLEARED), BASE,
                     put(SIDE, place("AB-3"), CLEARED), {"merge-undoes"}, id="a blocker put back"),
        pytest.param(BASE, SIDE, put(BASE, place("AB-3"), CLEARED), SIDE, {"merge-undoes"}, id="a clearing"),
        pytest.param(BASE, SIDE, put(BASE, place("AB-3"), issue("AB-3", "blocked", "one thing", "another", "third")),
                     SIDE, {"merge-undoes", "status-move"}, id="a blocker"),
        pytest.param(BASE, SIDE, put(BASE, SETTINGS, b"[review]\nwarn_days = 7\n[approval]\nrequire_signature = true\n"),
                     SIDE, {"merge-undoes"}, id="a setting"),
        pytest.param(
            put(BASE, SETTINGS, b'[approval]\napprovers = ["JP", "Bob"]\n'),
            put(SIDE, SETTINGS, b'[approval]\napprovers = ["JP", "Bob", "Ann"]\n'),
            put(BASE, SETTINGS, b'[approval]\napprovers = ["JP"]\n'),
            put(SIDE, SETTINGS, b'[approval]\napprovers = ["JP", "Bob", "Ann"]\n'),
            {"merge-undoes"},
            id="an approver taken out, with one put in",
        ),
        pytest.param(BASE, SIDE, put(BASE, place("CD-1"), issue("CD-1", "draft")), SIDE,
                     {"status-move"}, id="a new issue"),
        pytest.param(BASE, SIDE, put(BASE, NOTE, BASE[NOTE] + b"x\n"), put(SIDE, NOTE, BASE[NOTE]),
                     {"merge-undoes"}, id="text of both"),
        pytest.param(None, SIDE, {}, {}, {"merge-undoes", "status-move"}, id="the whole store, to an orphan without one"),
        pytest.param(None, BASE, put(BASE, place("AB-3"), issue("AB-3", "validated", "one thing", "another")),
                     put(BASE, place("AB-3"), issue("AB-3", "validated", "one thing", "another")),
                     {"status-move"}, id="an issue of an unrelated history leaves blocked"),
        pytest.param(BASE, put(BASE, place("AB-5"), issue("AB-5", "validated")),
                     put(BASE, place("AB-5"), issue("AB-5", "rejected")),
                     put(BASE, place("AB-5"), issue("AB-5", "rejected")), {"merge-undoes"}, id="one of two decisions"),
    ],
)  # fmt: skip
def test_what_a_merge_undoes(base: Files | None, one: Files, other: Files, result: Files, expected: set[str]) -> None:
    assert rules(base, one, other, result) == expected
    assert rules(base, other, one, result) == expected


def test_a_merge_takes_the_one_of_two_moves_that_follows_from_the_other() -> None:
    one = put(BASE, place("AB-1"), issue("AB-1", "ready"))
    other = put(BASE, place("AB-1"), issue("AB-1", "validated"))
    assert rules(BASE, one, other, other) == set()
    assert rules(BASE, one, other, one) == {"merge-undoes"}


def test_a_merge_brings_a_decision_that_was_revoked_and_made_anew() -> None:
    again = {**REVOKED, **decided(dict(REVOKED), model="gpt-5.6").files}
    assert rules(DECIDED, DECIDED, again, again) == set()
