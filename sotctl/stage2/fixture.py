"""The fixture of a task: made from a template that is part of sotctl, and tested by the harness itself.

The harness's tests are those of the template, never the ones an agent may have rewritten.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sotctl.digests import sha256
from sotctl.errors import UsageError

TEST_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task: its fixture's files, what is asked, and the scripted patch of the fake baseline."""

    id: str
    request: str
    files: Mapping[str, str]
    tests: str
    patch: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """The digest of the task file."""
        return sha256(self.request.encode())

    @property
    def tree_sha256(self) -> str:
        """The digest of the fixture as it is made: of each path and the digest of its bytes, in order."""
        lines = [f"{sha256(text.encode())}  {path}\n" for path, text in sorted(self.files.items())]
        return sha256("".join(lines).encode())


_SLUGIFY_TEST = '''\
"""What slugify must do."""

import unittest

from slugify import slugify


class Slugify(unittest.TestCase):
    def test_words(self):
        self.assertEqual(slugify("Hello, World!"), "hello-world")

    def test_space_around(self):
        self.assertEqual(slugify("  A  b  "), "a-b")

    def test_nothing(self):
        self.assertEqual(slugify("!!!"), "")


if __name__ == "__main__":
    unittest.main()
'''
_SLUGIFY = '''\
"""Turn a title into a slug."""


def slugify(title):
    raise NotImplementedError
'''
_SLUGIFIED = '''\
"""Turn a title into a slug."""

import re


def slugify(title):
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))
'''
TASKS = {
    "string-slugify": Task(
        id="string-slugify",
        request=(
            "# Make slugify work\n\n`slugify('Hello, World!')` in `slugify.py` must give `hello-world`.\n"
            "The tests in `test_slugify.py` say the rest; run them with `python3 -m unittest`.\n"
        ),
        files={"slugify.py": _SLUGIFY, "test_slugify.py": _SLUGIFY_TEST},
        tests="test_slugify.py",
        patch={"slugify.py": _SLUGIFIED},
    )
}


def require_task(name: str) -> Task:
    """The task of that name.

    Raises:
        UsageError: There is none; the message names those there are.
    """
    if name not in TASKS:
        raise UsageError(f"there is no task {name!r}; there are {', '.join(sorted(TASKS))}")
    return TASKS[name]


def make(task: Task, folder: Path) -> None:
    """Make a fixture: a git repository without a remote, its files committed."""
    folder.mkdir(mode=0o700, parents=True)
    for path, text in task.files.items():
        (folder / path).write_text(text, encoding="utf-8")
    _git(folder, "init", "-q", "-b", "main", "--template=")
    _git(folder, "add", "--", *task.files)
    _git(folder, "commit", "-q", "--no-verify", "--no-gpg-sign", "-m", f"Fixture of {task.id}")


def _git(folder: Path, *arguments: str) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    who = {f"GIT_{role}_{key}": f"harness{end}" for role in ("AUTHOR", "COMMITTER") for key, end in _IDENTITY}
    environment = {**kept, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


_IDENTITY = (("NAME", ""), ("EMAIL", "@localhost"))


def tests_pass(task: Task, folder: Path) -> bool:
    """Run the template's tests on the files of a fixture, in a copy that holds nothing else.

    They pass when every one of them ran and none failed; an exit status alone could be had without running any.
    """
    expected = len(re.findall(r"def test_", task.files[task.tests]))
    with tempfile.TemporaryDirectory(prefix="sotctl-tests-") as copy:
        for path in task.files:
            source = folder / path
            if path != task.tests and source.is_file() and not source.is_symlink():
                (Path(copy) / path).write_bytes(source.read_bytes())
        (Path(copy) / task.tests).write_text(task.files[task.tests], encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-E", "-s", "-B", "-m", "unittest", task.tests.removesuffix(".py")],
                cwd=copy,
                env={"PATH": os.defpath, "HOME": copy, "LC_ALL": "C.UTF-8"},
                capture_output=True,
                check=False,
                timeout=TEST_TIMEOUT_S,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            return False
    said = done.stderr.decode("utf-8", "replace")
    return done.returncode == 0 and re.search(rf"^Ran {expected} tests? ", said, re.MULTILINE) is not None
