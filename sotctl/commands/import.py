"""Take over ADR folders and Markdown that was flattened to one line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, check_plan, store_here
from sotctl.app.verb import Verb
from sotctl.documents import layout
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import SotError, UsageError
from sotctl.findings import RejectedError, refuses
from sotctl.issues.adr import parse_adr
from sotctl.issues.plan_import import plan_adrs, plan_restored
from sotctl.issues.unflatten import is_flattened
from sotctl.plan import Plan


@click.command(cls=Verb, epilog="sotctl import docs/adr\nsotctl import FLATTENED.md")
@click.argument("source", type=click.Path(path_type=Path), metavar="PATH")
@click.option("--as", "name", metavar="NAME", help="File name of the document in 02-ISSUES.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@write_options
@json_option
@store_option
def command(source: Path, name: str | None, yes: bool, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Import the ADR folder (Nygard or MADR), or the flattened Markdown file, at PATH.

    A flattened file gets its lines back. The diff is shown, and nothing is written before it is confirmed.
    """
    store = store_here()
    snapshot = store.snapshot()
    plan = _plan(snapshot, source, name)
    if not (yes or dry_run or as_json):
        if refuses(findings := check_plan(snapshot, plan)):
            raise RejectedError(findings)
        click.echo(plan.diff() or "nothing would change\n", nl=False)
        _confirm()
    commit, tell = carry_out(
        store, snapshot, plan, "sotctl.import/v1", {}, dry_run=dry_run, no_commit=no_commit, as_json=as_json
    )
    if tell:
        for path in sorted(plan.changed()):
            click.echo(f"imported  {path}")
        click.echo((f"commit    {commit[:9]}\n" if commit else "") + "next      sotctl issue list")


def _plan(snapshot: Snapshot, source: Path, name: str | None) -> Plan:
    try:
        if source.is_dir():
            texts = {path.name: path.read_text("utf-8") for path in sorted(source.glob("*.md"))}
            decisions = [found for file, text in texts.items() if (found := parse_adr(file, text))]
            if not decisions:
                raise SotError(f"{source} holds no decision record", hint="a record is a file such as 0007-use-git.md")
            return plan_adrs(snapshot, name or "ADR.md", decisions, now=snapshot.now)
        text = source.read_text("utf-8")
    except OSError as error:
        raise SotError(f"cannot read {source}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SotError(f"{source} holds what is not UTF-8") from None
    if not is_flattened(text):
        message = f"{source} is neither an ADR folder nor a flattened document"
        markdown = source.suffix.lower() in (".md", ".markdown")
        folder = f"{snapshot.store}/{layout.ISSUES}/"
        raise UsageError(message, hint=f"cp {source} {folder}" if markdown else "name a folder or a Markdown file")
    return plan_restored(snapshot, name or source.name, text)


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal to confirm at", hint="--yes imports without asking, --dry-run shows the diff"
        )
    from sotctl.prompts.confirm import confirm

    confirm("Write and commit this?")
