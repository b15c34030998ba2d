"""Moves of issues: the table, the guards, the byte-exact edits, the graph."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from samples import ADMISSION_PATH, NOW, REFERENCE, REFERENCE_PATH, START, decided, document, snapshot
from sotctl.admissions.admission import parse_admission
from sotctl.admissions.review import due, when
from sotctl.documents.issues import Bullet, Issue
from sotctl.documents.policy import DEFAULT_MOVES, parse_policy
from sotctl.errors import BlockedError, UsageError
from sotctl.issues.acceptance import acceptance_states
from sotctl.issues.graph import candidates, cycles, graph
from sotctl.issues.marking import Mark, plan_marks
from sotctl.issues.moves import obstacles
from sotctl.issues.planning import LastMove, ObstructedError, plan_move, plan_new, plan_undo

HEADER = REFERENCE.partition(b"\n---\n")[0].decode() + "\n---\n\n"
DECIDED = {**START, **decided(START).files}


def issues(*sections: tuple[str, str, str], end: str = "\n") -> dict[str, bytes]:
    """A document of issues: id, status, blockers joined by `|`."""
    parts = [HEADER]
    for issue_id, status, blockers in sections:
        listed = "".join(f"- {blocker}\n" for blocker in blockers.split("|") if blocker)
        parts.append(f"## {issue_id} - T\n\nStatus: {status}.\n\n" + (f"Blocked by:\n\n{listed}\n" if listed else ""))
    return {REFERENCE_PATH: "".join(parts).replace("\n", end).encode()}


@pytest.mark.parametrize("status", list(DEFAULT_MOVES))
@pytest.mark.parametrize("to", list(DEFAULT_MOVES))
def test_the_table_is_the_table(status: str, to: str) -> None:
    books = snapshot(issues(("A-1", status, "x (cleared 2026-06-01: y)")))
    if to in DEFAULT_MOVES[status]:
        plan = plan_move(books, "A-1", to, "because", now=NOW)
        assert f"Status: {to}.".encode() in plan.files[REFERENCE_PATH]
    else:
        with pytest.raises(BlockedError, match=f"is {status} and cannot become {to}"):
            plan_move(books, "A-1", to, "because", now=NOW)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_move_changes_two_lines_and_no_more(end: str) -> None:
    before = issues(("A-1", "draft", ""), ("B-2", "draft", "A-1"), end=end)[REFERENCE_PATH]
    after = plan_move(snapshot({REFERENCE_PATH: before}), "B-2", "ready", "", now=NOW).files[REFERENCE_PATH]
    changed = [(old, new) for old, new in zip(before.split(b"\n"), after.split(b"\n"), strict=True) if old != new]
    assert [new.strip() for _, new in changed] == [b"last_reviewed: 2026-06-01", b"Status: ready."]


@pytest.mark.parametrize(
    ("status", "to"),
    [("draft", "blocked"), ("draft", "rejected"), ("ready", "superseded"), ("validated", "in_progress")],
)
def test_some_moves_need_a_reason(status: str, to: str) -> None:
    books = snapshot(issues(("A-1", status, "")))
    with pytest.raises(UsageError, match="needs a reason"):
        plan_move(books, "A-1", to, "", now=NOW)
    with pytest.raises(UsageError, match="line break"):
        plan_move(books, "A-1", to, "two\nlines", now=NOW)
    assert "because" in plan_move(books, "A-1", to, "because", now=NOW).message


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("blockers", ["", "one|two"])
def test_blocking_adds_the_reason_as_a_blocker(end: str, blockers: str) -> None:
    before = issues(("A-1", "ready", blockers), ("B-2", "draft", ""), end=end)
    after = plan_move(snapshot(before), "A-1", "blocked", "no budget", now=NOW).files
    issue = snapshot(dict(after)).find_issue("A-1")
    assert issue is not None
    assert [bullet.text for bullet in issue[1].blocked_by] == [*filter(None, blockers.split("|")), "no budget"]
    assert snapshot(dict(after)).load(REFERENCE_PATH).findings == ()
    assert after[REFERENCE_PATH].count(b"\r\n") == (after[REFERENCE_PATH].count(b"\n") if end == "\r\n" else 0)


# Last reviewed on the day of the moves: what an undo may not restore is then the same.
REVIEWED = HEADER.replace("last_reviewed: 2026-05-31", "last_reviewed: 2026-06-01")
PIECES = [
    *("Status: draft.", "Status: ready.", "Acceptance:", "Blocked by:", "- one", "- two\n  on two lines", "* B-2 - x"),
    *("1. first", "  - nested", "text ends here  ", "\ttabs", "émigré 🙂", "### Notes", "# Top", "\n---", "> quoted"),
    *("```\ncode\n```", "~~~\nopen", "<!-- Status: ready. -->", "<!--\nopen", "<div>", "| a | b |\n|---|---|"),
    *(
        "    indented",
        "  9) nine",
        "[a]: https://example.com",
        "## C-3 - In the way",
        "- done (cleared 2026-05-31: x)",
        "",
    ),
]

ITEMS = [
    *(
        "one",
        "two\n  on two lines",
        "`code` and *stress*",
        "[link](https://example.com)",
        "ends in *stress*",
        "<b>bold</b>",
    ),
    *(
        "first\n\n  second",
        "text\n  - nested",
        "text\n  ***",
        "text\n  ```\n  code\n  ```",
        "émigré 🙂",
        "gap  \n  after",
    ),
    *(
        "x (cleared 2026-05-31: y)",
        "x (met 2026-05-31: y)",
        "# heading",
        "```\n  code\n  ```",
        "***",
        "",
        "B-2 - x",
        "[a]: b",
    ),
]


@st.composite
def listed(draw: st.DrawFn) -> list[str]:
    """The two lists of an issue, or one of them, in either order and with any marker."""
    lines: list[str] = []
    for name in draw(st.permutations(["Acceptance:", "Blocked by:"])):
        marker = draw(st.sampled_from(["-", "*", "+"]))
        items = draw(st.lists(st.sampled_from(ITEMS), max_size=3))
        lines += [
            name,
            "",
            *(f"{marker} {item}" for item in items),
            *draw(st.sampled_from([[], [""], ["", "---", ""]])),
        ]
    return lines


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A document of issues with anything between them, and line ends of one kind or of both."""
    between = st.lists(st.sampled_from(PIECES), max_size=8)
    parts = []
    for number in range(draw(st.integers(1, 3))):
        status = draw(st.sampled_from(list(DEFAULT_MOVES)))
        parts += [
            f"## A-{number} - T",
            *draw(st.sampled_from([[], [""]])),
            f"Status: {status}.",
            "",
            *draw(listed()),
            *draw(between),
        ]
    lines = "\n".join(parts).split("\n")
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"]]))
    body = "".join(line + ends[at % len(ends)] for at, line in enumerate(lines))
    return REVIEWED.encode() + body.removesuffix(draw(st.sampled_from(["", "\n", "\r\n"]))).encode()


