"""Plans to add an issue, move it, or take a move back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sotctl.decisions.planning import require_issue, reviewed
from sotctl.documents import layout
from sotctl.documents.edits import Edit, apply_edits
from sotctl.documents.formats import ISSUE_ID, one_line
from sotctl.documents.issues import Issue, IssuesDocument, parse_issues
from sotctl.documents.new_header import new_document
from sotctl.documents.quote import counted, did_you_mean
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, UsageError
from sotctl.issues.moves import Obstacle, allowed_moves, needs_reason, obstacles
from sotctl.plan import Plan
from sotctl.secrets import scan_text

MAX_NAMED = 5
_MARK = re.compile(r"\\(?=[!-/:-@\[-`{-~])|&(?=#?\w+;)")


class ObstructedError(BlockedError):
    """The table allows the move, but it has obstacles."""

    def __init__(self, message: str, found: list[Obstacle]) -> None:
        super().__init__(message)
        self.obstacles = found


def plan_move(
    snapshot: Snapshot,
    issue_id: str,
    to: str,
    reason: str,
    *,
    now: datetime,
    unmet: Sequence[Obstacle] = (),
    beside: Sequence[Obstacle] = (),
    override: bool = False,
) -> Plan:
    """Plan to move an issue: its status word and `last_reviewed` change, and a move to blocked adds a blocker.

    Args:
        reason: Why; required for some moves (`needs_reason`). It goes into the commit message.
        unmet: Acceptance bullets that are not met, for a move to validated.
        beside: Further obstacles, found outside of the store.
        override: Ignore acceptance, and say so in the commit message.
    Raises:
        BlockedError: The table has no such move, or the reason would not be read as a blocker.
        ObstructedError: Blockers are open, or the effect of a decision template is not met.
        UsageError: The reason is missing, or is no single line of text.
    """
    document, issue = require_issue(snapshot, issue_id)
    require_move(snapshot, issue, to)
    if not reason and needs_reason(issue, to):
        hint = Command(f"sotctl issue status {issue_id} {to} --reason TEXT")
        raise UsageError(f"moving {issue_id} from {issue.status} to {to} needs a reason", hint=hint)
    require_line(reason, "the reason")
    if override and not reason:
        hint = Command(f"sotctl issue status {issue_id} {to} --override --reason TEXT")
        raise UsageError("--override needs a reason", hint=hint)
    found = [*obstacles(snapshot, issue, to), *beside, *(() if override else unmet)]
    if found:
        raise ObstructedError(f"{issue_id} cannot leave {issue.status} for {to} yet", found)
    edits = [(*issue.status_span, to.encode())]
    if to == "blocked":
        edits.append(add_blocker(snapshot, document, issue, reason))
    trailer = f"Override: {counted(len(unmet), 'acceptance bullet')} not met\n" if override and unmet else ""
    message = (
        f"{issue_id}: {issue.status} -> {to}\n\n"
        + (f"{reason}\n\n" if reason else "")
        + f"Issue: {issue_id}\n{trailer}"
    )
    return plan_edits(document, edits, message, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMove:
    """The last move of an issue: the statuses, and the bytes of its section before and after."""

    before: str
    after: str
    section_before: bytes
    section_after: bytes


def undone(section: bytes, last: LastMove) -> bytes | None:
    """The bytes of a section with its last move taken back and later edits kept.

    None where the section no longer holds the lines that the move wrote.
    """
    if section == last.section_after:
        return last.section_before
    from difflib import SequenceMatcher  # seldom needed, and the hooks import this module

    end = b"\r\n" if b"\r\n" in section else b"\n"
    now, written, replaced = (
        (text + end).splitlines(keepends=True) for text in (section, last.section_after, last.section_before)
    )
    for tag, start, stop, first, until in SequenceMatcher(None, written, replaced, autojunk=False).get_opcodes():
        taken = written[start:stop]
        if tag == "equal":
            continue
        places = [at for at in range(len(now)) if taken and now[at : at + len(taken)] == taken]
        if len(places) != 1:
            return None
        now[places[0] : places[0] + len(taken)] = replaced[first:until]
    return b"".join(now).removesuffix(end)


def plan_undo(snapshot: Snapshot, issue_id: str, last: LastMove, *, now: datetime) -> Plan:
    """Plan the exact inverse of an issue's last move; this is always allowed.

    Raises:
        BlockedError: What the move wrote has been edited since, so that there is no exact inverse.
    """
    document, issue = require_issue(snapshot, issue_id)
    section = undone(document.document.source[issue.start : issue.end], last)
    if section is None:
        message = f"the lines that moved {issue_id} to {issue.status} have been edited since, and cannot be undone"
        raise BlockedError(message, hint=Command(f"sotctl issue status {issue_id} {last.before}"))
    edit = (issue.start, issue.end, section)
    message = f"{issue_id}: undo {last.before} -> {issue.status}\n\nIssue: {issue_id}\n"
    return plan_edits(document, [edit], message, now)


def plan_new(snapshot: Snapshot, issue_id: str, title: str, path: str | None, *, now: datetime) -> Plan:
    """Plan a new issue with the status draft, at the end of a document: the named one, or the only one there is.

    A document that does not exist is created, with the owner and route of the configuration.

    Raises:
        UsageError: The id or the title will not do, or the document must be named.
        BlockedError: The id is taken, or the document cannot be read.
    """
    if not re.fullmatch(ISSUE_ID, issue_id):
        raise UsageError(f"{issue_id} is not an issue id", hint="an id looks like CTO-WORK-028")
    if not title.strip() or one_line(title):
        raise UsageError("the title is one line of text")
    if found := snapshot.find_issue(issue_id):
        raise BlockedError(f"{issue_id} is in {found[0].path}:{found[1].line} already")
    target = _target(snapshot, path, issue_id, title)
    message = f"{issue_id}: {title}\n\nIssue: {issue_id}\n"
    if target not in snapshot.paths("issues"):
        document_ = new_document("Issues", policy=snapshot.policy, route="planning", now=now).encode()
        source = _with_issue(document_, issue_id, title)
        return Plan(files={target: source}, before={target: snapshot.read(target)}, message=message)
    document = snapshot.load(target).issues
    if document is None:
        raise BlockedError(f"{target} cannot be read", hint=Command("sotctl check --all"))
    source = document.document.source
    end = len(source)
    edit = (end, end, _with_issue(source, issue_id, title)[end:])
    return plan_edits(document, [edit], message, now)


def _target(snapshot: Snapshot, path: str | None, issue_id: str, title: str) -> str:
    """The document for a new issue, by its path in the repository."""
    folder, paths = f"{snapshot.store}/{layout.ISSUES}", snapshot.paths("issues")
    if path is None:
        if len(paths) > 1:
            names = ", ".join(paths[:MAX_NAMED]) + (", …" if len(paths) > MAX_NAMED else "")
            hint = Command(f"sotctl issue new {issue_id} {shlex.quote(title)} --in {paths[0]}")
            raise UsageError(f"name the document: {names}", hint=hint)
        return paths[0] if paths else f"{folder}/ISSUES.md"
    target = path if path.startswith(f"{folder}/") else f"{folder}/{path.rpartition('/')[2]}"
    if target != path and "/" in path and path not in paths:
        hint = Command(f"sotctl issue new {issue_id} {shlex.quote(title)} --in {target}")
        raise UsageError(f"{path} does not lie in {folder}/", hint=hint)
    if not target.endswith(".md") or ".." in target.split("/"):
        raise UsageError("an issues document is named something.md")
    return target


def _with_issue(source: bytes, issue_id: str, title: str) -> bytes:
    """A document with a new issue at its end; what Markdown would take for a mark in its title is escaped."""
    end = b"\r\n" if b"\r\n" in source else b"\n"
    written = re.sub(r"(?<=\s)(#+)$", r"\\\1", _MARK.sub(r"\\\g<0>", title))
    section = f"## {issue_id} - {written}\n\nStatus: draft.\n".encode().replace(b"\n", end)
    gap = end * (2 - (source.endswith(end) + source.endswith(end + end)))
    return source + gap + section


def require_move(snapshot: Snapshot, issue: Issue, to: str) -> None:
    """Refuse a move that the table does not have.

    Raises:
        UsageError: There is no such status.
        BlockedError: The issue cannot become that.
    """
    if to not in snapshot.policy.moves:
        hint = f"there are: {', '.join(snapshot.policy.moves)}"
        raise UsageError(f"there is no status {to}{did_you_mean(to, list(snapshot.policy.moves))}", hint=hint)
    if to not in (targets := allowed_moves(snapshot, issue)):
        hint = f"from {issue.status}, an issue may become: {', '.join(sorted(targets)) or 'nothing'}"
        raise BlockedError(f"{issue.id} is {issue.status} and cannot become {to}", hint=hint)


def add_blocker(snapshot: Snapshot, document: IssuesDocument, issue: Issue, reason: str) -> Edit:
    """The edit that adds a bullet behind the last blocker, or a list of its own at the end of the issue.

    Raises:
        BlockedError: It would not be read as a blocker: the reason is more than plain text to Markdown, or a code block
            or comment that is left open would swallow it.
    """
    for edit in _blocker_edits(document.document.source, issue, reason):
        planned = replace(document.document, source=apply_edits(document.document.source, [edit]))
        blocked = parse_issues(planned, tuple(snapshot.policy.moves)).find(issue.id)
        if blocked is not None and _has_one_more(issue, blocked, reason):
            return edit
    hint = f"begin the reason with a word, and close what is left open in {document.path}, from line {issue.line} on"
    raise BlockedError(f"the reason would not be read as a blocker of {issue.id}", hint=hint)


def _blocker_edits(source: bytes, issue: Issue, reason: str) -> Iterator[Edit]:
    """The places for another blocker, the best one first."""
    end = b"\r\n" if b"\r\n" in source else b"\n"
    if at := issue.blocked_end:
        marker = _next_marker(source[issue.blocked_marker : at])
        next_line = source[at : issue.end].partition(b"\n")[2].partition(b"\n")[0]
        gap = end if next_line.strip() else b""  # without it, a paragraph that follows would run on from the bullet
        yield (at, at, end + marker + reason.encode() + gap)
    yield (issue.end, issue.end, end + end + b"Blocked by:" + end + end + b"- " + reason.encode())


def _has_one_more(before: Issue, after: Issue, reason: str) -> bool:
    """Whether an issue is unchanged except for one added blocker."""
    blockers = [bullet.text for bullet in after.blocked_by]
    text = " ".join(reason.split())
    if text not in blockers:
        return False
    at = len(blockers) - 1 - blockers[::-1].index(text)
    blockers.pop(at)
    return (
        blockers == [bullet.text for bullet in before.blocked_by]
        and [bullet.text for bullet in after.acceptance] == [bullet.text for bullet in before.acceptance]
        and len(after.unread) == len(before.unread)
    )


def _next_marker(item: bytes) -> bytes:
    """The marker of the bullet that follows *item*, indented alike; a number goes up by one."""
    if number := re.match(rb"([ \t]*)([0-9]+)([.)])", item):
        return b"%b%d%b " % (number[1], int(number[2]) + 1, number[3])
    marker = re.match(rb"[ \t]*[-*+]", item)
    return (marker[0] if marker else b"-") + b" "


def plan_edits(document: IssuesDocument, edits: Sequence[Edit], message: str, now: datetime) -> Plan:
    """Plan to edit a document and to date it."""
    source = document.document.source
    after = apply_edits(source, [*edits, reviewed(document.document, now)])
    return Plan(files={document.path: after}, before={document.path: source}, message=message)


def require_line(text: str, name: str) -> None:
    """Refuse what cannot stand on one line of a document or of a commit message.

    Raises:
        UsageError: It holds a line break or a control character, has space around it, or looks like a secret.
    """
    if problem := one_line(text):
        raise UsageError(f"{name} {problem.message}")
    if scan_text(text):
        raise UsageError(f"{name} looks like a secret; it was not used and not kept")
