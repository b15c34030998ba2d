"""Reads an admission file for the gate: one open, one read, no link followed, and what git has committed of it.

The directory is walked down from the root of the work tree, each component opened relative to the one before without
following links, so that a swap between check and use changes nothing: the gate decides on the bytes of the opened file.
"""

from __future__ import annotations

import os
import stat

from sotctl.documents.layout import STORE
from sotctl.errors import SotError
from sotctl.gate.committed_file import CommittedFile, RefusedError, failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from sotctl.documents.policy import Policy
    from sotctl.findings import Finding
    from sotctl.gate.verdict import Submission

MAX_BYTES = 64 * 1024
"""As in `sotctl.documents.strict_json`, which is imported while git is at work."""
_FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_PATH", 0)
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class AdmissionReader:
    """One reading of one admission file; git is asked in the background from the start.

    Args:
        path: The file.
        ref: The branch that stands for HEAD; "" for HEAD itself.
        by_option: Whether *ref* goes before `[gate] ref` of the configuration.
        max_age: How long ago the last fetch may be, besides what the configuration says; "" for no limit.
    """

    def __init__(self, path: str, *, ref: str = "", by_option: bool = False, max_age: str = "") -> None:
        self.path = path
        self._ref, self._by_option, self._max_age = ref.strip(), by_option, max_age.strip()
        self._committed: CommittedFile | None = None
        self._in_work_tree = False
        self._refused: RefusedError | None = None
        self._data: bytes | None = None
        try:
            self._data = self._open_and_read()
        except RefusedError as refused:
            self._refused = refused

    def submission(self, now: datetime) -> Submission:
        """What was read, and what the branch that stands for HEAD holds of it."""
        from sotctl.findings import RejectedError
        from sotctl.gate.verdict import Submission

        committed, refused = self._committed, self._refused
        policy: Policy | None = None
        findings: list[Finding] = []
        same, revoked_on, stale = False, "", self._outside()
        try:
            if committed is not None:
                with committed:
                    if refused is None:
                        committed.read()
                        policy = committed.policy
                        same = committed.data is not None and committed.data == self._data
                        revoked_on = committed.revoking() if same else ""
                        stale = committed.staleness(now, self._max_ages(policy))
        except RefusedError as error:
            refused = refused or error
        except RejectedError as error:
            findings = error.findings
        except SotError as error:
            refused = refused or failed(error)
        return Submission(
            path=self.path,
            data=self._data,
            reason=refused.reason if refused else "",
            message=refused.message if refused else "",
            in_work_tree=self._in_work_tree,
            committed=same,
            ref=committed.branch.name if committed and committed.branch else "",
            revoked_on=revoked_on,
            stale=stale,
            configuration=policy,
            findings=tuple(findings),
            place=_place(os.path.realpath(self.path)),
        )

    def _max_ages(self, policy: Policy | None) -> list[str]:
        return [age for age in (self._max_age, policy.max_age if policy else "") if age]

    def _outside(self) -> str:
        """Why a file outside every work tree is stale: no fetch brings it anything."""
        return "the file lies outside every clone" if self._max_age and not self._in_work_tree else ""

    def _open_and_read(self) -> bytes:
        if not self.path.strip():
            raise RefusedError("no-admission-file", "no admission file is named")
        if "\n" in self.path or "\0" in self.path:
            raise RefusedError("path-unusable", "the path holds a line end or NUL")
        absolute = os.path.abspath(self.path)
        folder, name = os.path.split(absolute)
        _refuse_absent(self.path)
        real = os.path.realpath(folder)
        root = work_tree_root(real)
        self._in_work_tree = root is not None
        _refuse_links(self.path, folder, real, root)
        if root is not None:
            self._ask_git(real, root, name)
        elif self._ref:
            from sotctl.documents.quote import quote

            message = f"the file lies outside every work tree, and {quote(self._ref)} is to hold it"
            raise RefusedError("admission-not-committed", message)
        return _read_below(root or real, real, name)

    def _ask_git(self, real: str, root: str, name: str) -> None:
        below = os.path.relpath(real, root)
        parts = [*([] if below == "." else below.split(os.sep)), name]
        try:
            self._committed = CommittedFile(
                root, parts, named=self._ref, by_option=self._by_option, max_bytes=MAX_BYTES
            )
        except SotError as error:
            raise failed(error) from None


def read_again(path: str) -> bytes | None:
    """The bytes of an admission file that was read before; None where it cannot be used any more."""
    absolute = os.path.abspath(path)
    folder, name = os.path.split(absolute)
    real = os.path.realpath(folder)
    try:
        return _read_below(work_tree_root(real) or real, real, name)
    except RefusedError:
        return None


