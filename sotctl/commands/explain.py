"""Explain what a rule asks, why, and how to mend a breach."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.checks.run import explanations
from sotctl.documents.quote import did_you_mean, quote
from sotctl.errors import Command, UsageError
from sotctl.gate.reasons import STATUSES
from sotctl.report.terminal import wrapped
from sotctl.result import Result

GROUP = "check"


@verb(example="sotctl explain approval-source-missing", store=False)
@click.argument("rule", required=False, shell_complete=completion.rules)
def command(app: App, rule: str | None) -> Result:
    """Explain RULE, or a status or reason of the gate, or list every rule."""
    known = explanations()
    if rule is None:
        width = max(len(name) for name in known)
        rows = (wrapped(explanation.summary, f"{name:<{width}}  ") for name, explanation in known.items())
        return Result(
            type="sotctl.explain/v1",
            values={"rules": [{"id": entry.id, "summary": entry.summary} for entry in known.values()]},
            text="\n".join(line for row in rows for line in row),
        )
    known |= STATUSES
    if rule not in known:
        raise UsageError(
            f"there is no rule {quote(rule)}{did_you_mean(rule, list(known))}", hint=Command("sotctl explain")
        )
    found = known[rule]
    parts = {"Asks": found.summary, "Why": found.why, "Fix": found.fix}
    lines = [line for label, text in parts.items() for line in wrapped(text, f"  {label:<6}")]
    return Result(
        type="sotctl.explain/v1",
        values={"id": found.id, "summary": found.summary, "why": found.why, "fix": found.fix},
        text="\n".join([found.id, "", *lines]),
    )