def section(source: bytes) -> tuple[Issue, bytes]:
    found = snapshot({REFERENCE_PATH: source}).find_issue("A-0")
    assert found is not None
    return found[1], source[found[1].start : found[1].end]


def texts(bullets: Sequence[Bullet]) -> list[str]:
    return [bullet.text for bullet in bullets]


@given(documents(), st.sampled_from(list(DEFAULT_MOVES)))
@pytest.mark.slow
def test_a_move_touches_its_issue_alone_and_its_undo_gives_the_bytes_back(before: bytes, to: str) -> None:
    old, old_section = section(before)
    assume(to in DEFAULT_MOVES.get(old.status, ()))
    try:
        after = plan_move(snapshot({REFERENCE_PATH: before}), "A-0", to, "because", now=NOW).files[REFERENCE_PATH]
    except ObstructedError:
        assume(False)
    except BlockedError:  # a block that is left open would swallow the blocker
        assert b"open" in before
        assume(False)
    new, new_section = section(after)
    assert (new.status, new.title, texts(new.acceptance)) == (to, old.title, texts(old.acceptance))
    assert texts(new.blocked_by) == texts(old.blocked_by) + (["because"] if to == "blocked" else [])
    assert after[: new.start] == before[: old.start]
    assert after[new.end :] == before[old.end :]
    last = LastMove(before=old.status, after=to, section_before=old_section, section_after=new_section)
    assert plan_undo(snapshot({REFERENCE_PATH: after}), "A-0", last, now=NOW).files[REFERENCE_PATH] == before


