"""Show who decided and moved an issue, when, why, and in which commit."""

from __future__ import annotations

import re
from dataclasses import dataclass

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.verb import refuse_both, verb
from sotctl.commands.log import hidden
from sotctl.decisions.planning import require_issue
from sotctl.errors import Command, UsageError
from sotctl.git.history import Version, versions
from sotctl.hooks.audit import audit as hooks_audit
from sotctl.issues.events import Event, issue_events, record_events
from sotctl.report.terminal import columns, wrapped
from sotctl.result import Result
from sotctl.store.store import Store
from sotctl.store.timeline import shallow_commits

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
        """What `--override` ignored, from the commit message, or ""."""
        found = _OVERRIDE.search(self.version.message) if " -> " in self.event.what else None
        return found[1] if found else ""


GROUP = "look"


@verb(example="sotctl history CTO-WORK-020\nsotctl history --audit")
@click.argument("issue_id", metavar="[ISSUE]", required=False, shell_complete=completion.issues)
@click.option("--audit", is_flag=True, help="Instead, hold all that refs and reflogs reach against every rule.")
def command(app: App, issue_id: str | None, audit: bool) -> Result:
    """Reconstruct the life of ISSUE from git: who approved what, when, why, in which commit.

    With --audit, name commit, path and rule of everything that got past the hooks; exits with 1 when an error is found.
    """
    refuse_both("ISSUE", issue_id, "--audit", audit)
    if audit:
        return _audit(app)
    if issue_id is None:
        raise UsageError("name an issue, or --audit", hint=Command("sotctl issue list"))
    rows, begins = history(app.store, issue_id)
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
    return Result(
        type="sotctl.history/v1",
        values={"id": issue_id, "begins": begins, "events": events},
        text="\n".join([*(wrapped(hidden(begins)) if begins else []), *(line for row in rows for line in _lines(row))]),
    )


def _lines(row: _Row) -> list[str]:
    lead = f"{row.version.committed_at:%Y-%m-%d %H:%M}  {row.version.commit[:9]}  "
    what = f"{row.version.author}  {row.event.what}"
    fits = len(lead) + len(what) <= columns()
    lines = [lead + what] if fits else [lead.rstrip(), *wrapped(what, "    ")]
    lines += wrapped(row.reason(), "    ") if row.reason() else []
    return [*lines, *(wrapped(f"override: {row.override()}", "    ") if row.override() else [])]


def _audit(app: App) -> Result:
    findings, checked = hooks_audit(app.store.git, app.store.objects, now=app.now)
    return app.findings(findings, checked, "check")


def history(store: Store, issue_id: str) -> tuple[list[_Row], list[str]]:
    """The events of an issue and of the decisions on it, the oldest first, and where a shallow clone begins.

    Those commits give no events: what they hold was decided earlier, by an unknown person.
    """
    snapshot = store.snapshot()
    _, issue = require_issue(snapshot, issue_id)
    found = list(versions(store.git, store.objects, issue.path))
    texts = [(version.path, version.data) for version in found]
    rows = [_Row(found[event.version], event) for event in issue_events(texts, issue_id, tuple(snapshot.policy.moves))]
    for record in snapshot.records(issue_id):
        found = list(versions(store.git, store.objects, record.path, follow=False))
        texts = [(version.path, version.data) for version in found]
        rows += [_Row(found[event.version], event) for event in record_events(texts)]
    order = {
        commit: place
        for place, commit in enumerate(store.git.text("rev-list", "--topo-order", "--reverse", "HEAD").split())
    }
    edges = shallow_commits(store.git)
    rows = sorted(rows, key=lambda row: order.get(row.version.commit, 0))
    return [row for row in rows if row.version.commit not in edges], [commit for commit in order if commit in edges]
