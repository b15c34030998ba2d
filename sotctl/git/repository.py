"""Runs git, and reads its objects in one batch. Every hook imports this, so it imports nothing that takes time."""

from __future__ import annotations

import os

from sotctl.errors import SotError
from sotctl.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    StrPath = str | os.PathLike[str]

TRUE_OBJECTS = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
"""Environment without replaced objects and grafts."""

TRUE_HISTORY = {"GIT_SHALLOW_FILE": "", "GIT_GRAFT_FILE": os.devnull}
"""Environment in which git follows the parents that a commit itself names: no grafts, and at the end of a shallow clone
the walk fails instead of taking it for the beginning.
"""

DEEPEN = "git fetch --unshallow (a shallow clone) or git fetch --refetch (a partial one), then try again"
"""The command that fetches missing history."""

CHUNK_BYTES = 4 << 20
_AHEAD = 30
"""Objects requested at once; there are never more than twice as many, which fit into the smallest pipe, so that neither
side blocks."""
_PATHSPEC_MODES = ("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS")
_DROPPED = ("GIT_NAMESPACE", "LANGUAGE", *_PATHSPEC_MODES)  # LANGUAGE goes before LC_ALL, and git's words are read


class GitError(SotError):
    """A git command failed; the message holds what git said."""


class GitMissingError(GitError):
    """There is no git on PATH."""

    def __init__(self) -> None:
        super().__init__("git is not installed", hint="install git 2.28 or later")


class MissingObjectError(GitError):
    """An object is not in the repository, so nothing can be said of it."""

    def __init__(self, name: str, what: str = "") -> None:
        self.name = name
        super().__init__(
            f"object {name}{f' ({what})' if what else ''} is not here, so it could not be checked",
            hint=DEEPEN,
        )


