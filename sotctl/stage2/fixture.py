"""The fixture of a task: made from a template that is part of sotctl, and tested by the harness itself.

The harness's tests are those of the template, never the ones an agent may have rewritten.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl.digests import sha256
from sotctl.documents.quote import quote
from sotctl.errors import UsageError

TEST_TIMEOUT_S = 60.0
MAX_SAID_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One test of a task: what the function is given, and what it must give."""

    name: str
    given: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task: its fixture's files, what is asked, and the scripted patch of the fake baseline.

    `tests` names the file that says to the agent what `examples` say here; `calls` the function, as `module:function`.
    """

    id: str
    request: str
    files: Mapping[str, str]
    tests: str
    calls: str
    examples: Sequence[Example]
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


_SLUGIFY_CASES = (
    Example(name="words", given="Hello, World!", expected="hello-world"),
    Example(name="space_around", given="  A  b  ", expected="a-b"),
    Example(name="nothing", given="!!!", expected=""),
)
_SLUGIFY_TESTS = "\n".join(
    f'    def test_{case.name}(self):\n        self.assertEqual(slugify("{case.given}"), "{case.expected}")\n'
    for case in _SLUGIFY_CASES
)
_SLUGIFY_TEST = f'''\
"""What slugify must do."""

import unittest

from slugify import slugify


class Slugify(unittest.TestCase):
{_SLUGIFY_TESTS}

if __name__ == "__main__":
    unittest.main()
'''
_SLUGIFY = '''\
"""Turn a title into a slug."""


def slugify(title):
    return title
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
        calls="slugify:slugify",
        examples=_SLUGIFY_CASES,
        patch={"slugify.py": _SLUGIFIED},
    )
}


def require_task(name: str) -> Task:
    """The task of that name.

    Raises:
        UsageError: There is none; the message names those there are.
    """
    if name not in TASKS:
        raise UsageError(f"there is no task {quote(name)}; known: {', '.join(sorted(TASKS))}")
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


_CALL = """
import importlib, json, os, sys
end, module, function, given = int(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
call = getattr(importlib.import_module(module), function)
os.write(end, json.dumps([call(value) for value in given]).encode())
"""


def tests_pass(task: Task, folder: Path) -> bool:
    """Run the template's tests on the files of a fixture, in a copy that holds nothing else.

    The code under test runs in a process that is told the inputs alone. What it gives for each comes back over a pipe
    of its own and is compared here, so that neither what the code prints nor how its process ends is a verdict.
    """
    with tempfile.TemporaryDirectory(prefix="sotctl-tests-") as copy:
        for path in task.files:
            source = folder / path
            if path != task.tests and source.is_file() and not source.is_symlink():
                (Path(copy) / path).write_bytes(source.read_bytes())
        said = _called(task, copy)
    try:
        values = json.loads(said)
    except (ValueError, RecursionError):
        return False
    expected = [example.expected for example in task.examples]
    return isinstance(values, list) and values == expected


def _called(task: Task, folder: str) -> bytes:
    """What the code in *folder* gave for every input, as JSON; nothing where it did not come to its end."""
    module, _, function = task.calls.partition(":")
    given = json.dumps([example.given for example in task.examples])
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    try:
        done = subprocess.run(
            [sys.executable, "-E", "-s", "-B", "-c", _CALL, str(write_end), module, function, given],
            cwd=folder,
            env={"PATH": os.defpath, "HOME": folder, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(write_end,),
            check=False,
            timeout=TEST_TIMEOUT_S,
            start_new_session=True,
        )
        return os.read(read_end, MAX_SAID_BYTES) if done.returncode == 0 else b""
    except (subprocess.TimeoutExpired, BlockingIOError):
        return b""
    finally:
        os.close(read_end)
        os.close(write_end)
