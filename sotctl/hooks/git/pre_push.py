"""pre-push: what a push would bring to a remote that has not had it before."""

from __future__ import annotations

import os
import re
import sys

from sotctl.git.repository import Git
from sotctl.git.updates import Known, RefUpdate
from sotctl.hooks import Hook
from sotctl.hooks.updates import check_updates

_NAME = re.compile(r"[A-Za-z0-9._/-]+\Z")


def run(arguments: list[str]) -> int:
    """Check what goes to the remote, whose name (or URL, where it has none) is the first argument."""
    updates, there = [], []
    for line in sys.stdin.buffer.read().splitlines():
        _, new, name, old = (os.fsdecode(word) for word in line.split(b" "))
        if new.strip("0"):
            updates.append(RefUpdate(name, new))
        if old.strip("0"):
            there.append(old)
    if not updates:
        return 0
    git = Git(".")
    known = [*(f"^{oid}" for oid in there if git.succeeds("cat-file", "-e", oid)), "--not"]
    if _NAME.match(arguments[0]):
        known.append(f"--glob=refs/remotes/{arguments[0]}/*")
    return check_updates(git, updates, Known(known), "this push")


HOOK = Hook(id="pre-push", run=run, reads_updates=True)
