"""Check what is staged, a message, commits, or the whole store."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from sotctl.app.options import format_options, store_option
from sotctl.app.shared import store_here
from sotctl.app.verb import Verb
from sotctl.checks.change import Change
from sotctl.checks.changes import committed, mistyped_revision, on_disk, staged
from sotctl.checks.fixes import Fix, fixes
from sotctl.checks.run import check_change, check_message
from sotctl.documents.quote import quote
from sotctl.errors import SotError, UsageError
from sotctl.findings import Finding, in_order, refuses
from sotctl.git.diff import read_staged
from sotctl.git.repository import Git, GitError
from sotctl.git.where import merge_parents
from sotctl.hooks.git.commit_msg import kept_of
from sotctl.plan import Plan
from sotctl.report import Format
from sotctl.report.formats.text import visible
from sotctl.store.apply import apply
from sotctl.store.store import Store, utc_now


@click.command(cls=Verb, epilog="sotctl check --all --fix\nsotctl check --range origin/main..HEAD --format json")
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
@format_options
@store_option
def command(
    everything: bool, index: bool, message: Path | None, revisions: str | None, fix: bool, form: Format
) -> None:
    """Check documents, admissions and commits against every rule.

    Exits with 1 when an error is found, with --fix when one is left.
    """
    if sum((everything, index, message is not None, revisions is not None)) != 1:
        raise UsageError("name one of --all, --staged, --message FILE, --range A..B", hint="sotctl check --all")
    if fix and not everything:
        raise UsageError("--fix edits files on disk, so it goes with --all", hint="sotctl check --all --fix")
    store = store_here()
    fixed: list[Fix] = []
    try:
        if fix:
            fixed = _fix(store)
        if message is not None:
            findings, checked = check_message(kept_of(store.git, _read(message)), str(message)), {"messages": 1}
        else:
            findings, checked = _judge(_changes(store, everything, revisions))
    except GitError:
        if revisions and (name := mistyped_revision(store.git, revisions)):
            raise UsageError(f"--range: there is no commit {quote(name)}", hint="git log --oneline --all") from None
        raise
    finally:
        store.objects.close()
    if fix:
        _tell(fixed, err=form.id != "text")
    told = {**checked, "fixed": [entry.to_json() for entry in fixed]} if fix else checked
    click.echo(form.render(findings, told, "check"), nl=False)
    raise SystemExit(1 if refuses(findings) else 0)


def _fix(store: Store) -> list[Fix]:
    """Write what needs no decision, under the lock of the store, and give what was written."""
    now = utc_now()
    change = on_disk(store, now=now)
    tracked = set(os.fsdecode(store.git.output("ls-files", "-z")).split("\0"))
    found = fixes(change, check_change(change), store.commit_tree(), tracked, now=now)
    files, before = {entry.path: entry.data for entry in found}, {entry.path: entry.before for entry in found}
    apply(store, Plan(files=files, before=before, message="Put right what needs no decision\n"), commit=False)
    return found


def _tell(fixed: list[Fix], *, err: bool) -> None:
    """Say what was done; where stdout holds a document or annotations, on stderr."""
    for entry in fixed:
        click.echo(f"fixed  {visible(entry.path)}: {entry.message}", err=err)
    if not fixed:
        click.echo("fixed  nothing: what is left needs a decision, or nothing is wrong", err=err)


def _changes(store: Store, everything: bool, revisions: str | None) -> Iterable[Change]:
    now = utc_now()
    if everything:
        return [on_disk(store, now=now)]
    git, objects = Git(store.top), store.objects
    if revisions is None:
        return [staged(git, objects, read_staged(git, merge_parents(store.git_dir)), now=now)]
    return committed(git, objects, [revisions], now=now)


def _judge(changes: Iterable[Change]) -> tuple[list[Finding], dict[str, int]]:
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
