"""What pre-commit, pre-merge-commit and pre-applypatch have in common: they look at what the index would commit."""

from __future__ import annotations

from sotctl.hooks.glance import is_plain_index
from sotctl.hooks.progress import watched
from sotctl.repository.git import Git, Objects
from sotctl.repository.where import merge_parents


def check_index(arguments: list[str]) -> int:
    """Check the index that git is about to commit, which is not always `.git/index`."""
    git = Git(".")
    objects = Objects(git)
    parents = merge_parents()
    if is_plain_index(git, objects, parents):
        return 0
    # What follows takes ten times as long to import as the look above.
    from dataclasses import replace

    from sotctl.checks.run import judge_change
    from sotctl.hooks.refusal import report
    from sotctl.repository.changes import staged
    from sotctl.repository.store import utc_now

    change = staged(git, objects, now=utc_now(), parents=parents)
    shown = replace(change, files=lambda: watched(change.files(), "files"))
    return report(git, judge_change(shown), "this commit")
