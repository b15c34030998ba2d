"""Check what is staged, a message, commits, or the whole store."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.checks.change import Change
from sotctl.checks.changes import committed, mistyped_revision, on_disk, staged_change
from sotctl.checks.fixes import Fix, fixes
from sotctl.checks.run import check_change
from sotctl.checks.texts import check_message
from sotctl.documents.quote import quote
from sotctl.errors import Command, SotError, UsageError
from sotctl.findings import Finding, in_order
from sotctl.git.diff import commit_ids
from sotctl.git.repository import Git, GitError
from sotctl.hooks.git.commit_msg import kept_of
from sotctl.plan import Plan
from sotctl.report.places import visible
from sotctl.result import Result
from sotctl.store.apply import apply

GROUP = "check"


@verb(example="sotctl check --all --fix\nsotctl check --range origin/main..HEAD --format json", formats=True)
@click.option("--all", "everything", is_flag=True, help="The whole store as it lies on disk.")
@click.option("--staged", "index", is_flag=True, help="What the index would commit (as the pre-commit hook does).")
@click.option(
    "--message", type=click.Path(path_type=Path), metavar="FILE", help="A commit message (as the commit-msg hook does)."
)
@click.option("--range", "revisions", metavar="A..B", help="Every commit of a range.")
@click.option(
    "--fix",
    is_flag=True,
    help="With --all: edit on disk what needs no decision, say what, and check again. An admission that differs from "
    "the one record that approves it is derived again; a baseline line that accepts nothing is taken out. Nothing is "
    "staged or committed, and no status changes.",
)
def command(app: App, everything: bool, index: bool, message: Path | None, revisions: str | None, fix: bool) -> Result:
    """Check documents, admissions and commits against every rule.

    Exits with 1 when an error is found, with --fix when one is left.
    """
    if sum((everything, index, message is not None, revisions is not None)) != 1:
        raise UsageError(
            "name one of --all, --staged, --message FILE, --range A..B", hint=Command("sotctl check --all")
        )
    if fix and not everything:
        raise UsageError("--fix edits files on disk, so it goes with --all", hint=Command("sotctl check --all --fix"))
    store = app.store
    fixed: list[Fix] = []
    try:
        if fix:
            fixed = _fix(app)
        if message is not None:
            findings, checked = check_message(kept_of(store.git, _read(message)), str(message)), {"messages": 1}
        else:
            findings, checked = _check(_changes(app, everything, revisions))
    except GitError:
        if revisions and (name := mistyped_revision(store.git, revisions)):
            raise UsageError(
                f"--range: there is no commit {quote(name)}", hint=Command("git log --oneline --all")
            ) from None
        raise
    if not fix:
        return app.findings(findings, checked, "check")
    result = app.findings(findings, {**checked, "fixed": [entry.to_json() for entry in fixed]}, "check")
    done = "\n".join(_done(fixed))
    if app.form in ("", "text"):
        return replace(result, document=f"{done}\n{result.document}")
    return replace(result, note=done)


def _fix(app: App) -> list[Fix]:
    """Write what needs no decision, under the lock of the store, and give what was written."""
    store = app.store
    change = on_disk(store, now=app.now)
    tracked = set(os.fsdecode(store.git.output("ls-files", "-z")).split("\0"))
    found = fixes(change, check_change(change), store.commit_tree(), tracked, now=app.now)
    files, before = {entry.path: entry.data for entry in found}, {entry.path: entry.before for entry in found}
    apply(store, Plan(files=files, before=before, message="Put right what needs no decision\n"), commit=False)
    return found


def _done(fixed: list[Fix]) -> list[str]:
    """What was put right, one line a file."""
    rows = [f"fixed  {visible(entry.path)}: {entry.message}" for entry in fixed]
    return rows or ["fixed  nothing: what is left needs a decision, or nothing is wrong"]


def _changes(app: App, everything: bool, revisions: str | None) -> Iterable[Change]:
    store, now = app.store, app.now
    if everything:
        return [on_disk(store, now=now)]
    git, objects = Git(store.top), store.objects
    if revisions is None:
        return [staged_change(git, objects, now=now)]
    return committed(git, objects, commit_ids(git, [revisions]), now=now)


def _check(changes: Iterable[Change]) -> tuple[list[Finding], dict[str, int]]:
    findings: list[Finding] = []
    checked = {"commits": 0, "documents": 0, "files": 0}
    for change in changes:
        findings += check_change(change)
        checked["commits"] += change.message is not None
        checked["documents"] += sum(
            store.after.kind_of(path) is not None for store in change.stores for path in store.changed
        )
        checked["files"] += sum(1 for _ in change.files())
    return in_order(findings), {name: count for name, count in checked.items() if count or name == "files"}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SotError(f"cannot read {path}: {error.strerror}") from error