class Git:
    """The git of one repository, run in *top*; `extra` is added to the environment of every command.

    Replaced objects and grafts are ignored, and so are settings that change the meaning of a path or a ref name.
    """

    def __init__(self, top: StrPath, extra: Mapping[str, str] | None = None) -> None:
        self.top = top
        kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
        self.environment = {**kept, "LC_ALL": "C.UTF-8", **TRUE_OBJECTS, **(extra or {})}

    def command(self, *arguments: str) -> list[str]:
        """The command line of a git command; without `-C .`, which changes nothing.

        Git up to 2.41 lets the setting `core.useReplaceRefs` of a repository override GIT_NO_REPLACE_OBJECTS.
        """
        where = os.fspath(self.top)
        place = () if where == "." else ("-C", where)
        return ["git", *place, "-c", "core.useReplaceRefs=false", *arguments]

    def output(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """What a command prints.

        Raises:
            GitError: It failed, or git is not installed.
        """
        done = self.run(*arguments, stdin=stdin)
        if done.returncode != 0:
            raise GitError(f"git {arguments[0]}: {done.said or f'exit status {done.returncode}'}")
        return done.stdout

    def text(self, *arguments: str) -> str:
        """What a command prints, without the last line end."""
        return os.fsdecode(self.output(*arguments)).removesuffix("\n")

    def succeeds(self, *arguments: str) -> bool:
        """Whether a command exits with 0."""
        return self.run(*arguments).returncode == 0

    def commit(self, name: str = "HEAD") -> str:
        """The id of the commit that a name stands for; "" where it stands for none."""
        return self.run("rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}").stdout.decode().strip()

    def run(
        self, *arguments: str, stdin: bytes | None = None, meanwhile: Callable[[], object] | None = None
    ) -> process.Done:
        """Run a command and keep what it prints; *meanwhile* is called while git starts."""
        try:
            return process.run(self.command(*arguments), self.environment, stdin or b"", meanwhile)
        except FileNotFoundError:
            raise GitMissingError from None


class Objects:
    """Reads objects through one `git cat-file --batch`, started when the first is asked for."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process = 0
        self._requests = -1
        self._answers: BinaryIO | None = None

    def read(self, name: str) -> bytes | None:
        """The bytes of an object by id or by `<tree>:<path>`; None where there is none.

        Raises:
            GitError: Git could not say.
        """
        found = self.find(name)
        return None if found is None else found[1]

    def find(self, name: str) -> tuple[bytes, bytes] | None:
        """The type and the bytes of an object; None where there is none."""
        head = self._ask(name)
        if head is None:
            return None
        _, kind, size = head
        return kind, b"".join(self._content(size))

    def read_many(self, ids: Sequence[str]) -> Iterator[bytes]:
        """The bytes of many objects in turn; git prepares the next while one is used.

        All must be taken, or the iteration closed, before another request.

        Raises:
            MissingObjectError: One is not here.
        """
        for chunks in self.chunks_of_many(ids):
            yield b"".join(chunks)

    def chunks_of_many(self, ids: Sequence[str], whats: Sequence[str] = ()) -> Iterator[Iterator[bytes]]:
        """The same, each object a few megabytes at a time; what is not taken of one is passed over.

        Args:
            whats: The name of each object for an error.
        """
        asked = 0
        try:
            for number, oid in enumerate(ids):
                if asked - number < _AHEAD and asked < len(ids):
                    self._request(ids[asked : asked + _AHEAD])
                    asked = min(asked + _AHEAD, len(ids))
                head = self._answer(oid)
                if head is None:
                    raise MissingObjectError(oid, whats[number] if whats else "")
                content = self._content(head[2])
                yield content
                for _ in content:
                    pass
            asked = 0
        finally:
            if asked:  # the rest is not read: git is ended, and started again for the next request
                self.close()

    def require(self, name: str, what: str = "") -> tuple[bytes, bytes]:
        """The type and the bytes of an object.

        Raises:
            MissingObjectError: It is not here: the clone is shallow, partial or damaged.
        """
        found = self.find(name)
        if found is None:
            raise MissingObjectError(name, what)
        return found

    def chunks(self, name: str, what: str = "") -> Iterator[bytes]:
        """The bytes of an object, a few megabytes at a time; they are read to the end even if the caller stops early.

        Raises:
            MissingObjectError: It is not here.
        """
        head = self._ask(name)
        if head is None:
            raise MissingObjectError(name, what)
        content = self._content(head[2])
        try:
            while data := next(content, b""):  # `yield from` would close what is to be read to its end
                yield data
        finally:
            for _ in content:  # the batch goes on behind the last byte
                pass

    def after_fork(self) -> Objects:
        """The same objects through a git of their own; a forked process calls it, and closes what it inherited."""
        if self._answers is not None:
            os.close(self._requests)
            self._answers.close()
        return Objects(self._git)

    def close(self) -> None:
        """End the batch."""
        if self._answers is not None:
            os.close(self._requests)
            self._answers.close()
            process.wait(self._process)
            self._answers = None

    def start(self) -> None:
        """Start the batch before the first request, so that it starts up while another git runs."""
        if self._answers is not None:
            return
        (in_read, in_write), (out_read, out_write) = os.pipe(), os.pipe()
        try:
            # Git holds a blob of up to this size whole; its default is 512 MB.
            command = self._git.command("-c", "core.bigFileThreshold=16m", "cat-file", "--batch")
            self._process = process.start(command, self._git.environment, stdin=in_read, stdout=out_write)
        except FileNotFoundError:
            raise GitMissingError from None
        finally:
            os.close(in_read)
            os.close(out_write)
        self._requests, self._answers = in_write, os.fdopen(out_read, "rb", buffering=1 << 16)

    def _ask(self, name: str) -> tuple[bytes, bytes, int] | None:
        self._request((name,))
        return self._answer(name)

    def _request(self, names: Sequence[str]) -> None:
        self.start()
        try:
            os.write(self._requests, os.fsencode("".join(f"{name}\n" for name in names)))
        except BrokenPipeError:
            raise MissingObjectError(names[0]) from None

    def _answer(self, name: str) -> tuple[bytes, bytes, int] | None:
        assert self._answers is not None
        try:
            head = self._answers.readline()
            if head.endswith((b" missing\n", b" ambiguous\n")):
                return None
            oid, kind, size = head.split()
            return oid, kind, int(size)
        except ValueError:  # it ends where a partial clone cannot fetch what it lacks
            raise MissingObjectError(name) from None

    def _content(self, size: int) -> Iterator[bytes]:
        assert self._answers is not None
        left = size
        while left:
            data = self._answers.read(min(left, CHUNK_BYTES))
            if not data:
                raise GitError("git cat-file ended before it answered")
            left -= len(data)
            yield data
        self._answers.read(1)
