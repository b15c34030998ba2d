"""The branches of the repository around an admission, and the one that stands for HEAD."""

from __future__ import annotations

import os

from sotctl.errors import SotError
from sotctl.git import process
from sotctl.git.repository import TRUE_OBJECTS, Git, GitMissingError

LOCAL = "refs/heads/"
REMOTE = "refs/remotes/"
_FORMAT = "%(HEAD) %(objectname) %(refname) %(symref)"


class UnreadableError(SotError):
    """Git did not answer, or an object is missing."""


def sealed_git(root: str) -> Git:
    """Git for the repository whose work tree begins at *root*, whatever the caller's environment says.

    No `GIT_*` variable is passed on, the repository is not searched for above *root*, and neither replaced objects nor
    grafts are believed.
    """
    git = Git(root)
    git.environment = {
        **{name: value for name, value in git.environment.items() if not name.startswith("GIT_")},
        **TRUE_OBJECTS,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_CEILING_DIRECTORIES": os.path.dirname(root),
        # A folder of the work tree that looks like a bare repository is not the repository.
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.bareRepository",
        "GIT_CONFIG_VALUE_0": "explicit",
    }
    return git


class Branch:
    """A branch and the commit at its tip; `target` is the ref that it is a symbolic ref to, or ""."""

    __slots__ = ("is_head", "name", "target", "tip")

    def __init__(self, name: str, tip: str, target: str, *, is_head: bool) -> None:
        self.name, self.tip, self.target, self.is_head = name, tip, target, is_head

    @property
    def is_local(self) -> bool:
        """Whether the hooks guard it: a local branch that is no symbolic ref to something else."""
        return self.name.startswith(LOCAL) and (not self.target or self.target.startswith(LOCAL))

    @property
    def is_named(self) -> bool:
        """Whether it may stand for HEAD where it is named."""
        tracks = self.name.startswith(REMOTE) and (not self.target or self.target.startswith((LOCAL, REMOTE)))
        return tracks or self.is_local


class Branches:
    """All local and remote-tracking branches; git lists them in the background from the start."""

    def __init__(self, git: Git) -> None:
        answers, stdout = os.pipe()
        self._said, stderr = os.pipe()
        os.set_blocking(stderr, False)  # warnings beyond what the pipe holds are dropped, so nothing blocks
        stdin = os.open(os.devnull, os.O_RDONLY)
        command = git.command("for-each-ref", f"--format={_FORMAT}", LOCAL, REMOTE)
        try:
            self._pid = process.start(command, git.environment, stdin=stdin, stdout=stdout, stderr=stderr)
        except FileNotFoundError:
            os.close(answers)
            os.close(self._said)
            raise GitMissingError from None
        finally:
            for descriptor in (stdin, stdout, stderr):
                os.close(descriptor)
        self._answers = os.fdopen(answers, "rb")
        self._is_open = True

    def close(self) -> None:
        """Stop git if its output was not needed."""
        if self._is_open:
            self._is_open = False
            self._answers.close()
            os.close(self._said)
            process.wait(self._pid)

    def listed(self) -> dict[str, Branch]:
        """Every branch by its name.

        Raises:
            UnreadableError: Git cannot read the repository, or a branch.
        """
        self._is_open = False
        with self._answers as answers:
            lines = answers.read().splitlines()
        with os.fdopen(self._said, "rb") as said:
            complaints = said.read().decode("utf-8", "replace").splitlines()
        if process.wait(self._pid) != 0:
            raise UnreadableError(f"git cannot read the repository{_because(complaints)}")
        if broken := next((line for line in complaints if " broken " in line), ""):
            raise UnreadableError(f"git cannot read a branch{_because([broken])}")
        found = {}
        for line in lines:
            tip, name, target = os.fsdecode(line[2:]).split(" ", 2)
            found[name] = Branch(name, tip, target, is_head=line[:1] == b"*")
        return found


def _because(complaints: list[str]) -> str:
    from sotctl.documents.quote import shown

    return f": {shown(complaints[0].removeprefix('fatal: '))}" if complaints else ""


def descendants(git: Git, commit: str, tips: list[str]) -> set[str]:
    """Those of *tips* that contain *commit*.

    Raises:
        UnreadableError: The history between them is not here.
    """
    asked = "".join(f"{line}\n" for line in (f"^{commit}", *tips))
    done = git.run("rev-list", "--ancestry-path", "--stdin", stdin=asked.encode())
    if done.returncode != 0:
        raise UnreadableError("git cannot follow the history of the branches")
    return set(tips) & set(done.stdout.decode("ascii").split())


def is_shallow(git: Git) -> bool:
    """Whether the repository lacks the beginning of its history."""
    return git.text("rev-parse", "--is-shallow-repository") != "false"


def head_name(git: Git) -> str:
    """The ref that HEAD names; "" where it is detached."""
    try:
        return git.text("symbolic-ref", "-q", "HEAD")
    except SotError:
        return ""
