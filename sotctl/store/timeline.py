"""What happened in a store, read from git in one pass: decisions, admissions, signatures, issues and evidence.

`read_timeline` asks git which files of the store each commit changed, and `events_of` derives the events from the bytes
before and after. Merges count only where they differ from every parent. In a shallow clone the first commits are no
events: `Timeline.begins` names them.
"""

from __future__ import annotations

import functools
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from sotctl.admissions.admission import Admission, readable_admission
from sotctl.documents import layout
from sotctl.documents.frontmatter import GovernedDocument, readable
from sotctl.documents.issues import Issue, parse_issues
from sotctl.documents.policy import is_trailers
from sotctl.git.diff import PLAIN_LOG
from sotctl.git.repository import Git, Objects

_BEFORE_ISSUE = re.compile(rb"^(?=#{1,6} [A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+ - )", re.MULTILINE)
_UNDERLINED = re.compile(rb"^ {0,3}\S[^\n]*\n {0,3}(?:=+|-+) *\r?$", re.MULTILINE)
_UNPLAIN = (b"```", b"~~~", b"<!--", b"\n<", b"\n #", b"\n  #", b"\n   #")
_LINES = (b"\n=", b"\n--", b"\n-\n", b"\n -")
_FRONT = re.compile(rb"---\r?\n.*?\r?\n---\r?\n", re.DOTALL)
_HEADER = b"---\ntitle: a\n---\n\n"
_COMMIT = b"sotctl-commit"
Read = TypeVar("Read", Admission, GovernedDocument)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class EventKind(StrEnum):
    """What an event is about."""

    ISSUE = "issue"
    DECISION = "decision"
    ADMISSION = "admission"
    SIGNATURE = "signature"
    EVIDENCE = "evidence"
    MOVE = "move"


_ORDER = {kind: place for place, kind in enumerate(EventKind)}
"""The order of events within one commit: from the issue to its move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a commit did to the store.

    `subject` is the id of the issue, record or run, or the pair of an admission; `what` says it in words and `why` is
    the reason, from the document or the commit message. `issue`, `record` and `pair` are "" where there is none.
    """

    kind: EventKind
    subject: str
    what: str
    why: str = ""
    issue: str = ""
    record: str = ""
    pair: str = ""
    path: str = ""
    commit: str = ""
    author: str = ""
    at: datetime = _NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file of the store before and after a commit; None where it is not there."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Every event, the oldest first; `begins` are the commits where a shallow clone begins, empty in a whole one."""

    events: tuple[Event, ...]
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    id: str
    author: str
    at: datetime
    message: str
    files: tuple[tuple[str, str, str], ...]
    """Path, and the blob before and after; a blob of zeros where there is no file."""


def read_timeline(git: Git, objects: Objects, folder: str, statuses: tuple[str, ...]) -> Timeline:
    """Read the events of the store at *folder* from the history of HEAD.

    Raises:
        GitError: The history could not be read.
    """
    if not git.commit():
        return Timeline(events=())
    begins = shallow_commits(git)
    commits = list(_commits(git, folder))
    first = [commit.id for commit in commits if commit.id in begins]
    commits = [commit for commit in commits if commit.id not in begins]
    blobs = _Blobs(objects, [oid for commit in commits for _, *oids in commit.files for oid in oids])
    found: list[Event] = []
    for commit in commits:
        here: list[Event] = []
        for path, before, after in commit.files:
            change = FileChange(path=path, before=blobs.take(before), after=blobs.take(after))
            here += [
                replace(
                    event,
                    why=event.why or reason(commit.message),
                    path=path,
                    commit=commit.id,
                    author=commit.author,
                    at=commit.at,
                )
                for event in events_of(change, folder, statuses)
            ]
        found += sorted(here, key=lambda event: _ORDER[event.kind])
    return Timeline(events=tuple(found), begins=tuple(first))


