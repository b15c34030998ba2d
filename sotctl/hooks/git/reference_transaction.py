"""reference-transaction: every ref that any git command moves, `--no-verify` or not; it refuses in `prepared`."""

from __future__ import annotations

import os
import sys

from sotctl.git.repository import Git
from sotctl.git.updates import UPSTREAM, Known, is_guarded, not_in, parse_updates
from sotctl.hooks import Hook
from sotctl.hooks.updates import check_updates


def run(arguments: list[str]) -> int:
    """Check what the guarded refs would come to reach.

    The shim passes the state, the guarded refs, the first line that concerns one, and the rest of git's input.
    """
    state, guarded, first = arguments
    if state != "prepared":
        return 0
    refs = guarded.split()
    given = [update for update in parse_updates(os.fsencode(first) + b"\n" + sys.stdin.buffer.read()) if update.new]
    arriving = [update.new for update in given if update.name.startswith(UPSTREAM)]
    comes = {update.name: update.new for update in given}
    for update in given:
        # A symbolic ref (git 2.46) may lead to a ref of the same transaction, which does not exist yet.
        target = update.new.removeprefix("ref:")
        update.new = comes.get(target, update.new) if target != update.new else update.new
    updates = [update for update in given if is_guarded(update.name, refs)]
    if not updates:
        return 0
    git = Git(".")
    return check_updates(git, updates, Known(not_in(git, refs), arriving), "this update of refs")


HOOK = Hook(id="reference-transaction", run=run, places=("clone", "server"), reads_updates=True)
