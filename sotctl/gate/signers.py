"""The allowed signers: a file outside the repository, which the right to commit does not allow to change.

Every directory and link on its path must lie outside the repository and all its work trees, and be writable by the user
and root alone.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator

from sotctl.admissions.signature import signers_problem
from sotctl.documents.policy import Policy
from sotctl.gate.admission_file import work_tree_root
from sotctl.gate.branches import sealed_git
from sotctl.gate.patience import Patience
from sotctl.git.repository import GitError
from sotctl.git.work_trees import work_trees
from sotctl.variables import ALLOWED_SIGNERS

REVOKED_SUFFIX = ".revoked"
_MAX_BYTES = 16 << 20
_MAX_LINKS = 40


class UnusableError(Exception):
    """The allowed-signers file cannot be relied on: a reason code and a sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


def allowed_signers(policy: Policy, folder: str) -> tuple[bytes, list[bytes]]:
    """The allowed signers, and the lists of revoked keys that lie beside their file.

    Args:
        policy: The configuration; where it names the file, the variable does not count.
        folder: The folder of the admission, which tells the repository.
    Raises:
        UnusableError: There is none that can be relied on.
    """
    path = _named(policy)
    inside = _work_trees(folder)
    real, signers = _read_guarded(path, inside, "the allowed-signers file")
    if problem := signers_problem(signers):
        raise UnusableError("allowed-signers-wildcard", f"the allowed-signers file: {problem}")
    lists = dict.fromkeys(name + REVOKED_SUFFIX for name in (path, real))
    return signers, [_read_guarded(name, inside, "the revoked keys")[1] for name in lists if os.path.lexists(name)]


def _named(policy: Policy) -> str:
    """The path of the file; `~` in a configuration is the home of the user, whatever `HOME` says."""
    if named := policy.allowed_signers:
        path = _with_home(named)
    else:
        path = os.path.expanduser(os.environ.get(ALLOWED_SIGNERS, "").strip())
    if not path:
        message = f"no allowed-signers file is named in sot.toml or {ALLOWED_SIGNERS}"
        raise UnusableError("allowed-signers-missing", message)
    if not os.path.isabs(path) or ".." in path.split(os.sep):
        message = "the allowed-signers file must have an absolute path without `..`"
        raise UnusableError("allowed-signers-inside-repository", message)
    return path


def _with_home(named: str) -> str:
    home, slash, rest = named.partition("/")
    if not home.startswith("~"):
        return named
    try:
        found = pwd.getpwnam(home[1:]) if home[1:] else pwd.getpwuid(os.geteuid())
    except KeyError:
        return named
    return f"{found.pw_dir}{slash}{rest}"


def _work_trees(folder: str) -> list[tuple[int, int]]:
    """The top of every work tree of the repository around *folder*, its git directory, and superprojects, by inode."""
    found = []
    root = work_tree_root(os.path.realpath(folder))
    while root is not None:
        found += [root, *_listed_work_trees(root)]
        root = work_tree_root(os.path.dirname(root)) if root != "/" else None
    return [identity for path in found if (identity := _identity(path)) is not None]


def _listed_work_trees(root: str) -> list[str]:
    git = sealed_git(root)
    try:
        with Patience():
            common = git.text("rev-parse", "--path-format=absolute", "--git-common-dir")
            return [common, *map(str, work_trees(git))]
    except GitError:
        message = "git cannot list the work trees of the repository"
        raise UnusableError("allowed-signers-unreadable", message) from None


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _read_guarded(path: str, inside: list[tuple[int, int]], what: str) -> tuple[str, bytes]:
    """The real path and the bytes of a file that nobody else may write, nor replace in a directory on the way to it."""
    try:
        real = _followed(path, inside, what)
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(0, "it is not a regular file")
            if status.st_nlink != 1:
                message = f"{what} has {status.st_nlink} names (hard links), and one may lie in the repository"
                raise UnusableError("allowed-signers-hard-link", message)
            _refuse_writable(status, what)
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UnusableError("allowed-signers-unreadable", f"{what} cannot be read: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise UnusableError("allowed-signers-unreadable", f"{what} cannot be read: larger than {_MAX_BYTES >> 20} MiB")
    return real, data


def _followed(path: str, inside: list[tuple[int, int]], what: str) -> str:
    """The real path of *path*, after a check of every directory that holds a link on the way, and of the last one."""
    for _ in range(_MAX_LINKS):
        link = next((step for step in _steps(path) if os.path.islink(step)), None)
        folder = os.path.dirname(link or path)
        _refuse_inside(folder, inside, what)
        _refuse_writable(os.stat(folder), what)
        if link is None:
            return path
        path = os.path.normpath(os.path.join(folder, os.readlink(link))) + path[len(link) :]
    raise OSError(0, "too many links")


def _steps(path: str) -> Iterator[str]:
    """Every path that leads to *path*, from the root on, and *path* itself."""
    parts = os.path.normpath(path).split(os.sep)
    return (os.sep.join(parts[:count]) for count in range(2, len(parts) + 1))


def _refuse_inside(folder: str, inside: list[tuple[int, int]], what: str) -> None:
    while True:
        if _identity(folder) in inside:
            raise UnusableError("allowed-signers-inside-repository", f"{what} lies inside the repository")
        if folder == os.path.dirname(folder):
            return
        folder = os.path.dirname(folder)


def _refuse_writable(status: os.stat_result, what: str) -> None:
    sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
    if status.st_uid not in (os.geteuid(), 0) or (status.st_mode & 0o022 and not sticky):
        raise UnusableError("allowed-signers-writable", f"others may write {what}")
