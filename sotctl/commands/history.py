"""Tell who decided and moved an issue, when, why, and in which commit."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass

import click

from sotctl.app import completion
from sotctl.app.options import json_option, refuse_both, store_option
from sotctl.app.shared import print_json, store_here
from sotctl.app.verb import Verb
from sotctl.decisions.planning import require_issue
from sotctl.errors import UsageError
from sotctl.findings import refuses
from sotctl.git.history import Version, versions
from sotctl.hooks.audit import audit as hooks_audit
from sotctl.issues.events import Event, issue_events, record_events
from sotctl.report import formats
from sotctl.report.formats.text import wrapped
from sotctl.store.store import Store, utc_now

_TRAILER = re.compile(r"(?:Issue|Decision-record|Approval-source|Supersedes|Override): ")
_OVERRIDE = re.compile(r"^Override: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Row:
    version: Version
    event: Event

    def reason(self) -> str:
        """The reason in the document, else that in the commit: of a revocation in its subject, else below it."""
        subject, _, body = self.version.message.strip().partition("\n\n")
        first = " ".join(body.partition("\n\n")[0].split())
        if subject.startswith("Revoke "):
            first = subject.partition(": ")[2]
        return self.event.why or ("" if _TRAILER.match(first) else first)

    def override(self) -> str:
        """What the move passed over, as the commit message has it since `--override`, or ""."""
        found = _OVERRIDE.search(self.version.message) if " -> " in self.event.what else None
        return found[1] if found else ""


@click.command(cls=Verb, epilog="sotctl history CTO-WORK-020\nsotctl history --audit")
@click.argument("issue_id", metavar="ISSUE", required=False, shell_complete=completion.issues)
@click.option("--audit", is_flag=True, help="Instead, hold all that refs and reflogs reach against every rule.")
@json_option
@store_option
def command(issue_id: str | None, audit: bool, as_json: bool) -> None:
    """Reconstruct the life of ISSUE from git: who approved what, when, why, in which commit.

    With --audit, name commit, path and rule of whatever got past the gate; exits with 1 when an error is found.
    """
    refuse_both("ISSUE", issue_id, "--audit", audit)
    if audit:
        raise SystemExit(_audit(as_json=as_json))
    if issue_id is None:
        raise UsageError("name an issue, or --audit", hint="sotctl issue list")
    rows = history(store_here(), issue_id)
    if as_json:
        events = [
            {
                "commit": row.version.commit,
                "author": row.version.author,
                "committed_at": row.version.committed_at.isoformat(),
                "what": row.event.what,
                "why": row.reason(),
                "override": row.override(),
                "path": row.version.path,
            }
            for row in rows
        ]
        print_json("sotctl.history/v1", {"id": issue_id, "events": events})
        return
    for row in rows:
        when = row.version.committed_at.strftime("%Y-%m-%d %H:%M")
        lead = f"{when}  {row.version.commit[:9]}  "
        told = f"{row.version.author}  {row.event.what}"
        fits = len(lead) + len(told) <= shutil.get_terminal_size((80, 24)).columns
        click.echo(lead + told if fits else "\n".join([lead.rstrip(), *wrapped(told, "    ")]))
        if row.reason():
            click.echo("\n".join(wrapped(row.reason(), "    ")))
        if row.override():
            click.echo("\n".join(wrapped(f"override: {row.override()}", "    ")))


def _audit(*, as_json: bool) -> int:
    store = store_here()
    try:
        findings, checked = hooks_audit(store.git, store.objects, now=utc_now())
    finally:
        store.objects.close()
    click.echo(formats()["json" if as_json else "text"].render(findings, checked, "check"), nl=False)
    return 1 if refuses(findings) else 0


def history(store: Store, issue_id: str) -> list[_Row]:
    """Every event of an issue and of the decisions on it, the oldest first."""
    snapshot = store.snapshot()
    _, issue = require_issue(snapshot, issue_id)
    found = list(versions(store.top, issue.path))
    texts = [(version.path, version.data) for version in found]
    rows = [_Row(found[event.version], event) for event in issue_events(texts, issue_id, tuple(snapshot.policy.moves))]
    for record in snapshot.records(issue_id):
        found = list(versions(store.top, record.path, follow=False))
        texts = [(version.path, version.data) for version in found]
        rows += [_Row(found[event.version], event) for event in record_events(texts)]
    order = {
        commit: place
        for place, commit in enumerate(store.git.text("rev-list", "--topo-order", "--reverse", "HEAD").split())
    }
    return sorted(rows, key=lambda row: order.get(row.version.commit, 0))
