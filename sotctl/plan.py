"""A change that has been worked out and not yet made."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Files to write, and the commit that records them.

    `files` holds the new bytes by path relative to the top of the repository, `before` the bytes each had when the
    plan was made (None: the file did not exist). `apply` refuses when a file is no longer as in `before`, and when it
    has uncommitted changes, unless it `is_derived` from other files.
    """

    files: Mapping[str, bytes]
    before: Mapping[str, bytes | None]
    message: str
    is_derived: bool = False

    def changed(self) -> dict[str, bytes]:
        """The files whose bytes the plan changes."""
        return {path: data for path, data in self.files.items() if self.before.get(path) != data}

    def diff(self) -> str:
        """A unified diff of every file the plan changes, with LF line ends shown as they are."""
        return "".join(_diff(path, self.before.get(path), data) for path, data in sorted(self.changed().items()))


def _diff(path: str, before: bytes | None, after: bytes) -> str:
    old = [] if before is None else before.decode("utf-8", "replace").splitlines(keepends=True)
    new = after.decode("utf-8", "replace").splitlines(keepends=True)
    lines = difflib.unified_diff(old, new, "/dev/null" if before is None else f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
