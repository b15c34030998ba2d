"""Reads a commit of the store for its pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sotctl.checks.change import ChangeSet
from sotctl.checks.run import check_store
from sotctl.documents.policy import Policy, parse_policy
from sotctl.errors import Command
from sotctl.findings import Finding, RejectedError, at
from sotctl.report.places import printable
from sotctl.secrets.reasons import SECRET
from sotctl.site.clean import clean_events, cleaned
from sotctl.site.model import EPOCH, Site
from sotctl.store.store import Store, open_snapshot
from sotctl.store.timeline import read_timeline


def read_site(store: Store) -> Site:
    """What HEAD holds, seen from the instant of its commit, so that one commit has one site."""
    commit = store.git.run("rev-parse", "--verify", "-q", "HEAD^{commit}").stdout.decode().strip()
    at = datetime.fromtimestamp(int(store.git.text("show", "-s", "--format=%ct", commit)), UTC) if commit else EPOCH
    raw = store.commit_tree()
    policy = _policy(store, raw.read(f"{store.folder}/sot.toml"))
    tree, masked = cleaned(raw, store.folder)
    snapshot = open_snapshot(tree, store.folder, now=at, policy=policy)
    timeline = read_timeline(store.git, store.objects, store.folder, tuple(policy.moves))
    timeline = replace(timeline, events=clean_events(timeline.events))
    changed = frozenset(entry.path for entry in snapshot.entries)
    found = check_store(ChangeSet(before=None, after=snapshot, changed=changed))
    found += [_secret(path) for path in masked]
    return Site(snapshot=snapshot, timeline=timeline, findings=printable(found), commit=commit, at=at, masked=masked)


def _policy(store: Store, data: bytes | None) -> Policy:
    try:
        return parse_policy(f"{store.folder}/sot.toml", data)
    except RejectedError:
        return Policy()


def _secret(path: str) -> Finding:
    message = "holds what looks like a secret; it is withheld here"
    return Finding(rule=SECRET, location=at(path), message=message, fix=Command("sotctl scan"))
