"""Reads a commit of the store for its pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sotctl.checks.change import ChangeSet
from sotctl.checks.run import check_store
from sotctl.documents.policy import Policy, parse_policy
from sotctl.documents.tree import Entry, Tree
from sotctl.errors import Command
from sotctl.findings import Finding, RejectedError
from sotctl.git.diff import SUBMODULE
from sotctl.git.trees import CommitTree
from sotctl.report.places import printable
from sotctl.secrets.reasons import SECRET
from sotctl.site.clean import clean_events, cleaned
from sotctl.site.model import Site
from sotctl.store.store import Store, open_snapshot
from sotctl.store.timeline import read_timeline


def read_site(store: Store) -> Site:
    """What HEAD holds, seen from the instant of its commit, so that one commit has one site."""
    commit = store.git.commit()
    seconds = int(store.git.text("log", "-1", "--no-show-signature", "--format=%ct", commit)) if commit else 0
    instant = datetime.fromtimestamp(seconds, UTC)
    raw = store.commit_tree()
    policy = _policy(store, raw.read(f"{store.folder}/sot.toml"))
    tree, masked = cleaned(raw, _files(store, raw))
    snapshot = open_snapshot(tree, store.folder, now=instant, policy=policy)
    timeline = read_timeline(store.git, store.objects, store.folder, tuple(policy.moves))
    timeline = replace(timeline, events=clean_events(timeline.events))
    changed = frozenset(entry.path for entry in snapshot.entries)
    found = check_store(ChangeSet(before=None, after=snapshot, changed=changed))
    found += [_secret(path) for path in masked]
    return Site(snapshot=snapshot, timeline=timeline, findings=printable(found), commit=commit, at=instant)


def _files(store: Store, tree: Tree) -> list[tuple[Entry, bytes]]:
    """Every file and link of the store in a commit, listed once and read in one batch."""
    listing = tree.listing(store.folder) if isinstance(tree, CommitTree) else []
    found = [(Entry(path, mode), oid) for path, mode, oid in listing if mode != SUBMODULE]
    blobs = store.objects.read_many([oid for _, oid in found])
    return [(entry, next(blobs)) for entry, _ in found]


def _policy(store: Store, data: bytes | None) -> Policy:
    try:
        return parse_policy(f"{store.folder}/sot.toml", data)
    except RejectedError:
        return Policy()


def _secret(path: str) -> Finding:
    message = "holds what looks like a secret; it is withheld here"
    return SECRET.finding(path, message, Command("sotctl scan"))
