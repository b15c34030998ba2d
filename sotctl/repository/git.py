"""Runs git, and reads its objects in one batch."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sotctl.errors import SotError


class GitError(SotError):
    """A git command failed; the message holds what git said."""


class Git:
    """The git of one repository, run in *top*; `extra` is added to the environment of every command."""

    def __init__(self, top: Path, extra: Mapping[str, str] | None = None) -> None:
        self.top = top
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "GIT_NO_REPLACE_OBJECTS": "1", **(extra or {})}

    def output(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """What a command prints.

        Raises:
            GitError: It failed, or git is not installed.
        """
        done = self.run(*arguments, stdin=stdin)
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise GitError(f"git {arguments[0]}: {said or f'exit status {done.returncode}'}")
        return done.stdout

    def text(self, *arguments: str) -> str:
        """What a command prints, without the last line end."""
        return os.fsdecode(self.output(*arguments)).removesuffix("\n")

    def succeeds(self, *arguments: str) -> bool:
        """Whether a command exits with 0."""
        return self.run(*arguments).returncode == 0

    def run(self, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run a command and keep what it prints."""
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self.top,
                env=self.environment,
                input=stdin if stdin is not None else b"",
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed", hint="install git 2.28 or later") from None


class Objects:
    """Reads blobs through one `git cat-file --batch`, started when the first is asked for."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> bytes | None:
        """The bytes of an object by id or by `<tree>:<path>`; None where there is none.

        Raises:
            GitError: The batch ended early.
        """
        process = self._start()
        assert process.stdin
        assert process.stdout
        process.stdin.write(os.fsencode(name) + b"\n")
        process.stdin.flush()
        head = process.stdout.readline()
        if head.endswith((b" missing\n", b" ambiguous\n")):
            return None
        try:
            size = int(head.rsplit(b" ", 1)[1])
        except (IndexError, ValueError):
            raise GitError("git cat-file ended before it answered") from None
        return process.stdout.read(size + 1)[:-1]

    def close(self) -> None:
        """End the batch."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self._git.top,
                env=self._git.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process
