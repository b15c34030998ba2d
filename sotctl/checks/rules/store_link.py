"""A store holds files: no symbolic links, no submodules, no pointers to large files."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.errors import Command
from sotctl.findings import Finding

_LFS = b"version https://git-lfs.github.com/spec/"


def check(change: ChangeSet) -> Iterator[Finding]:
    """Check the mode and the first bytes of every changed file, and that `.sot` is a folder."""
    for path in change.remaining():
        kind = {"120000": "a symbolic link", "160000": "a submodule"}.get(change.after.mode(path) or "")
        if kind is None and (change.after.read(path) or b"").startswith(_LFS):
            kind = "a pointer to a large file"
        if kind is None and path == change.after.store:
            kind = "a file"
        if kind:
            what = "a store is a folder" if path == change.after.store else "a store holds files only"
            yield RULE.finding(path, f"this is {kind}; {what}", Command(f"git rm --cached {path}"))


RULE = PolicyRule(
    id="store-link",
    summary="A store holds files: no links, submodules or pointers to large files.",
    why="What is checked must be what is read: a link or pointer can lead elsewhere after the check.",
    fix="Put the file itself in place of the link.",
    check=check,
)
