"""Applies a plan: its files and its commit together, or nothing (docs/reference/durability.md)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sotctl.digests import object_id
from sotctl.documents.quote import listed_plainly
from sotctl.durable import TEMPORARY, overwrite, remove_durably, write_durably
from sotctl.errors import BlockedError, Command, InterruptedByUser, SotError
from sotctl.git.diff import DiffEntry
from sotctl.git.held import HeldError, await_locks, commit_locks, drop_left
from sotctl.git.index import OwnIndex, drop_own_lock, entries_at_head, index_at_head, refresh_index
from sotctl.git.repository import Git
from sotctl.git.uncommitted import ACCOUNT_VARIABLE, commit_error
from sotctl.git.where import under_way
from sotctl.plan import Plan
from sotctl.secrets import scan
from sotctl.secrets.withheld import withheld
from sotctl.store.journal import DamagedJournalError, Journal, clear_journal, read_journal, write_journal
from sotctl.store.lock import locked
from sotctl.store.store import Store


class MovedError(BlockedError):
    """Another writer has changed a file since the plan was made; nothing was written."""


@contextlib.contextmanager
def writing(store: Store, purpose: str) -> Iterator[int]:
    """Hold the store's lock; first finish or undo what an earlier writer left half done."""
    with locked(store.private, purpose) as descriptor:
        recover(store)
        yield descriptor


def apply(store: Store, plan: Plan, *, commit: bool = True) -> str | None:
    """Write the files of *plan* and commit exactly those; what else is staged stays staged.

    Returns:
        The id of the commit, or None without *commit* or where nothing changes, or nothing but what was not committed.
    Raises:
        BlockedError: A file has changed since the plan was made, or has changes of its own that are not committed.
        RefusedError: A hook refused the commit; the files are as before.
        SotError: Git or the disk could not do it; the files are as before.
    """
    files = plan.changed()
    if not files:
        return None
    with writing(store, plan.message.partition("\n")[0]) as descriptor:
        _refuse_moved(store, plan)
        restores = False
        if commit:
            refuse_state(store)
            committed = entries_at_head(store.git, plan.files)
            _refuse_dirty(store, plan, committed)
            await_locks(commit_locks(store.git))
            restores = _is_committed(store, files, committed)
        commits = commit and not restores
        journal = Journal(
            before={path: plan.before.get(path) for path in files},
            after=files,
            made=_missing_folders(store, files),
            commits=commits,
            subject=plan.message.partition("\n")[0],
        )
        own_index = index_at_head(store.git, store.git_dir, store.private) if commits else contextlib.nullcontext()
        with own_index as own:
            write_journal(store.private, journal)
            try:
                _write(store, files)
                if own:
                    _commit(store, plan, sorted(files), own.git, descriptor)
            except BaseException:
                if not _finish_commit(store, journal):  # an interrupt may come after git has made the commit
                    raise
            else:
                if own:
                    _finish_commit(store, journal, own)
                else:
                    clear_journal(store.private)
            if restores:
                refresh_index(store.git, store.git_dir, store.private, sorted(files))
        return store.git.text("rev-parse", "HEAD") if commits else None


def recover(store: Store) -> None:
    """Finish or undo what a killed `apply` left, and say so on stderr. The lock must be held.

    Raises:
        DamagedJournalError: The journal cannot be read, and something differs from what is committed.
    """
    drop_own_lock(store.git_dir, store.private)
    try:
        journal = read_journal(store.private)
    except DamagedJournalError:
        if not _is_as_committed(store):
            raise
        clear_journal(store.private)
        _say("the journal was damaged; everything is as committed, so nothing was half done")
        return
    if journal is None:
        return
    if left := drop_left(store.git, store.git_dir, (store.private / "journal.json").stat().st_mtime):
        _say(f"removed {listed_plainly([lock.name for lock in left])}, which a git of ours left when it was killed")
    done = finish_or_undo(store, journal)
    _say(f"{'finished' if done else 'undid'} what was cut off: {journal.subject}")


def _is_as_committed(store: Store) -> bool:
    """Whether no file differs from HEAD and there is no other file, in the store not even an ignored one."""
    status = ("status", "--porcelain", "--untracked-files=all")
    ignored = (*status, "--ignored", "--", f":(literal,top){store.folder}")
    is_regular = (store.private / "journal.json").is_file()
    return is_regular and not store.git.output(*status) and not store.git.output(*ignored)


def finish_or_undo(store: Store, journal: Journal, own: OwnIndex | None = None) -> bool:
    """Finish or undo by what HEAD holds: True when the commit was made, False when the files were restored.

    *own* is the index that the commit was made from, where it is there.
    """
    paths = sorted(journal.after)
    done = journal.commits and _is_committed(store, journal.after, entries_at_head(store.git, paths))
    if done:
        refresh_index(store.git, store.git_dir, store.private, paths, own)
    else:
        _undo(store, journal)
    clear_journal(store.private)
    return done


def _finish_commit(store: Store, journal: Journal, own: OwnIndex | None = None) -> bool:
    """`finish_or_undo`, where a lock on the index leaves a commit half done: the journal stays for the next command."""
    try:
        return finish_or_undo(store, journal, own)
    except HeldError as error:
        commit = store.git.text("rev-parse", "--short=9", "HEAD")
        raise SotError(
            f"committed {commit}, but the index could not be brought along: {error.message}",
            hint=f"{error.hint}; then run any sotctl command",
        ) from None


