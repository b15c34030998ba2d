"""pre-commit: what the index would commit."""

from __future__ import annotations

from pathlib import Path

from sotctl.checks.run import judge_change
from sotctl.hooks import Hook
from sotctl.hooks.refusal import report
from sotctl.repository.changes import staged
from sotctl.repository.git import Git, Objects
from sotctl.repository.store import utc_now


def run(arguments: list[str]) -> int:
    """Check the index that git is about to commit, which is not always `.git/index`."""
    git = Git(Path.cwd())
    objects = Objects(git)
    try:
        findings = judge_change(staged(git, objects, now=utc_now()))
    finally:
        objects.close()
    return report(findings, "this commit")


HOOK = Hook(id="pre-commit", run=run)
