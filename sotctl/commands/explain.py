"""Tell what a rule asks, why, and how to put a breach right."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.options import json_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb
from sotctl.checks.run import explanations
from sotctl.documents.quote import did_you_mean, quote
from sotctl.errors import UsageError
from sotctl.gate.reasons import STATUSES
from sotctl.report.formats.text import wrapped


@click.command(cls=Verb, epilog="sotctl explain approval-source-missing")
@click.argument("rule", required=False, shell_complete=completion.rules)
@json_option
def command(rule: str | None, as_json: bool) -> None:
    """Explain RULE, or a status or reason of the gate, or list every rule."""
    known = explanations()
    if rule is None:
        if as_json:
            print_json("sotctl.explain/v1", {"rules": [{"id": e.id, "summary": e.summary} for e in known.values()]})
        else:
            width = max(len(name) for name in known)
            rows = (wrapped(explanation.summary, f"{name:<{width}}  ") for name, explanation in known.items())
            click.echo("\n".join(line for row in rows for line in row))
        return
    known |= STATUSES
    if rule not in known:
        raise UsageError(f"there is no rule {quote(rule)}{did_you_mean(rule, list(known))}", hint="sotctl explain")
    found = known[rule]
    if as_json:
        values = {"id": found.id, "summary": found.summary, "why": found.why, "fix": found.fix}
        print_json("sotctl.explain/v1", values)
    else:
        told = {"Asks": found.summary, "Why": found.why, "Fix": found.fix}
        lines = [line for label, text in told.items() for line in wrapped(text, f"  {label:<6}")]
        click.echo("\n".join([found.id, "", *lines]))
