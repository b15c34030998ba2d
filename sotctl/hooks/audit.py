"""Finds what got past the hooks: checks every commit that a ref or a reflog reaches against every rule."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sotctl.findings import Finding, Place, in_order
from sotctl.git.repository import Git, Objects
from sotctl.git.updates import Known, Reached, RefUpdate, refs
from sotctl.hooks.check_updates import check_all_updates
from sotctl.secrets import scan, scan_path
from sotctl.secrets.finding import in_place


def audit(git: Git, objects: Objects, *, now: datetime) -> tuple[list[Finding], dict[str, int]]:
    """Check all refs, guarded or not, and all reflogs; also count what was checked.

    Commits that are upstream are checked as in the hooks: their secrets are warnings.

    Raises:
        GitError: History is missing here, so that it could not be verified.
    """
    everything = ["--reflog", *(["HEAD"] if git.commit() else []), "--not"]
    reached = Reached(git, objects, [RefUpdate(name, oid) for name, oid in refs(git).items()], Known(everything))
    found = [*check_all_updates(git, objects, reached, now=now), *_reflogs(git)]
    return in_order(found), {"refs": len(reached.updates), "commits": len(reached.commits)}


def _reflogs(git: Git) -> Iterator[Finding]:
    """The secrets in the messages and names of reflog entries: `git commit` copies the subject there."""
    common = Path(git.top, git.text("rev-parse", "--git-common-dir"))
    for log in [*common.glob("logs/**/*"), *common.glob("worktrees/*/logs/**/*")]:
        data = log.read_bytes() if log.is_file() else b""
        name = log.relative_to(common).as_posix().replace("logs/", "", 1)
        last = data.count(b"\n")
        for secret in scan(data):
            ref = "" if scan_path(name) else shlex.quote(f"{name}@{{{last - secret.line}}}")
            yield in_place(secret, Place.REFLOG, f"git reflog delete {ref}" if ref else "delete that ref")
