"""The tasks of Stage 2: each a fixture's files, what is asked, and how the harness tests the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sotctl.digests import sha256
from sotctl.documents.quote import quote
from sotctl.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One test of a task: the input and the expected output of the function."""

    name: str
    given: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task: its fixture's files, what is asked, and the scripted patch of the fake baseline.

    `tests` names the fixture's test file, which holds `examples` for the agent; `calls` the function, as
    `module:function`.
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