@given(documents(), st.integers(1, 2), st.sampled_from(["cleared", "met"]))
def test_marking_a_bullet_adds_its_suffix_and_nothing_else(before: bytes, number: int, word: str) -> None:
    lists = {"cleared": "blocked_by", "met": "acceptance"}
    old, _ = section(before)
    bullets = getattr(old, lists[word])
    assume(number <= len(bullets) and not bullets[number - 1].settled)
    books, suffix = snapshot({REFERENCE_PATH: before}), f" ({word} 2026-06-01: done)"
    if not bullets[number - 1].text:
        with pytest.raises(BlockedError, match="has no text"):
            plan_marks(books, "A-0", Mark(word), {number: "done"}, now=NOW)
        return
    after = plan_marks(books, "A-0", Mark(word), {number: "done"}, now=NOW).files[REFERENCE_PATH]
    at = bullets[number - 1].end
    assert after == before[:at] + suffix.encode() + before[at:]
    new, _ = section(after)
    assert [(bullet.text, bool(bullet.settled)) for bullet in getattr(new, lists.pop(word))] == [
        (bullet.text + suffix, True) if bullet.number == number else (bullet.text, bool(bullet.settled))
        for bullet in bullets
    ]
    (other,) = lists.values()
    assert texts(getattr(new, other)) == texts(getattr(old, other))


@pytest.mark.parametrize(
    ("item", "reason", "added"),
    [
        ("1. one", "two", "2. two"),
        ("9) nine", "ten", "10) ten"),
        ("* one", "two", "* two"),
        ("  - one", "two", "  - two"),
        ("- a\n***", "b", "- b\n***"),
        ("- # a\ntext", "b", "- b\n\ntext"),
    ],
)
def test_a_blocker_continues_the_list_that_is_there(item: str, reason: str, added: str) -> None:
    before = f"{HEADER}## A-1 - T\n\nStatus: ready.\n\nBlocked by:\n\n{item}\n".encode()
    after = plan_move(snapshot({REFERENCE_PATH: before}), "A-1", "blocked", reason, now=NOW).files[REFERENCE_PATH]
    assert after.decode().endswith(f"\n{added}\n")


@pytest.mark.parametrize("reason", ["# loud", "1. first", "- dashed", "> quoted", "```", "[a]: b", "---"])
def test_a_reason_that_is_no_text_to_markdown_is_refused(reason: str) -> None:
    with pytest.raises(BlockedError, match="would not be read as a blocker of A-1"):
        plan_move(snapshot(issues(("A-1", "ready", "x"))), "A-1", "blocked", reason, now=NOW)


def test_leaving_blocked_needs_every_blocker_cleared() -> None:
    files = issues(("A-1", "blocked", "B-2|by hand|C-3 and B-2"), ("B-2", "validated", ""), ("C-3", "ready", ""))
    with pytest.raises(ObstructedError) as refused:
        plan_move(snapshot(files), "A-1", "ready", "", now=NOW)
    assert [(found.message, found.fix) for found in refused.value.obstacles] == [
        ("by hand", "sotctl issue unblock A-1 2 --because TEXT"),
        ("C-3 is ready: C-3 and B-2", "sotctl issue show C-3, or sotctl issue unblock A-1 3 --because TEXT"),
    ]
    for number in (2, 3):
        files = dict(plan_marks(snapshot(files), "A-1", Mark.CLEARED, {number: "done"}, now=NOW).files)
    assert b"- by hand (cleared 2026-06-01: done)\n" in files[REFERENCE_PATH]
    assert plan_move(snapshot(files), "A-1", "ready", "", now=NOW).files
    assert plan_move(snapshot(issues(("A-1", "blocked", "x"))), "A-1", "rejected", "no", now=NOW).files


