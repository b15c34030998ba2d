"""pre-receive: what a push brings to a server, while its objects are still in quarantine."""

from __future__ import annotations

import sys

from sotctl.git.repository import Git
from sotctl.git.updates import GUARDED, Known, not_in, parse_updates
from sotctl.hooks import Hook
from sotctl.hooks.updates import check_updates


def run(arguments: list[str]) -> int:
    """Check every ref of the push, guarded or not, since its objects would be kept."""
    updates = [update for update in parse_updates(sys.stdin.buffer.read()) if update.new]
    if not updates:
        return 0
    git = Git(".")
    return check_updates(git, updates, Known(not_in(git, GUARDED)), "this push")


HOOK = Hook(id="pre-receive", run=run, places=("server",), reads_updates=True)
