"""What the verbs have in common: options, opening the store, and making a plan real."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import click

from sotctl.checks.change import ChangeSet
from sotctl.checks.run import check_store
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.tree import OverlayTree
from sotctl.export.derive import with_exports
from sotctl.findings import Finding, RejectedError, refuses
from sotctl.issues.planning import LastMove
from sotctl.plan import Plan
from sotctl.store import apply as repository_apply
from sotctl.store.journal import has_journal
from sotctl.store.lock import LockedError, locked
from sotctl.store.store import Store, open_snapshot, open_store

LastMoveOf = Callable[[Issue], LastMove | None]


def store_here() -> Store:
    """Open the store, and first mend what a killed sotctl left half done, unless a writer is at work right now."""
    store = open_store()
    if has_journal(store.private):
        try:
            with locked(store.private, "recovery", patience_s=0):
                repository_apply.recover(store)
        except LockedError:
            pass
    return store


def snapshot_after(snapshot: Snapshot, plan: Plan) -> Snapshot:
    """The documents as a plan would leave them."""
    return open_snapshot(
        OverlayTree(snapshot.tree, plan.files), snapshot.store, now=snapshot.now, policy=snapshot.policy
    )


def check_plan(snapshot: Snapshot, plan: Plan, last_move: LastMoveOf = lambda _: None) -> list[Finding]:
    """Everything that a planned change would break."""
    changed = frozenset(plan.changed())
    after = snapshot_after(snapshot, plan)
    return check_store(ChangeSet(before=snapshot, after=after, changed=changed, last_move=last_move))


def carry_out(
    store: Store,
    snapshot: Snapshot,
    plan: Plan,
    type_: str,
    values: Mapping[str, object],
    *,
    dry_run: bool,
    no_commit: bool,
    as_json: bool,
    last_move: LastMoveOf = lambda _: None,
) -> tuple[str | None, bool]:
    """Hold a plan against the rules, then make it, or with *dry_run* print its diff.

    Returns:
        The id of the commit where one was made, and whether the verb has still to tell a person what was done.
    Raises:
        RejectedError: The change would break a rule; the findings say which.
    """
    plan = with_exports(snapshot, plan)
    findings = check_plan(snapshot, plan, last_move)
    if refuses(findings):
        raise RejectedError(findings)
    for finding in findings:
        click.echo(f"warning: {finding.message}\n    {finding.path}:{finding.line}: {finding.fix}", err=True)
    commit = None if dry_run else repository_apply.apply(store, plan, commit=not no_commit)
    if commit and not store.git.succeeds("symbolic-ref", "-q", "HEAD"):
        click.echo("HEAD is detached; no branch holds this commit yet", err=True)
    if as_json:
        diff = {"diff": plan.diff()} if dry_run else {}
        print_json(type_, {**values, "files": sorted(plan.changed()), "commit": commit, **diff})
    elif dry_run:
        click.echo(plan.diff() or "nothing would change\n", nl=False)
    return commit, not as_json and not dry_run


def print_json(type_: str, values: Mapping[str, object]) -> None:
    """Print a result as a JSON document with its `type` first."""
    click.echo(json.dumps({"type": type_, **values}, indent=2))
