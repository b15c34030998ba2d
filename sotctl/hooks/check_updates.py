"""Checks in full what an update of refs makes reachable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sotctl.checks.change import Change
from sotctl.checks.changes import committed, whole_tree
from sotctl.checks.run import as_upstream, check_change
from sotctl.checks.texts import check_commit_object, check_ref_name
from sotctl.documents import rules
from sotctl.findings import Finding, Location, Place, in_order
from sotctl.git.diff import commit_ids
from sotctl.git.repository import Git, Objects
from sotctl.git.trees import DamagedTreeError
from sotctl.git.updates import UPSTREAM, Known, Reached, Tip
from sotctl.progress import watched
from sotctl.secrets.finding import in_place
from sotctl.secrets.reasons import ABOUT_SECRETS
from sotctl.secrets.stream import scan_stream


def check_all_updates(git: Git, objects: Objects, reached: Reached, *, now: datetime) -> list[Finding]:
    """Everything that breaks a rule in what the updates make reachable: names, tags, and every commit on the way.

    Raises:
        GitError: An object is not here, so that nothing can be said.
    """
    found = [finding for update in reached.updates for finding in check_ref_name(update.name)]
    for tip in reached.tips:
        found += _check_tip(git, objects, tip, now)
    upstream = _Upstream(git, reached.starts, reached.known)
    for change in watched(committed(git, objects, reached.commits, now=now), "commits"):
        found += _check_commit(change, upstream)
    return in_order(found)


def _check_commit(change: Change, upstream: _Upstream) -> list[Finding]:
    """The findings of one commit; a secret that is upstream already is a warning, unless configured otherwise."""
    try:
        found = check_change(change)
    except DamagedTreeError as error:
        damaged = rules.TREE_DAMAGED.finding("", error.message, error.hint)
        return [replace(damaged, location=Location(place=Place.TREE), commit=change.commit)]
    if any(finding.rule in ABOUT_SECRETS for finding in found) and upstream.has(change.commit):
        return as_upstream(found, change.policy())
    return found


class _Upstream:
    """The commits that remote-tracking refs reach already; looked up when first asked for, which is seldom."""

    def __init__(self, git: Git, starts: Sequence[str], known: Known) -> None:
        self._git, self._starts, self._known = git, starts, known
        self._ours: frozenset[str] | None = None

    def has(self, commit: str) -> bool:
        """Whether a commit lies upstream."""
        if self._ours is None:
            starts = [*self._starts, *(f"^{oid}" for oid in self._known.arriving)]
            self._ours = frozenset(commit_ids(self._git, starts, *self._known.options, f"--glob={UPSTREAM}*"))
        return commit not in self._ours


def _check_tip(git: Git, objects: Objects, tip: Tip, now: datetime) -> list[Finding]:
    """The findings of an object that a ref names without a commit: the text of a tag, a tree or a blob."""
    if tip.kind == "tag":
        found = check_commit_object(tip.data, "delete the tag, tag anew", is_tag=True)
        return [replace(finding, commit=tip.oid) for finding in found]
    if tip.kind == "tree":
        found = check_change(whole_tree(git, objects, tip.oid, now=now))
        return [replace(finding, commit=tip.oid) for finding in found]
    if tip.kind == "blob":
        secrets = scan_stream(objects.chunks(tip.oid))
        return [replace(in_place(secret, Place.BLOB, "name another object"), commit=tip.oid) for secret in secrets]
    return []
