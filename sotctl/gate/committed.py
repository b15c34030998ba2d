"""What git has committed, read without the cost of `subprocess`: the gate has a few milliseconds for it."""

from __future__ import annotations

import os

from sotctl.git import process


class UnreadableError(Exception):
    """Git did not answer: it is not installed, or refuses to read the repository."""


class CommittedBlobs:
    """The blobs of some names, in order, from one `git cat-file --batch` that runs while the caller does other work.

    The names are resolved in *folder*, by the repository around it: no `GIT_*` variable of the caller is passed on, as
    `GIT_DIR` could name another repository.
    """

    def __init__(self, folder: str, names: list[str]) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment |= {"LC_ALL": "C.UTF-8", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1"}
        stdin, feed = os.pipe()
        answers, stdout = os.pipe()
        try:
            command = ["git", "-C", folder, "cat-file", "--batch"]
            self._pid = process.start(command, environment, stdin=stdin, stdout=stdout)
        except OSError:
            os.close(answers)
            os.close(feed)
            raise UnreadableError("git is not installed") from None
        finally:
            os.close(stdin)
            os.close(stdout)
        self._answers = os.fdopen(answers, "rb")
        try:
            os.write(feed, b"".join(os.fsencode(name) + b"\n" for name in names))
        except BrokenPipeError:
            pass  # git has ended; the first read says so
        finally:
            os.close(feed)

    def next(self, most_bytes: int) -> bytes | None:
        """The bytes of the next name; None where HEAD has none, and no more than *most_bytes* and one of a larger one.

        Raises:
            UnreadableError: Git ended without an answer, or the name is not that of a file.
        """
        head = self._answers.readline()
        if head.endswith((b" missing\n", b" ambiguous\n")):
            return None
        try:
            _, kind, size = head.rsplit(b" ", 2)
            left = int(size) + 1
        except ValueError:
            raise UnreadableError("git cannot read the repository around the file") from None
        if kind != b"blob":
            raise UnreadableError("HEAD holds a directory where a file is expected")
        kept = self._answers.read(min(left, most_bytes + 1))
        left -= len(kept)
        while left > 0 and (chunk := self._answers.read(min(left, 1 << 20))):
            left -= len(chunk)
        return kept[: int(size)]

    def close(self) -> None:
        """Let git end."""
        self._answers.close()
        process.wait(self._pid)
