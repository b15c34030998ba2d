"""The common part of pre-commit, pre-merge-commit and pre-applypatch: checking what the index would commit."""

from __future__ import annotations

from sotctl.fastpath.quick_check import is_plain_index, load_rules
from sotctl.git.diff import read_staged
from sotctl.git.repository import Git, Objects
from sotctl.git.where import merge_parents


def check_index(arguments: list[str]) -> int:
    """Check the index that git is about to commit, which is not always `.git/index`."""
    git = Git(".")
    objects = Objects(git)
    objects.start()  # it starts up while the other git reads the index
    index = read_staged(git, merge_parents(), meanwhile=load_rules)
    if is_plain_index(objects, index):
        return 0
    # What follows takes ten times as long to import as the quick check.
    from sotctl.checks.changes import staged_change
    from sotctl.checks.run import check_change
    from sotctl.hooks.refusal import report
    from sotctl.store.store import utc_now

    return report(git, check_change(staged_change(git, objects, now=utc_now(), index=index)), "this commit")
