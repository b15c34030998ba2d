"""Check what is staged, a message, commits, or the whole store."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from sotctl.checks.change import Change
from sotctl.checks.run import judge_change, judge_message
from sotctl.commands._shared import format_options, store_here, store_option
from sotctl.commands._verb import Verb
from sotctl.documents.quote import quote
from sotctl.errors import SotError, UsageError
from sotctl.findings import Finding, in_order, refuses
from sotctl.hooks.commit_msg import message_of
from sotctl.hooks.where import merge_parents
from sotctl.report import Format
from sotctl.repository.changes import committed, mistyped_revision, on_disk, staged
from sotctl.repository.engine import ready_engine
from sotctl.repository.git import Git, GitError
from sotctl.repository.store import Store, utc_now

MANY_FILES = 1000
"""From this many files in a store on, making the detector ready for bulk pays for itself."""


@click.command(cls=Verb, epilog="sotctl check --all\nsotctl check --range origin/main..HEAD --format json")
@click.option("--all", "everything", is_flag=True, help="The whole store as it lies on disk.")
@click.option("--staged", "index", is_flag=True, help="What the index would commit (as the pre-commit hook does).")
@click.option(
    "--message", type=click.Path(path_type=Path), metavar="FILE", help="A commit message (as the commit-msg hook does)."
)
@click.option("--range", "revisions", metavar="A..B", help="Every commit of a range.")
@format_options
@store_option
def command(everything: bool, index: bool, message: Path | None, revisions: str | None, form: Format) -> None:
    """Hold documents, admissions and commits against every rule.

    Exits with 1 when an error is found.
    """
    if sum((everything, index, message is not None, revisions is not None)) != 1:
        raise UsageError("name one of --all, --staged, --message FILE, --range A..B", hint="sotctl check --all")
    store = store_here()
    try:
        if message is not None:
            findings, checked = judge_message(message_of(_read(message)), str(message)), {"messages": 1}
        else:
            findings, checked = _judge(_changes(store, everything, revisions))
    except GitError:
        if revisions and (name := mistyped_revision(store.git, revisions)):
            raise UsageError(f"--range: there is no commit {quote(name)}", hint="git log --oneline --all") from None
        raise
    finally:
        store.objects.close()
    click.echo(form.render(findings, checked, "check"), nl=False)
    raise SystemExit(1 if refuses(findings) else 0)


def _changes(store: Store, everything: bool, revisions: str | None) -> Iterable[Change]:
    now = utc_now()
    if everything:
        if sum(1 for _ in store.work_tree().entries(store.folder)) >= MANY_FILES:
            ready_engine()
        return [on_disk(store, now=now)]
    git, objects = Git(store.top), store.objects
    if revisions is None:
        return [staged(git, objects, now=now, parents=merge_parents(store.git_dir))]
    return committed(git, objects, [revisions], now=now)


def _judge(changes: Iterable[Change]) -> tuple[list[Finding], dict[str, int]]:
    findings: list[Finding] = []
    checked = {"commits": 0, "documents": 0, "files": 0}
    for change in changes:
        findings += judge_change(change)
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
