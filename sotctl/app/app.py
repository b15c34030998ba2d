"""What a verb works with: the store, the time, the options that every verb has, and applying a plan."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, overload

from sotctl.errors import BlockedError, Command
from sotctl.findings import Finding, RejectedError, refuses
from sotctl.report import known_formats
from sotctl.result import Result

if TYPE_CHECKING:
    from datetime import datetime

    from sotctl.checks.change import LastMoveOf
    from sotctl.documents.planned import Planned
    from sotctl.documents.snapshot import Snapshot
    from sotctl.plan import Plan
    from sotctl.store.store import Store

T = TypeVar("T")
MAX_INPUT_BYTES = 1024 * 1024
Text = Callable[[str | None], str]


class App:
    """One call of sotctl. Options set the attributes; a verb reads them and returns a `Result`.

    `form` is the format that the caller named, "" where none was.
    """

    def __init__(self) -> None:
        self.arguments: list[str] = []
        self.store_path: str | None = None
        self.form = ""
        self.dry_run = False
        self.no_commit = False

    def again(self, *more: str) -> Command:
        """The command line as it was typed, followed by *more*, so that a hint repeats what was given."""
        return Command(shlex.join(["sotctl", *self.arguments, *more]))

    @property
    def as_json(self) -> bool:
        """Whether the caller wants a JSON document."""
        return self.form == "json"

    @cached_property
    def store(self) -> Store:
        """The store, after mending what a killed sotctl left half done, unless another writer holds the lock.

        Raises:
            NoStoreError: There is none.
        """
        from sotctl.store.apply import recover
        from sotctl.store.journal import has_journal
        from sotctl.store.lock import LockedError, locked
        from sotctl.store.store import open_store

        store = open_store(self.store_path)
        if has_journal(store.private):
            try:
                with locked(store.private, "recovery", patience_s=0):
                    recover(store)
            except LockedError:
                pass
        return store

    def close(self) -> None:
        """Stop the process that reads git's objects, if it was started."""
        if "store" in vars(self) and "objects" in vars(self.store):
            self.store.objects.close()

    @cached_property
    def snapshot(self) -> Snapshot:
        """The documents on disk, read when they are asked for."""
        return self.store.snapshot()

    @cached_property
    def now(self) -> datetime:
        """The instant of this call, in whole seconds of UTC."""
        from sotctl.store.store import utc_now

        return utc_now()

    @cached_property
    def standard_input(self) -> bytes:
        """Standard input, at most one byte more than is accepted; it is read once, since a plan may be made again."""
        return sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)

    def renew(self) -> None:
        """Take the time and the documents anew, after somebody was asked."""
        for name in ("now", "snapshot"):
            self.__dict__.pop(name, None)

    def in_turn(self, verb: Callable[[], T]) -> T:
        """Run a verb that writes; where another writer was at work meanwhile, plan again while holding the lock.

        At a terminal only a plan that another writer overtook is made again: a refusal there may rest on the user's
        answers.
        """
        head = self.head
        try:
            return verb()
        except (BlockedError, RejectedError) as error:
            if self.dry_run or not self._was_overtaken(error, head):
                raise
        from sotctl.store.apply import writing

        with writing(self.store, "planning again after another writer"):
            self.renew()
            return verb()

    @property
    def head(self) -> str:
        """The commit at HEAD, "" where there is none or no store."""
        from sotctl.store.absent import NoStoreError

        try:
            return self.store.git.commit()
        except NoStoreError:
            return ""

    def _was_overtaken(self, error: Exception, head: str) -> bool:
        """Whether another writer may have changed what the refusal rests on."""
        from sotctl.store.apply import MovedError
        from sotctl.store.lock import is_locked

        if isinstance(error, MovedError):
            return True
        return not sys.stdin.isatty() and bool(head) and (is_locked(self.store.private) or self.head != head)

    @overload
    def planned(self, plan: Plan) -> Planned[None]: ...

    @overload
    def planned(self, plan: Plan, outcome: Callable[[Snapshot], T]) -> Planned[T]: ...

    def planned(self, plan: Plan, outcome: Callable[[Snapshot], object] = lambda _: None) -> Planned[Any]:
        """*plan* with the files of `[exports]` that follow from it, the store after it, and the outcome."""
        from sotctl.documents.planned import planned
        from sotctl.export.derive import with_exports

        return planned(self.snapshot, with_exports(self.snapshot, plan), outcome)

    def check(self, planned: Planned[T], last_move: LastMoveOf | None = None) -> list[Finding]:
        """Every rule that a planned change would break."""
        from sotctl.checks.change import ChangeSet, never_moved
        from sotctl.checks.run import check_store

        return check_store(
            ChangeSet(
                before=planned.before,
                after=planned.after,
                changed=frozenset(planned.plan.changed()),
                last_move=last_move or never_moved,
            )
        )

    def carry_out(
        self,
        planned: Planned[T],
        type_: str,
        values: Mapping[str, object],
        text: Text,
        *,
        last_move: LastMoveOf | None = None,
    ) -> Result:
        """Hold a plan against the rules, then write and commit it; with `--dry-run` only show its diff.

        Args:
            values: What the JSON document holds besides `files`, `commit` and `diff`.
            text: Makes the text for a person from the id of the commit, None where nothing was committed.

        Raises:
            RejectedError: The change would break a rule; the findings say which.
        """
        from sotctl.store.apply import apply

        findings = self.check(planned, last_move)
        if refuses(findings):
            raise RejectedError(findings)
        plan = planned.plan
        files = sorted(plan.changed())
        if self.dry_run:
            diff = plan.diff()
            values = {**values, "files": files, "commit": None, "diff": diff}
            return Result(type=type_, values=values, text=diff.removesuffix("\n") or "nothing would change")
        commit = apply(self.store, plan, commit=not self.no_commit)
        notes = [f"warning: {found.message}\n    {found.path}:{found.line}: {found.fix}" for found in findings]
        if commit is not None and not self.store.git.succeeds("symbolic-ref", "-q", "HEAD"):
            notes.append("HEAD is detached; no branch holds this commit yet")
        return Result(
            type=type_,
            values={**values, "files": files, "commit": commit},
            text=text(commit),
            note="\n".join(notes),
        )

    def findings(
        self, found: Sequence[Finding], checked: Mapping[str, object], verb: str, *, exit_code: int | None = None
    ) -> Result:
        """The answer of a verb that reports findings, in the format that the caller named.

        The status is 1 where a finding is an error, unless *exit_code* says otherwise.
        """
        code = int(refuses(found)) if exit_code is None else exit_code
        return Result(
            type=f"sotctl.{verb}/v1",
            document=known_formats()[self.form or "text"].render(found, checked, verb),
            exit_code=code,
        )


def with_commit(above: Sequence[str], below: Sequence[str] = (), *, width: int = 8) -> Text:
    """The text of a change: lines, the line that names the commit where there is one, and what comes next.

    Args:
        width: The columns of the label of that line.
    """
    return lambda commit: "\n".join([*above, *([f"{'commit':<{width}}{commit[:9]}"] if commit else []), *below])