def _is_committed(store: Store, files: Mapping[str, bytes], committed: Mapping[str, DiffEntry]) -> bool:
    """Whether *committed* are the blobs of *files*, as they are or after the filters git applies to their paths."""
    return all(path in committed and _is_blob(store, data, committed[path]) for path, data in files.items())


def _is_blob(store: Store, data: bytes, entry: DiffEntry) -> bool:
    if object_id(b"blob", data, entry.oid) == entry.oid:
        return True
    filtered = store.git.run("hash-object", "--stdin", f"--path={entry.path}", stdin=data)
    return filtered.stdout.decode().strip() == entry.oid


def _refuse_moved(store: Store, plan: Plan) -> None:
    tree = store.work_tree()
    for path in plan.files:
        if tree.read(path) != plan.before.get(path):
            raise MovedError(
                f"{path} was changed by another while this was prepared; nothing was written",
                hint="run the command again",
            )


def refuse_state(store: Store) -> None:
    """Refuse to commit without a git identity, or during an operation of git that a commit would end."""
    if command := under_way(store.git_dir):
        raise BlockedError(
            f"the repository is in the middle of a {command}; nothing was written",
            hint=f"git {command} --continue or --abort first; --no-commit writes without committing",
        )
    for who in ("AUTHOR", "COMMITTER"):
        known = store.git.run("var", f"GIT_{who}_IDENT")
        if known.returncode != 0:
            raise SotError(
                "git does not know who you are; nothing was written",
                hint=Command("git config user.name NAME; git config user.email MAIL"),
            )
        if scan(known.stdout):
            message = f"the name or address of the {who.lower()} looks like a secret; nothing was written"
            raise BlockedError(message, hint=f"unset GIT_{who}_NAME GIT_{who}_EMAIL, and revoke the secret")


def _refuse_dirty(store: Store, plan: Plan, committed: Mapping[str, DiffEntry]) -> None:
    # Git would list whole folders for files that are not tracked, and write the times that it has seen to the index.
    is_tracked = plan.files.keys() <= committed.keys()
    untracked = ("--untracked-files=no",) if is_tracked else ("--untracked-files=all", "--ignored")
    paths = [f":(literal,top){path}" for path in plan.files]
    git = Git(store.top, {"GIT_OPTIONAL_LOCKS": "0"})
    status = git.output("status", "--porcelain", "-z", *untracked, "--", *paths)
    for line in status.split(b"\0"):
        if line.startswith(b"!!"):
            path = os.fsdecode(line[3:])
            raise SotError(
                f"{path} is ignored by git; nothing was written", hint=Command(f"git check-ignore -v {path}")
            )
        if line and not plan.is_derived:
            path = os.fsdecode(line[3:])
            raise BlockedError(
                f"{path} has changes that are not committed; nothing was written",
                hint=Command(f"git commit {path} (or git stash) first"),
            )


def _missing_folders(store: Store, files: dict[str, bytes]) -> tuple[str, ...]:
    """The directories that writing *files* will make, the deepest first."""
    missing = {
        parent.as_posix() for path in files for parent in Path(path).parents if not (store.top / parent).is_dir()
    }
    return tuple(sorted(missing, key=len, reverse=True))


def _write(store: Store, files: dict[str, bytes]) -> None:
    try:
        for path, data in sorted(files.items()):
            (store.top / path).parent.mkdir(parents=True, exist_ok=True)
            write_durably(store.top / path, data)
    except OSError as error:
        raise SotError(
            f"cannot write {error.filename or 'the store'}: {error.strerror}; nothing was changed"
        ) from error


def _commit(store: Store, plan: Plan, paths: list[str], own: Git, lock: int) -> None:
    """Commit *paths* alone, from an index of our own, through `git commit` and so through every hook."""
    # Not `git add`, which lists the folder of each path and looks every file of it up.
    own.output("update-index", "--add", "-z", "--stdin", stdin=b"".join(os.fsencode(path) + b"\0" for path in paths))
    _run_commit(own, store.policy().message(plan.message), lock, store.private / "commit.events")


def _run_commit(git: Git, message: str, lock: int, account: Path) -> None:
    """Run `git commit`; git inherits the lock, so that it is held for as long as git is at work."""
    command = ["git", "commit", "--quiet", "--cleanup=verbatim", "-F", "-"]
    account.unlink(missing_ok=True)
    with subprocess.Popen(
        command,
        cwd=git.top,
        env={**git.environment, ACCOUNT_VARIABLE: str(account)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(lock,),
    ) as process:
        try:
            said, _ = process.communicate(message.encode())
        except KeyboardInterrupt:
            process.wait()
            raise InterruptedByUser("interrupted; nothing was changed") from None
    try:
        if process.returncode != 0:
            raise commit_error(process.returncode, said.decode("utf-8", "replace").strip(), account)
    finally:
        account.unlink(missing_ok=True)


def _undo(store: Store, journal: Journal) -> None:
    """Restore what `_write` changed; a file that somebody else has changed since is left alone and named."""
    tree = store.work_tree()
    for path, new in journal.after.items():
        target, old = store.top / path, journal.before[path]
        target.with_name(f".{target.name}{TEMPORARY}").unlink(missing_ok=True)
        now = tree.read(path)
        if now not in (new, old):
            _say(f"{path} was changed meanwhile and is left as it is")
        elif old is None:
            remove_durably(target)
        elif now != old:
            try:
                write_durably(target, old)
            except OSError:
                overwrite(target, old)  # the journal still says what belongs there
    for folder in journal.made:
        with contextlib.suppress(OSError):
            (store.top / folder).rmdir()


def _say(sentence: str) -> None:
    print(withheld(f"sotctl: {sentence}"), file=sys.stderr)
