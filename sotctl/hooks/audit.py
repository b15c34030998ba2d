"""Finds what got past the hooks: checks every commit that a ref or a reflog reaches against every rule."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sotctl.checks.changes import committed
from sotctl.checks.texts import check_ref_name
from sotctl.findings import Finding, Place, in_order
from sotctl.git.diff import commit_ids
from sotctl.git.repository import Git, Objects
from sotctl.git.updates import Known, RefUpdate, tips
from sotctl.hooks.check_updates import Upstream, check_commit, check_tip
from sotctl.progress import watched
from sotctl.secrets import scan, scan_path
from sotctl.secrets.finding import in_place


def audit(git: Git, objects: Objects, *, now: datetime) -> tuple[list[Finding], dict[str, int]]:
    """Check all refs, guarded or not, and all reflogs; also count what was checked.

    Commits that are upstream are checked as in the hooks: their secrets are warnings.

    Raises:
        GitError: History is missing here, so that it could not be verified.
    """
    refs = [RefUpdate(name, oid) for name, oid in _refs(git)]
    found = [finding for ref in refs for finding in check_ref_name(ref.name)]
    named = list(tips(git, objects, refs))
    for tip in named:
        found += check_tip(git, objects, tip, now)
    starts = [tip.oid for tip in named if tip.kind == "commit"]
    everything = ["--reflog", *(["HEAD"] if _is_born(git) else [])]
    upstream = Upstream(git, starts, Known([*everything, "--not"]))
    found += _reflogs(git)
    count = 0
    for change in watched(committed(git, objects, commit_ids(git, starts, *everything), now=now), "commits"):
        count += 1
        found += check_commit(change, upstream)
    return in_order(found), {"refs": len(refs), "commits": count}


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


def _refs(git: Git) -> Iterator[tuple[str, str]]:
    for line in git.text("for-each-ref", "--format=%(objectname) %(refname)").splitlines():
        oid, _, name = line.partition(" ")
        yield name, oid


def _is_born(git: Git) -> bool:
    return git.succeeds("rev-parse", "--verify", "-q", "HEAD^{commit}")
