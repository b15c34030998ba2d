"""An issue on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.documents.issues import Bullet, Issue
from sotctl.documents.record import DecisionRecord
from sotctl.issues.acceptance import AcceptanceState
from sotctl.issues.moves import Obstacle
from sotctl.issues.written import Written
from sotctl.report.terminal import wrapped

MARKS = {True: "x", False: " ", None: "?"}


def issue_text(
    issue: Issue,
    body: Sequence[Written],
    record: DecisionRecord | None,
    states: Sequence[AcceptanceState],
    open_blockers: frozenset[int],
    *,
    governed: bool,
) -> str:
    """An issue as it is written, its lists with their marks, the decision on it, and the next step.

    Text is wrapped to the terminal; code and tables stay as they are. *open_blockers* are the numbers of those that
    still block; without *states*, acceptance is left out.
    """
    lines = [*wrapped(f"{issue.id} - {issue.title}"), *_place(issue), ""]
    for part in body:
        lines += [*(wrapped(part.text) if part.flows else part.text.split("\n")), ""]
    lines += _bullets("Acceptance", [(state.bullet, MARKS[state.met], state.proof) for state in states])
    if any(state.met is None for state in states):
        command = f"sotctl issue accept {issue.id} N --evidence REF"
        lines[-1:] = ["  [?] is for a person to decide:", *wrapped(command, "      "), ""]
    lines += _bullets("Blocked by", [_blocker(bullet, bullet.number in open_blockers) for bullet in issue.blocked_by])
    if unread := issue.unreadable():
        lines += [
            "Cannot be read",
            *(line for one in unread for line in wrapped(one.message, f"  line {one.line}  ")),
            "      sotctl explain blockers-unreadable",
            "",
        ]
    if record:
        lines += [
            "Decision",
            *wrapped(f"{record.id}: {'/'.join(record.named) or record.document.text('decision_status')}", "  "),
            "",
        ]
        if effect := record.document.text("effect"):
            lines += [*wrapped(f"{effect}.", "  "), ""]
    elif governed:
        lines += ["Next", f"  sotctl decide {issue.id}", ""]
    return "\n".join(lines)


def stays(issue: Issue, obstacles: Sequence[Obstacle]) -> str:
    """The obstacles of an issue; the command that removes the first comes below, as the next one."""
    lines = [line for found in obstacles for line in wrapped(found.message, "  - ")]
    return "\n".join([f"\n{issue.id} stays {issue.status}:", *lines])


def _blocker(bullet: Bullet, is_open: bool) -> tuple[Bullet, str, str]:
    validated = "" if is_open or bullet.settled else f"validated: {', '.join(bullet.names)}"
    return bullet, MARKS[not is_open], validated


def _place(issue: Issue) -> list[str]:
    """The status and where it is written; a path that does not fit beside the status stands below it."""
    place = f"{issue.path}:{issue.line}"
    beside = wrapped(place, f"{issue.status}    ")
    return beside if len(beside) == 1 else [issue.status, *wrapped(place)]


def _bullets(title: str, bullets: Sequence[tuple[Bullet, str, str]]) -> list[str]:
    """A list of bullets, each with its mark and, where it was decided by machine, the proof."""
    if not bullets:
        return []
    width = len(str(len(bullets)))
    rows = []
    for bullet, mark, proof in bullets:
        lead = f"  [{mark}] {bullet.number:>{width}}  "
        rows += wrapped(bullet.text, lead)
        rows += wrapped(f"({proof})", " " * len(lead)) if proof and not bullet.settled else []
    return [title, *rows, ""]
