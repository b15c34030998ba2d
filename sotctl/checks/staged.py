"""What is staged, as the one change that the hook, `sotctl check --staged` and `sotctl commit` check alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sotctl.checks.change import Change
from sotctl.checks.changes import staged
from sotctl.git.diff import Staged, read_staged
from sotctl.git.repository import Git, Objects
from sotctl.git.where import merge_parents
from sotctl.progress import watched


def staged_change(git: Git, objects: Objects, *, now: datetime, index: Staged | None = None) -> Change:
    """What the index would commit, with progress on a terminal. *index* is what was read of it already."""
    found = index or read_staged(git, merge_parents(git.text("rev-parse", "--absolute-git-dir")))
    change = staged(git, objects, found, now=now)
    return replace(change, files=lambda: watched(change.files(), "files"))