def work_tree_root(folder: str) -> str | None:
    """The top of the work tree that holds *folder*, found as git finds it; None outside of any."""
    while True:
        if _is_git_directory(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _is_git_directory(path: str) -> bool:
    """A `.git` that git would take: a file that points elsewhere, or a directory with its three parts."""
    if os.path.isfile(path):
        return True
    return all(os.path.lexists(os.path.join(path, part)) for part in ("HEAD", "objects", "refs"))


def _place(real: str) -> str:
    """Where a file lies in its store, from the outermost `.sot` on; a store inside a store is none."""
    parts = os.path.relpath(real, work_tree_root(os.path.dirname(real)) or "/").split(os.sep)
    return "/".join(parts[parts.index(STORE) :]) if STORE in parts else ""


def _refuse_absent(path: str) -> None:
    """Refuse a file that does not exist, or is a dangling link."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise RefusedError("admission-file-absent", "the admission file does not exist") from None
    except OSError as error:
        if os.path.islink(path):
            raise RefusedError("symbolic-link", "the admission file is a symbolic link") from None
        raise RefusedError("unreadable", f"the admission file cannot be reached: {error.strerror}") from None


def _refuse_links(path: str, folder: str, real: str, root: str | None) -> None:
    """Refuse a path that passes through a link at or below the root of the work tree or of the store."""
    message = "a directory of its path, at or below the root of the repository or store, is a symbolic link"
    if os.path.realpath(os.path.dirname(path) or ".") != real:
        raise RefusedError("symbolic-link", "`..` in the path leads through a symbolic link")
    if root is not None and not _names_without_links(folder, real, root):
        raise RefusedError("symbolic-link", message)
    parts = folder.split(os.sep)
    if STORE in parts:
        store = os.sep.join(parts[: parts.index(STORE) + 1])
        if not _names_without_links(folder, real, os.path.join(os.path.realpath(os.path.dirname(store)), STORE)):
            raise RefusedError("symbolic-link", message)
    elif STORE in real.split(os.sep):
        raise RefusedError("symbolic-link", message)


def _names_without_links(folder: str, real: str, root: str) -> bool:
    """Whether *folder*, as it is written, reaches *root* and the way below it without a link."""
    below = os.path.relpath(real, root)
    if below.startswith(".."):
        return False
    depth = 0 if below == "." else len(below.split(os.sep))
    for _ in range(depth + 1):
        if os.path.islink(folder):
            return False
        folder = os.path.dirname(folder)
    return True


def _read_below(root: str, real: str, name: str) -> bytes:
    below = os.path.relpath(real, root)
    held: list[int] = []
    try:
        held.append(os.open(root, _FOLDER))
        for part in [] if below == "." else below.split(os.sep):
            held.append(os.open(part, _FOLDER, dir_fd=held[-1]))
        held.append(os.open(name, _FILE, dir_fd=held[-1]))
        _refuse_stat(os.fstat(held[-1]))
        return _read_all(held[-1])
    except OSError as error:
        raise _refusal(error, os.path.join(real, name)) from None
    finally:
        for descriptor in held:
            os.close(descriptor)


def _read_all(descriptor: int) -> bytes:
    """Read at most one byte more than an admission may have, which shows that it is too large."""
    data = b""
    while len(data) <= MAX_BYTES and (chunk := os.read(descriptor, MAX_BYTES + 1 - len(data))):
        data += chunk
    return data


def _refusal(error: OSError, path: str) -> RefusedError:
    if os.path.islink(path):
        return RefusedError("symbolic-link", "the admission file is a symbolic link")
    if isinstance(error, FileNotFoundError):
        return RefusedError("admission-file-absent", "the admission file does not exist")
    if isinstance(error, PermissionError):
        return RefusedError("unreadable", "the admission file may not be read")
    return RefusedError("not-regular", "the admission file is not a regular file")


def _refuse_stat(status: os.stat_result) -> None:
    mode, user = status.st_mode, os.geteuid()
    if not stat.S_ISREG(mode):
        raise RefusedError("not-regular", "the admission file is not a regular file")
    if status.st_nlink != 1:
        raise RefusedError("hard-link", f"the admission file has {status.st_nlink} names (hard links)")
    if status.st_uid not in (user, 0):
        raise RefusedError("foreign-owner", "the admission file belongs to neither you nor root")
    if mode & stat.S_IWOTH:
        raise RefusedError("world-writable", "everyone may write the admission file")
    if mode & stat.S_IWGRP and status.st_gid != _primary_group(user):
        raise RefusedError("group-writable", "a group other than your primary one may write the admission file")


def _primary_group(user: int) -> int:
    import pwd

    try:
        return pwd.getpwuid(user).pw_gid
    except KeyError:
        return os.getegid()
