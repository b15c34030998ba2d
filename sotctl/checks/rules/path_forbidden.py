"""A path in a store is text that every shell, terminal and file system reads alike."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.errors import Command
from sotctl.findings import Finding

_FORBIDDEN = frozenset("\"'\\")
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mdx")


def check(change: ChangeSet) -> Iterator[Finding]:
    """Check the path of every file that exists after the change; a removed file may have had any name."""
    for path in change.remaining():
        inside = path.removeprefix(change.after.store)
        if any(not character.isprintable() or character in _FORBIDDEN for character in inside):
            message = "this path holds a quote, a backslash, or a byte that is not printable text"
            yield RULE.finding(path, message, "rename the file")
        elif path.lower().endswith(_MARKDOWN) and not path.endswith(".md"):
            message = "a document's name ends in `.md`; no rule would check this one"
            yield RULE.finding(path, message, Command(f"git mv {path} {path.rpartition('.')[0]}.md"))


RULE = PolicyRule(
    id="path-forbidden",
    summary="A path in a store is printable text without quotes and backslashes, and a document ends in `.md`.",
    why="A name that looks like another, or breaks a line of output, hides what is governed.",
    fix="Rename the file.",
    check=check,
)