@pytest.mark.parametrize(
    ("status", "text", "message"),
    [
        ("blocked", "", "A-1 is blocked and names no blocker"),
        ("blocked", "Blocked by:\n\n    - x\n", "text that is indented like code stands under `Blocked by:`"),
        ("ready", "What this is blocked by:\n\n- x\n", "this line looks like the label of a list and is not"),
    ],
)
def test_an_issue_whose_lists_cannot_be_read_does_not_move(status: str, text: str, message: str) -> None:
    books = snapshot({REFERENCE_PATH: f"{HEADER}## A-1 - T\n\nStatus: {status}.\n\n{text}".encode()})
    with pytest.raises(ObstructedError) as refused:
        plan_move(books, "A-1", "in_progress", "", now=NOW)
    assert [found.message for found in refused.value.obstacles] == [message]
    assert plan_move(books, "A-1", "rejected", "no longer needed", now=NOW).files


def test_marking_twice_or_a_bullet_that_is_not_there_is_refused() -> None:
    files = issues(("A-1", "blocked", "x"))
    with pytest.raises(UsageError, match="no blocker 2; there is only 1"):
        plan_marks(snapshot(files), "A-1", Mark.CLEARED, {2: "done"}, now=NOW)
    files = dict(plan_marks(snapshot(files), "A-1", Mark.CLEARED, {1: "done"}, now=NOW).files)
    with pytest.raises(BlockedError, match="marked on 2026-06-01"):
        plan_marks(snapshot(files), "A-1", Mark.CLEARED, {1: "again"}, now=NOW)
    with pytest.raises(UsageError, match="say why"):
        plan_marks(snapshot(issues(("A-1", "blocked", "x"))), "A-1", Mark.CLEARED, {1: " "}, now=NOW)


EVIDENCE = document("", title="Run", status="validated")


def test_a_governed_issue_needs_an_admission_and_a_pass_with_it() -> None:
    cleared = REFERENCE.replace(b"is selected.", b"is selected. (cleared 2026-06-01: x)").replace(
        b"not approved.", b"not approved. (cleared 2026-06-01: x)"
    )
    books = snapshot({REFERENCE_PATH: cleared})
    issue = books.find_issue("CTO-WORK-020")
    assert issue is not None
    assert [found.message for found in obstacles(books, issue[1], "ready")] == [
        "no admission is in force for CTO-WORK-020"
    ]
    books = snapshot({**DECIDED, REFERENCE_PATH: cleared})
    assert [
        "no evidence record shows a Stage 2 pass" in found.message for found in obstacles(books, issue[1], "ready")
    ] == [True]
    assert obstacles(books, issue[1], "rejected") == []


def test_acceptance_is_decided_where_a_machine_can() -> None:
    books = snapshot(DECIDED)
    issue = books.find_issue("CTO-WORK-027")
    assert issue is not None
    assert [found.met for found in acceptance_states(issue[1], books, {})] == [True] * 10 + [None, True, None]
    without = snapshot(START)
    assert [found.met for found in acceptance_states(issue[1], without, {})] == [False] * 10 + [None, True, None]
    wrong = snapshot({**DECIDED, ADMISSION_PATH: DECIDED[ADMISSION_PATH].replace(b'"gpt-5.5"', b'"gpt-5.4"')})
    assert [found.met for found in acceptance_states(issue[1], wrong, {})][3] is False


@pytest.mark.parametrize(
    ("environment", "met"),
    [
        ({"CTO_HARNESS_CASE_MODEL_PROVIDER": "openai-codex", "CTO_HARNESS_CASE_MODEL": "gpt-5.5"}, True),
        ({"CTO_HARNESS_CASE_MODEL_PROVIDER": "openai-codex", "CTO_HARNESS_CASE_MODEL": "gpt-5.4"}, False),
        ({}, False),
    ],
)
def test_acceptance_that_speaks_of_the_requested_pair_looks_at_it(environment: dict[str, str], met: bool) -> None:
    books = snapshot(DECIDED)
    for issue_id, number in (("CTO-WORK-019", 4), ("CTO-WORK-020", 4)):
        issue = books.find_issue(issue_id)
        assert issue is not None
        assert acceptance_states(issue[1], books, environment)[number - 1].met is met


