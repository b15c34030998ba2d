"""Import ADR folders, and Markdown that was flattened to one line."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from sotctl.app import output
from sotctl.app.app import App, with_commit
from sotctl.app.verb import verb
from sotctl.documents import layout
from sotctl.documents.quote import counted, shown
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command, SotError, UsageError
from sotctl.findings import RejectedError, refuses
from sotctl.issues.importing.choices import chosen, parse_choices
from sotctl.issues.importing.flattened import is_flattened
from sotctl.issues.importing.folder import Folder, LeftOut, read_folder
from sotctl.issues.importing.names import MARKDOWN, ending
from sotctl.issues.importing.plan import NothingToImportError, PlannedImport, plan_records, plan_restored
from sotctl.issues.importing.words import normal
from sotctl.plan import Plan
from sotctl.result import Result
from sotctl.store.store import Store

EXAMPLES = """\
sotctl import docs/adr
sotctl import docs/adr --status 'on hold=draft'
sotctl import FLATTENED.md"""
_MOST_BYTES = 4 << 20


GROUP = "share"


@verb(example=EXAMPLES, writes=True)
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
def command(app: App, source: Path, name: str | None, mappings: tuple[str, ...], yes: bool) -> Result:
    """Import the ADR folder, the single record, or the flattened Markdown file, at PATH.

    A folder becomes one issues document, each record an issue; files without a record are named. A flattened file gets
    its lines back. The diff is shown, and nothing is written before you confirm it.
    """
    snapshot = app.snapshot
    choices = parse_choices(mappings, tuple(snapshot.policy.moves))
    asks = not (yes or app.dry_run or app.as_json)
    files, unread = ({}, []) if source.is_file() else _files(source)
    given = source
    if source.is_file() or not source.exists():
        text = _text_of(source)
        if is_flattened(text):
            plan = plan_restored(snapshot, source.name if name is None else name, text)
            return _carry_out(app, plan, None, asks=asks)
        _refuse_governed(snapshot, source, text)
        files, source = {source.name: source.read_bytes()}, source.parent
    folder = read_folder(files, tuple(snapshot.policy.moves))
    folder = replace(folder, left_out=(*folder.left_out, *unread))
    if not folder.records and not any(left.is_record for left in folder.left_out):
        hint = "a record is a Markdown file with a number in its name, such as 0007-use-git.md"
        raise SotError(f"{shown(str(given))} holds no decision record", hint=hint)
    if asks and sys.stdin.isatty():
        choices |= _asked(folder, choices, [status for status in snapshot.policy.moves if status != "blocked"])
    try:
        imported = plan_records(
            snapshot, "ADR.md" if name is None else name, folder, choices, base=_base(app.store, source), now=app.now
        )
    except NothingToImportError as error:
        if not app.as_json:
            output.error("\n".join([*_left_out(error.left_out), ""]))
        raise
    result = _carry_out(app, imported.plan, imported, asks=asks)
    return replace(result, exit_code=int(any(left.is_record for left in imported.left_out)))


def _carry_out(app: App, plan: Plan, imported: PlannedImport | None, *, asks: bool) -> Result:
    work = app.planned(plan)
    findings = app.check(work)
    if refuses(findings):
        raise RejectedError(imported.at_source(findings) if imported else findings)
    if imported and not app.as_json:
        output.error("\n".join([*_account(imported), ""]))
    if asks:
        output.text(plan.diff() or "nothing would change\n")
        _confirm()
    rows = [f"imported  {path}" for path in sorted(plan.changed())]
    text = with_commit(rows, ["next      sotctl issue list"], width=10)
    return app.carry_out(work, "sotctl.import/v1", _values(imported), text)


def _values(imported: PlannedImport | None) -> dict[str, object]:
    if imported is None:
        return {}
    keys = ("id", "title", "status", "written", "source")
    return {
        "records": [{key: getattr(record, key) for key in keys} for record in imported.records],
        "left_out": [left.to_json() for left in imported.left_out],
        "notes": list(imported.notes),
    }


def _account(imported: PlannedImport) -> list[str]:
    """What is imported, how, and what is not; printed to stderr, so that stdout has the diff alone."""
    lines = []
    for record in imported.records:
        written = f"  (written: {shown(record.written)})" if record.written.lower() != record.status else ""
        lines.append(f"{record.id}  {record.status}  {shown(record.title)}{written}")
    return [*lines, *(f"note: {shown(note)}" for note in imported.notes), *_left_out(imported.left_out)]


def _left_out(left_out: Sequence[LeftOut]) -> list[str]:
    lines = []
    for left in left_out:
        place = f"{left.path}:{left.line}" if left.line else left.path
        lines.append(f"{'not imported' if left.is_record else 'left out'}: {shown(place)}: {left.reason}")
        lines += [f"    {shown(left.fix)}"] if left.fix else []
    if records := sum(left.is_record for left in left_out):
        lines.append(f"{counted(records, 'record')} not imported; import again when they are mended")
    return lines


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
    from sotctl.prompts.imported_status import ask_status

    answers = {normal(word.rstrip("…")): ask_status(word, paths, statuses) for word, paths in open_words.items()}
    return {word: status for word, status in answers.items() if status}


def _base(store: Store, source: Path) -> str:
    """The folder as it is named in the document: its path in the repository, or its name where it lies outside."""
    path = source.resolve()
    return path.relative_to(store.top).as_posix() if path.is_relative_to(store.top) else path.name


def _files(source: Path) -> tuple[dict[str, bytes], list[LeftOut]]:
    """The files at any depth below a folder, by path relative to it, hidden ones apart, and those that are not read.

    Links to folders are left alone.
    """
    found: dict[str, bytes] = {}
    unread: list[LeftOut] = []

    def fail(error: OSError) -> None:
        raise SotError(f"cannot read {shown(str(error.filename or source))}: {error.strerror}")

    for folder, folders, files in os.walk(source, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(folder, name) for name in sorted(files) if not name.startswith(".")):
            relative = path.relative_to(source).as_posix()
            try:
                if not path.is_file():
                    unread.append(LeftOut(path=relative, reason="it is no file, or a link to nothing"))
                    continue
                with path.open("rb") as file:
                    found[relative] = file.read(_MOST_BYTES + 1)
            except OSError as error:
                unread.append(LeftOut(path=relative, reason=f"cannot be read: {error.strerror}", is_record=True))
    return found, unread


def _text_of(source: Path) -> str:
    try:
        return source.read_text("utf-8-sig")
    except OSError as error:
        raise SotError(f"cannot read {shown(str(source))}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SotError(f"{shown(str(source))} holds what is not UTF-8") from None


def _refuse_governed(snapshot: Snapshot, source: Path, text: str) -> None:
    """Refuse a file that is neither flattened nor a record: a governed document, or no Markdown at all."""
    markdown = ending(source.name) in MARKDOWN
    if markdown and "lifecycle_classification:" not in text:
        return
    message = f"{shown(str(source))} is neither an ADR folder nor a flattened document"
    folder = f"{snapshot.store}/{layout.ISSUES}/"
    hint = Command(f"cp {shlex.quote(str(source))} {folder}") if markdown else "name a folder or a Markdown file"
    raise UsageError(message, hint=hint)


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal to confirm at", hint="--yes imports without asking, --dry-run shows the diff"
        )
    from sotctl.prompts.confirm import confirm

    confirm("Write and commit this?")