def events_of(change: FileChange, folder: str, statuses: tuple[str, ...]) -> Iterator[Event]:
    """The events of a change of one file of the store at *folder*, in order of its text."""
    relative = change.path.removeprefix(f"{folder}/")
    if relative.startswith(f"{layout.PROTOCOLS}/") and relative.endswith(".json.sig"):
        yield from _signature(change)
        return
    match layout.kind_of(relative):
        case "admission":
            yield from _admission(change)
        case "decision-record":
            yield from _record(change)
        case "evidence-record":
            yield from _evidence(change)
        case "issues":
            yield from _issues(change, statuses)


def reason(message: str) -> str:
    """Why a commit was made, as sotctl writes it: behind the colon of a revocation, else below the subject."""
    subject, _, body = message.strip().partition("\n\n")
    if revoked := re.search(r"(?:^|[\s\]:])Revoke \S+/\S+: (.+)", subject):
        return revoked[1]
    first = body.partition("\n\n")[0]
    return "" if is_trailers(first) else " ".join(first.split())


class _Blobs:
    """The blobs of a sequence, each read once before its first use and kept until its last."""

    def __init__(self, objects: Objects, oids: Sequence[str]) -> None:
        self._uses = Counter(oid for oid in oids if oid.strip("0"))
        self._coming = objects.read_many(list(self._uses))
        self._held: dict[str, bytes] = {}

    def take(self, oid: str) -> bytes | None:
        """The next blob of the sequence; None for the id of zeros."""
        if not oid.strip("0"):
            return None
        if oid not in self._held:
            self._held[oid] = next(self._coming)
        self._uses[oid] -= 1
        return self._held[oid] if self._uses[oid] else self._held.pop(oid)