def test_a_new_issue_is_a_draft_at_the_end() -> None:
    plan = plan_new(snapshot(START), "CTO-WORK-028", "Measure the gate", None, now=NOW)
    after = plan.files[REFERENCE_PATH]
    assert after.endswith(b"\n\n## CTO-WORK-028 - Measure the gate\n\nStatus: draft.\n")
    assert snapshot({REFERENCE_PATH: after}).load(REFERENCE_PATH).findings == ()
    with pytest.raises(BlockedError, match="already"):
        plan_new(snapshot(START), "CTO-WORK-020", "Again", None, now=NOW)
    for issue_id in ("cto-1", "CTO", "CTO-"):
        with pytest.raises(UsageError):
            plan_new(snapshot(START), issue_id, "T", None, now=NOW)
    no_end = {REFERENCE_PATH: REFERENCE.rstrip(b"\n")}
    assert b"path.\n\n## X-1 - T\n" in plan_new(snapshot(no_end), "X-1", "T", None, now=NOW).files[REFERENCE_PATH]


def test_the_graph_finds_circles_and_what_unblocks_most() -> None:
    books = snapshot(
        issues(("A-1", "ready", ""), ("B-2", "blocked", "A-1"), ("C-3", "blocked", "B-2"), ("D-4", "ready", "B-2"))
    )
    found = [(entry.issue.id, entry.unblocks) for entry in candidates(books.issues())]
    assert found == [("A-1", ("B-2", "C-3", "D-4"))]
    assert cycles(graph(books.issues())) == []
    circle = snapshot(issues(("A-1", "blocked", "C-3"), ("B-2", "blocked", "A-1"), ("C-3", "blocked", "B-2")))
    assert cycles(graph(circle.issues())) == [("A-1", "C-3", "B-2")]


@given(st.dictionaries(st.integers(0, 7), st.frozensets(st.integers(0, 7), max_size=4), max_size=8))
def test_a_circle_is_found_exactly_when_there_is_one(edges: dict[int, frozenset[int]]) -> None:
    waits = {str(node): tuple(str(target) for target in sorted(targets)) for node, targets in edges.items()}
    order, left = [], dict(waits)
    while free := [node for node, targets in left.items() if not any(target in left for target in targets)]:
        order += free
        left = {node: targets for node, targets in left.items() if node not in free}
    assert bool(cycles(waits)) == bool(left)
    for circle in cycles(waits):
        assert all(target in waits[node] for node, target in zip(circle, [*circle[1:], circle[0]], strict=True))


def test_reviews_are_due_by_their_first_date() -> None:
    def urgency(trigger: str, day: str) -> str:
        files = {**START, **decided(START, review_trigger=trigger).files}
        from datetime import datetime

        now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        return due(snapshot(files), now=now, warn_days=14)[0].when

    assert urgency("2026-07-01 or earlier", "2026-06-01") == "later"
    assert urgency("2026-07-01", "2026-06-17") == "soon"
    assert urgency("2026-07-01", "2026-07-01") == "soon"
    assert urgency("2026-07-01", "2026-07-02") == "past"
    assert urgency("when the pair changes", "2026-07-02") == "condition"


def test_a_review_is_near_for_health_and_due_alike() -> None:
    """The first day of the warning is the one `warn_days` before; the days are those of UTC."""
    from datetime import date, datetime

    far, near = (datetime.fromisoformat(f"2026-06-{day}T23:30:00-02:00") for day in (15, 16))
    assert [when(date(2026, 7, 1), now, 14) for now in (far, near)] == ["later", "soon"]


def test_a_store_may_extend_the_table() -> None:
    policy = parse_policy("sot.toml", b'[issues.statuses]\ndraft = ["parked"]\nparked = ["draft"]\n')
    books = snapshot(issues(("A-1", "draft", "")), policy=policy)
    after = plan_move(books, "A-1", "parked", "", now=NOW).files
    assert snapshot(dict(after), policy=policy).load(REFERENCE_PATH).findings == ()
    assert json.loads(json.dumps(policy.moves["draft"])) == ["parked"]
    assert parse_admission("a", DECIDED[ADMISSION_PATH]).is_in_force
