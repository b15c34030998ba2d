"""A change to a store, as the rules see it: the documents before and after, never the working directory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sotctl.admissions.admission import Admission
from sotctl.admissions.derive import admissions
from sotctl.documents import layout
from sotctl.documents.issues import Issue
from sotctl.documents.policy import Policy, parse_policy
from sotctl.documents.record import DecisionRecord
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.tree import Tree
from sotctl.findings import Finding, Rule
from sotctl.issues.planning import LastMove

LastMoveOf = Callable[[Issue], LastMove | None]


def never_moved(_: Issue) -> None:
    """An issue that was never moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file that a change adds or rewrites, anywhere in the repository.

    `mode` is git's, `oid` the id of its blob ("" on disk); `chunks` reads it, or gives nothing where the same blob has
    been searched before.
    """

    path: str
    mode: str
    oid: str
    chunks: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """One store before and after; `changed` holds the paths added, rewritten or removed in it.

    `before` is None where there is nothing to compare with: in a first commit, or where a whole store is checked as
    it stands (`is_whole`). `last_move` gives the last move of an issue, if there was one: its exact inverse is always
    allowed. `source` is the revision of `before`, for commands that restore a file. `named_stores` are the store at the
    top of the repository and those that it names; empty where it is not clear which store is at the top, None where
    this is not checked.

    A merge is a change to each of its parents: `before` is one of them, and `bases` the store as it was where they
    parted from the others (empty where they are unrelated). Such a change may be several steps at once. It is None in
    every other change.
    """

    before: Snapshot | None
    after: Snapshot
    changed: frozenset[str]
    bases: tuple[Snapshot, ...] | None = None
    last_move: LastMoveOf = never_moved
    source: str = "HEAD"
    is_whole: bool = False
    named_stores: tuple[str, ...] | None = None

    @property
    def is_merge(self) -> bool:
        """Whether this is what a merge brings to one of its parents."""
        return self.bases is not None

    def restoring(self, path: str) -> str:
        """The command that takes a file back to what it was before, in the index and on disk."""
        return f"git restore --source={self.source} --staged --worktree {path}"

    def touches(self, *kinds: str) -> bool:
        """Whether a document of one of these kinds is added, rewritten or removed."""
        return any(self.after.kind_of(path) in kinds for path in self.changed)

    def issue_documents(self) -> list[str]:
        """The paths of the issues documents that are added, rewritten or removed, in order."""
        return sorted(path for path in self.changed if self.after.kind_of(path) == "issues")

    def remaining(self) -> list[str]:
        """The changed paths that exist after the change, in order."""
        return sorted(path for path in self.changed if self.after.mode(path) is not None)

    @property
    def configuration(self) -> str:
        """The path of the store's configuration."""
        return f"{self.after.store}/{layout.CONFIGURATION}"

    def new_policy(self) -> Policy:
        """The configuration after the change; the change itself is checked with the one before, `after.policy`.

        Raises:
            RejectedError: It cannot be read, which is a finding of its own.
        """
        return parse_policy(self.configuration, self.after.read(self.configuration))

    def blocking_changes(self) -> list[Issue]:
        """The issues in changed documents whose open blockers name other issues than they did before."""
        found = []
        for path in self.issue_documents():
            before = {issue.id: _named(issue) for issue in (self.before.read_issues(path) if self.before else ())}
            found += [issue for issue in self.after.read_issues(path) if _named(issue) != before.get(issue.id, ())]
        return found

    def admissions(self) -> Iterator[Admission]:
        """The admissions of the store after the change, where it touches a decision or an admission."""
        if self.touches("admission", "decision-record"):
            yield from admissions(self.after)

    def admissions_before(self) -> Iterator[Admission]:
        """The admissions of the store before the change, under the same condition."""
        if self.before and self.touches("admission", "decision-record"):
            yield from admissions(self.before)

    def records(self) -> list[DecisionRecord]:
        """The decision records after the change, under the same condition."""
        return self.after.records() if self.touches("admission", "decision-record") else []

    def records_before(self) -> list[DecisionRecord]:
        """The decision records before the change, under the same condition."""
        return self.before.records() if self.before and self.touches("admission", "decision-record") else []


def section(snapshot: Snapshot, issue: Issue) -> bytes:
    """The bytes of the section of an issue."""
    return (snapshot.read(issue.path) or b"")[issue.start : issue.end]


def _named(issue: Issue) -> tuple[str, ...]:
    return tuple(name for bullet in issue.blocked_by if not bullet.settled for name in bullet.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule(Rule):
    """A rule about a change of a store."""

    check: Callable[[ChangeSet], Iterator[Finding]]

    @classmethod
    def of(cls, rule: Rule, check: Callable[[ChangeSet], Iterator[Finding]]) -> PolicyRule:
        """A rule that another package reports too, with its check for a change of a store."""
        return cls(id=rule.id, summary=rule.summary, why=rule.why, fix=rule.fix, check=check)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one commit does, or would do: the stores it touches, the files it adds, and its message.

    `name` is the commit's id, or `index` or `work tree`. `message` is the whole commit object, its
    header included. `policy_tree` is the tree whose configuration counts: the first parent's, or a root commit's own.
    `policy` is that configuration for everything outside of every store. `accepting` is the tree whose baseline accepts
    false alarms, the first parent's: a line takes effect from the next commit on, and a root commit has none.
    `is_whole` says that `files` are all there are, and not a part that changed.
    """

    name: str
    stores: tuple[ChangeSet, ...]
    files: Callable[[], Iterator[ChangedFile]]
    policy_tree: Tree
    policy: Callable[[], Policy]
    message: bytes | None = None
    accepting: Tree | None = None
    is_whole: bool = False

    @property
    def commit(self) -> str:
        """The id of the commit, or "" where nothing is committed yet."""
        return self.name if self.message is not None else ""

    @property
    def fix(self) -> str:
        """How to remove a secret from a file of this change."""
        if self.commit:
            return f"make that commit anew without it; where it is not the last: git rebase -i {self.commit[:12]}^"
        return "take it out of the file, then git add the file" if self.name == "index" else "take it out of the file"
