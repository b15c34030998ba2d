"""Scan files, folders or a whole history for secrets."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import refuse_both, verb
from sotctl.documents.quote import counted
from sotctl.errors import Command, SotError, UsageError
from sotctl.findings import Finding, in_order
from sotctl.progress import watched
from sotctl.report.places import visible
from sotctl.result import Result
from sotctl.scanning.scan import Batch, Scanned, files_below, scan_files, scan_history
from sotctl.secrets.finding import as_finding
from sotctl.secrets.reasons import SECRET
from sotctl.secrets.stream import scan_stream, values

GROUP = "check"
_CHUNK_BYTES = 1 << 20


@verb(example="sotctl scan .\nsotctl scan --history\ngit diff | sotctl scan -", formats=True, store=False)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--history",
    is_flag=True,
    help="Every blob and message that is reachable in the repository at PATH (default: here).",
)
@click.option("--update-baseline", is_flag=True, help="Accept what is found as false alarms, and drop stale lines.")
@click.option("--reason", default="", metavar="TEXT", help="Why they are false; it is kept in the baseline.")
def command(app: App, paths: tuple[str, ...], history: bool, update_baseline: bool, reason: str) -> Result:
    """Look for secrets in files and folders; `-` reads standard input. No store and no repository are needed.

    A secret is never shown: only its rule, place and length. Exits with 1 when one is found, with 3 when something
    could not be read.
    """
    if not paths and not history:
        raise UsageError("name files or folders, - for standard input, or --history", hint=Command("sotctl scan ."))
    _refuse_useless(app, paths, history, update_baseline, reason)
    if update_baseline:
        from sotctl.app.baseline import update

        return update(app, paths, reason)
    batches = list(watched(_work(paths, history), "files", lambda batch: batch.files))
    telling = [entry for batch in batches for entry in batch.telling]
    key = _key() if not history and any(entry.secrets for entry in telling) else b""
    findings = in_order(finding for entry in telling for finding in _findings(entry, key))
    checked = {"files": sum(batch.files for batch in batches), "bytes": sum(batch.size_bytes for batch in batches)}
    unread = [entry for entry in telling if entry.unread]
    result = app.findings(findings, checked, "scan", exit_code=3 if unread else int(bool(findings)))
    return replace(result, error=_unread(unread)) if unread else result


def _unread(unread: Sequence[Scanned]) -> str:
    """The files that could not be read."""
    what = counted(len(unread), "file")
    listed = "\n".join(f"  {visible(entry.name)}: {entry.unread}" for entry in unread)
    return f"error: {what} could not be read, so their secrets are not known\n{listed}"


def _refuse_useless(app: App, paths: tuple[str, ...], history: bool, update_baseline: bool, reason: str) -> None:
    """Refuse options that would do nothing: the baseline accepts alarms in files of the work tree only."""
    refuse_both("--history", history, "-", "-" in paths)
    if reason and not update_baseline:
        raise UsageError("--reason is kept in the baseline, so it goes with --update-baseline")
    if not update_baseline:
        return
    hint = Command("sotctl scan PATH --update-baseline --reason TEXT")
    if history or "-" in paths:
        what = "the history" if history else "standard input"
        raise UsageError(f"--update-baseline accepts alarms in files of the work tree, and none in {what}", hint=hint)
    if app.form not in ("", "text", "json"):
        raise UsageError(f"--update-baseline has no result in the format {app.form}", hint="--format text or json")


def _work(paths: tuple[str, ...], history: bool) -> Iterator[Batch]:
    if history:
        for path in paths or (".",):
            yield from scan_history(Path(path))
        return
    if "-" in paths:
        read: list[int] = []
        entry = Scanned(name="(standard input)", secrets=tuple(scan_stream(_standard_input(read))))
        yield Batch(files=1, size_bytes=sum(read), telling=(entry,))
    yield from scan_files(files_below(path for path in paths if path != "-"))


def _standard_input(read: list[int]) -> Iterator[bytes]:
    """Yield what is piped in, piece by piece, and note how much of it was *read*."""
    while chunk := sys.stdin.buffer.read(_CHUNK_BYTES):
        read.append(len(chunk))
        yield chunk


def _key() -> bytes:
    """The baseline key of the surrounding store; empty if there is no store or no readable baseline."""
    from sotctl.secrets.baseline import BaselineError, parse
    from sotctl.store.store import open_store

    try:
        store = open_store()
        data = store.work_tree().read(store.policy().baseline)
        return parse(data).key if data is not None else b""
    except (SotError, BaselineError):
        return b""


def _marks(entry: Scanned, key: bytes) -> list[str]:
    """The fingerprints of the secrets of a file, "" each where it cannot be read again."""
    from sotctl.secrets import fingerprint

    if not key or not Path(entry.name).is_file():
        return [""] * len(entry.secrets)
    with Path(entry.name).open("rb") as file:
        held = values(iter(lambda: file.read(_CHUNK_BYTES), b""), entry.secrets)
    return [fingerprint.fingerprint(value, key=key) for value in held]


def _findings(entry: Scanned, key: bytes) -> Iterator[Finding]:
    if entry.name_holds_secret:
        yield SECRET.finding(entry.name, "the name itself holds a secret", "rename it")
    fix = "take it out, and revoke it where it was issued"
    for secret, mark in zip(entry.secrets, _marks(entry, key), strict=True):
        yield as_finding(secret, entry.name, fix, fingerprint=mark)
