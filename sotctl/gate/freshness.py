"""Whether a clone has fetched lately: a revocation reaches a host by a fetch."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from sotctl.documents.dates import parse_duration
from sotctl.documents.quote import quote
from sotctl.gate.branches import REMOTE, Branch
from sotctl.git.repository import Git

_AHEAD = timedelta(minutes=5)
"""How far the clock that wrote FETCH_HEAD may be ahead of ours."""


def staleness(git: Git, branch: Branch | None, now: datetime, max_ages: list[str]) -> str:
    """Why the clone around *branch* is stale, as a sentence; "" where it is not.

    Args:
        max_ages: How long ago the last fetch may be, as configuration and environment write it; the shortest counts.
    """
    ages = [(parse_duration(written), written) for written in max_ages]
    if unreadable := next((written for age, written in ages if age is None), ""):
        return f"{quote(unreadable)} is no length of time, written like `24h`"
    age, written = min((age, written) for age, written in ages if age is not None)
    if branch is None:
        return "there is no branch, and so no upstream"
    if problem := _upstream_problem(git, branch):
        return problem
    fetched = _last_fetch(git)
    if fetched is None:
        return "it is unknown when this clone last fetched"
    if fetched > now + _AHEAD:
        return f"the last fetch is dated {fetched:%Y-%m-%dT%H:%M:%SZ}, in the future"
    if now - fetched > age:
        return f"the last fetch was at {fetched:%Y-%m-%dT%H:%M:%SZ}, longer than {written} ago"
    return ""


def _upstream_problem(git: Git, branch: Branch) -> str:
    if branch.name.startswith(REMOTE):
        return ""
    said = git.text("for-each-ref", "--format=%(upstream) %(upstream:trackshort)", branch.name)
    upstream, _, track = said.partition(" ")
    if not upstream.startswith(REMOTE):
        return f"{quote(branch.name)} has no upstream"
    if track not in ("=", ">"):
        return f"{quote(branch.name)} lies behind {quote(upstream)}" if track else f"{quote(upstream)} is gone"
    return ""


def _last_fetch(git: Git) -> datetime | None:
    """When the work tree, or the main one, last fetched."""
    places = git.text("rev-parse", "--path-format=absolute", "--git-path", "FETCH_HEAD", "--git-common-dir").split("\n")
    times = []
    for path in (places[0], os.path.join(places[1], "FETCH_HEAD")):
        try:
            times.append(os.stat(path, follow_symlinks=False).st_mtime)
        except OSError:
            continue
    return datetime.fromtimestamp(max(times), UTC) if times else None
