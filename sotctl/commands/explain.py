"""Tell what a rule asks, why, and how to mend a breach."""

from __future__ import annotations

import click

from sotctl.checks.run import explanations
from sotctl.commands import _complete
from sotctl.commands._shared import json_option, print_json
from sotctl.commands._verb import Verb
from sotctl.documents.quote import did_you_mean
from sotctl.errors import UsageError


@click.command(cls=Verb, epilog="sotctl explain approval-source-missing")
@click.argument("rule", required=False, shell_complete=_complete.rules)
@json_option
def command(rule: str | None, as_json: bool) -> None:
    """Explain RULE, or list every rule."""
    known = explanations()
    if rule is None:
        if as_json:
            print_json("sotctl.explain/v1", {"rules": [{"id": e.id, "summary": e.summary} for e in known.values()]})
        else:
            width = max(len(name) for name in known)
            click.echo("\n".join(f"{name:<{width}}  {explanation.summary}" for name, explanation in known.items()))
        return
    if rule not in known:
        raise UsageError(f"there is no rule {rule!r}{did_you_mean(rule, list(known))}", hint="sotctl explain")
    found = known[rule]
    if as_json:
        print_json(
            "sotctl.explain/v1", {"id": found.id, "summary": found.summary, "why": found.why, "mend": found.mend}
        )
    else:
        click.echo(f"{found.id}\n\n  {found.summary}\n\n  Why   {found.why}\n  Mend  {found.mend}")