def shallow_commits(git: Git) -> frozenset[str]:
    """The commits with which a shallow clone begins; none of them says what it changed."""
    path = git.text("rev-parse", "--git-path", "shallow")
    try:
        return frozenset((Path(git.top) / path).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


def _commits(git: Git, folder: str) -> Iterator[_Commit]:
    """The commits that change the store, parents first."""
    form = f"--format=%x00{_COMMIT.decode()}%x00%H%x00%an%x00%cI%x00%B%x00"
    flags = ("--raw", "-z", "-c", "--no-renames", "--no-abbrev", "--full-history", "--topo-order", "--reverse")
    where = ("--", f":(literal,top){folder}")
    head: list[str] = []
    files: list[tuple[str, str, str]] = []
    parts = iter(git.output("log", "--root", *flags, *PLAIN_LOG, "-O/dev/null", form, "HEAD", *where).split(b"\0"))
    for part in parts:
        if part == _COMMIT:
            if head:
                yield _commit(head, files)
            head = [next(parts).decode("utf-8", "replace") for _ in range(4)]
            files = []
        elif (meta := part.lstrip(b"\n")).startswith(b":"):
            files.append(_file(meta, next(parts)))
    if head:
        yield _commit(head, files)


def _commit(head: Sequence[str], files: Sequence[tuple[str, str, str]]) -> _Commit:
    at = datetime.fromisoformat(head[2]).astimezone(UTC)
    return _Commit(id=head[0], author=head[1], at=at, message=head[3], files=tuple(files))


def _file(meta: bytes, path: bytes) -> tuple[str, str, str]:
    """Path and blobs of `:100644 100644 <id> <id> M`; of a merge, the blob of its first parent."""
    parents = len(meta) - len(meta.lstrip(b":"))
    words = meta[parents:].split()
    return os.fsdecode(path), words[parents + 1].decode(), words[2 * parents + 1].decode()


def _signature(change: FileChange) -> Iterator[Event]:
    name = change.path.rpartition("/")[2].removeprefix(layout.ADMISSION_PREFIX).removesuffix(".json.sig")
    what = "signature removed" if change.after is None else "signed" if change.before is None else "signed again"
    yield Event(kind=EventKind.SIGNATURE, subject=name, what=what)


def _admission(change: FileChange) -> Iterator[Event]:
    before, after = readable_admission(change.path, change.before), readable_admission(change.path, change.after)
    if (now := _changed(before, after, "status", "decision_record")) is None:
        return
    status = after.text("status") if after else "removed"
    pair = "/".join(now.pair)
    yield Event(
        kind=EventKind.ADMISSION,
        subject=pair,
        what=f"{pair} {status}",
        why=now.text("approval_source") if status == "admitted" else "",
        issue=now.issue,
        record=now.text("decision_record"),
        pair=pair,
    )


def _record(change: FileChange) -> Iterator[Event]:
    before, after = readable(change.path, change.before), readable(change.path, change.after)
    if (now := _changed(before, after, "status")) is None:
        return
    pair = "/".join(part for part in (now.text("provider"), now.text("model")) if part)
    decided = f"{now.text('decision_status')} {pair}".strip()
    status = now.text("status") if after else "removed"
    yield Event(
        kind=EventKind.DECISION,
        subject=now.text("record_id"),
        what=status if before or after is None else decided,
        why="" if before else now.text("approval_source"),
        issue=now.text("issue"),
        record=now.text("record_id"),
        pair=pair,
    )


def _evidence(change: FileChange) -> Iterator[Event]:
    before, after = readable(change.path, change.before), readable(change.path, change.after)
    if (now := _changed(before, after, "status")) is None:
        return
    pair = f"{now.text('provider')}/{now.text('model')}"
    status = "removed" if after is None else after.text("status") if before else f"{after.text('result')} recorded"
    yield Event(
        kind=EventKind.EVIDENCE,
        subject=now.text("run_id"),
        what=f"{status}: {pair}",
        issue=now.text("issue"),
        pair=pair,
    )


def _changed(before: Read | None, after: Read | None, *keys: str) -> Read | None:
    """What stands there now, or stood there; None where nothing did, or where these values stay as they were."""
    if before and after and all(before.text(key) == after.text(key) for key in keys):
        return None
    return after or before


def _issues(change: FileChange, statuses: tuple[str, ...]) -> Iterator[Event]:
    changed = _changed_part(change.before or b"", change.after or b"")
    before, after = (_sections(change.path, text, statuses) for text in changed)
    for issue_id, issue in after.items():
        if issue_id not in before:
            how = f"as {issue.status}" if issue.status else "without a status"
            yield _event(EventKind.ISSUE, issue_id, f"appears {how}")
        else:
            yield from _changes(before[issue_id], issue)
    for issue_id in sorted(before.keys() - after.keys()):
        yield _event(EventKind.ISSUE, issue_id, "taken out")


def _event(kind: EventKind, issue_id: str, what: str, why: str = "") -> Event:
    return Event(kind=kind, subject=issue_id, issue=issue_id, what=what, why=why)


def _changes(before: Issue, after: Issue) -> Iterator[Event]:
    if before.status != after.status:
        yield _event(EventKind.MOVE, after.id, f"{before.status or 'none'} → {after.status or 'none'}")
    for word, end, old, new in (
        ("blocker", "cleared", before.blocked_by, after.blocked_by),
        ("acceptance", "met", before.acceptance, after.acceptance),
    ):
        settled = {bullet.number for bullet in old if bullet.settled}
        for bullet in new:
            if bullet.settled and bullet.number not in settled:
                yield _event(EventKind.ISSUE, after.id, f"{word} {bullet.number} {end}", bullet.settled[1])


def _changed_part(before: bytes, after: bytes) -> Iterator[bytes]:
    """The sections in which two versions of a document differ, so that a large document is not parsed for one word."""
    versions = [_parts(data) for data in (before, after)]
    same = set(versions[0]).intersection(versions[1])
    return (_HEADER + b"".join(part for part in parts if part not in same) for parts in versions)


@functools.lru_cache(maxsize=2)
def _parts(data: bytes) -> list[bytes]:
    """The text of a document, cut before each heading of an issue; one part where a line may only look like one."""
    text = data[match.end() :] if (match := _FRONT.match(data)) else data
    if text.startswith((b"<", b" ")) or any(mark in text for mark in _UNPLAIN):
        return [text]
    if any(mark in text for mark in _LINES) and _UNDERLINED.search(text):
        return [text]
    return _BEFORE_ISSUE.split(text)


def _sections(path: str, text: bytes, statuses: tuple[str, ...]) -> dict[str, Issue]:
    document = readable(path, text, header_too=False)
    return {issue.id: issue for issue in parse_issues(document, statuses).issues} if document else {}
