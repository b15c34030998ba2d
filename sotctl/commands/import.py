"""Take over ADR folders and Markdown that was flattened to one line."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, check_plan, store_here
from sotctl.app.verb import Verb
from sotctl.documents import layout
from sotctl.documents.quote import counted, shown
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import SotError, UsageError
from sotctl.findings import RejectedError, refuses
from sotctl.issues.importing.choices import chosen, parse_choices
from sotctl.issues.importing.flattened import is_flattened
from sotctl.issues.importing.folder import Folder, LeftOut, read_folder
from sotctl.issues.importing.plan import NothingToImportError, PlannedImport, plan_records, plan_restored
from sotctl.plan import Plan
from sotctl.store.store import Store

EXAMPLES = """\
sotctl import docs/adr
sotctl import docs/adr --status 'on hold=draft'
sotctl import FLATTENED.md"""
_MOST_BYTES = 4 << 20
_BOM = "\ufeff"


@click.command(
    cls=Verb,
    epilog="sotctl import docs/adr\nsotctl import docs/adr --status 'on hold=draft'\nsotctl import FLATTENED.md",
)
@click.argument("source", type=click.Path(path_type=Path), metavar="PATH")
@click.option("--as", "name", metavar="NAME", help="File name of the document in 02-ISSUES.")
@click.option(
    "--status",
    "mappings",
    multiple=True,
    metavar="WORD=STATUS",
    help="What a status word, or the record in a file, becomes; `=STATUS`: a record without one. Repeatable.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@write_options
@json_option
@store_option
@click.pass_context
def command(
    ctx: click.Context,
    source: Path,
    name: str | None,
    mappings: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    no_commit: bool,
    as_json: bool,
) -> None:
    """Import the ADR folder, or the flattened Markdown file, at PATH.

    A folder becomes one issues document, each record an issue; files that hold none are named. A flattened file gets
    its lines back. The diff is shown, and nothing is written before it is confirmed.
    """
    store = store_here()
    snapshot = store.snapshot()
    mode = _Mode(asks=not (yes or dry_run or as_json), dry_run=dry_run, no_commit=no_commit, as_json=as_json)
    choices = parse_choices(mappings, tuple(snapshot.policy.moves))
    if not source.is_dir():
        plan = plan_restored(snapshot, source.name if name is None else name, _flattened(snapshot, source))
        _carry_out(store, snapshot, plan, None, mode)
        return
    folder = read_folder(_files(source), tuple(snapshot.policy.moves))
    if not folder.records and not any(left.is_record for left in folder.left_out):
        hint = "a record is a Markdown file with a number in its name, such as 0007-use-git.md"
        raise SotError(f"{shown(str(source))} holds no decision record", hint=hint)
    if mode.asks and sys.stdin.isatty():
        choices |= _asked(folder, choices, [status for status in snapshot.policy.moves if status != "blocked"])
    try:
        planned = plan_records(
            snapshot, "ADR.md" if name is None else name, folder, choices, base=_base(store, source), now=snapshot.now
        )
    except NothingToImportError as error:
        if not as_json:
            _tell_left_out(error.left_out)
        raise
    _carry_out(store, snapshot, planned.plan, planned, mode)
    if any(left.is_record for left in planned.left_out):
        ctx.exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mode:
    """What is done with a plan."""

    asks: bool
    dry_run: bool
    no_commit: bool
    as_json: bool


def _carry_out(store: Store, snapshot: Snapshot, plan: Plan, planned: PlannedImport | None, mode: _Mode) -> None:
    findings = check_plan(snapshot, plan)
    if refuses(findings):
        raise RejectedError(planned.at_source(findings) if planned else findings)
    if planned and not mode.as_json:
        _tell(planned)
    if mode.asks:
        click.echo(plan.diff() or "nothing would change\n", nl=False)
        _confirm()
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        "sotctl.import/v1",
        _values(planned),
        dry_run=mode.dry_run,
        no_commit=mode.no_commit,
        as_json=mode.as_json,
    )
    if tell:
        for path in sorted(plan.changed()):
            click.echo(f"imported  {path}")
        click.echo((f"commit    {commit[:9]}\n" if commit else "") + "next      sotctl issue list")


def _values(planned: PlannedImport | None) -> dict[str, object]:
    if planned is None:
        return {}
    keys = ("id", "title", "status", "written", "source")
    return {
        "records": [{key: getattr(record, key) for key in keys} for record in planned.records],
        "left_out": [left.to_json() for left in planned.left_out],
        "notes": list(planned.notes),
    }


def _tell(planned: PlannedImport) -> None:
    """Say on stderr what is imported how, and what is not; the diff alone stands on stdout."""
    for record in planned.records:
        written = f"  (written: {shown(record.written)})" if record.written.lower() != record.status else ""
        click.echo(f"{record.id}  {record.status}  {shown(record.title)}{written}", err=True)
    for note in planned.notes:
        click.echo(f"note: {shown(note)}", err=True)
    _tell_left_out(planned.left_out)


def _tell_left_out(left_out: tuple[LeftOut, ...] | list[LeftOut]) -> None:
    for left in left_out:
        place = f"{left.path}:{left.line}" if left.line else left.path
        click.echo(f"{'not imported' if left.is_record else 'left out'}: {shown(place)}: {left.reason}", err=True)
        if left.fix:
            click.echo(f"    {shown(left.fix)}", err=True)
    if records := sum(left.is_record for left in left_out):
        click.echo(f"{counted(records, 'record')} not imported; import again when they are mended", err=True)


def _asked(folder: Folder, choices: dict[str, str], statuses: list[str]) -> dict[str, str]:
    """The statuses that a person gives for words that are not understood."""
    open_words: dict[str, list[str]] = {}
    for record in folder.records.values():
        if chosen(record, choices):
            continue
        unknown = [one.written for one in record.statuses if not one.status]
        key = unknown[0] if unknown else (record.path if record.statuses else "")
        open_words.setdefault(key, []).append(record.path)
    if not open_words:
        return {}
    from sotctl.issues.importing.words import normal
    from sotctl.prompts.imported_status import ask_status

    answers = {normal(word.rstrip("…")): ask_status(word, paths, statuses) for word, paths in open_words.items()}
    return {word: status for word, status in answers.items() if status}


def _base(store: Store, source: Path) -> str:
    """The folder as it is named in the document: its path in the repository, or its name where it lies outside."""
    path = source.resolve()
    return path.relative_to(store.top).as_posix() if path.is_relative_to(store.top) else path.name


def _files(source: Path) -> dict[str, bytes]:
    """The files at any depth below a folder, by path relative to it, hidden ones apart; links to folders are left."""
    found: dict[str, bytes] = {}

    def fail(error: OSError) -> None:
        raise error

    try:
        for folder, folders, files in os.walk(source, onerror=fail):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(folder, name)
                if not name.startswith(".") and path.is_file():
                    with path.open("rb") as file:
                        found[path.relative_to(source).as_posix()] = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise SotError(f"cannot read {shown(str(error.filename or source))}: {error.strerror}") from None
    return found


def _flattened(snapshot: Snapshot, source: Path) -> str:
    """The text of a flattened document."""
    try:
        text = source.read_text("utf-8").removeprefix(_BOM)
    except OSError as error:
        raise SotError(f"cannot read {shown(str(source))}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SotError(f"{shown(str(source))} holds what is not UTF-8") from None
    if not is_flattened(text):
        message = f"{shown(str(source))} is neither an ADR folder nor a flattened document"
        markdown = source.suffix.lower() in (".md", ".markdown")
        folder = f"{snapshot.store}/{layout.ISSUES}/"
        raise UsageError(message, hint=f"cp {source} {folder}" if markdown else "name a folder or a Markdown file")
    return text


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal to confirm at", hint="--yes imports without asking, --dry-run shows the diff"
        )
    from sotctl.prompts.confirm import confirm

    confirm("Write and commit this?")
