"""List the issues of the store."""

from __future__ import annotations

import click

from sotctl.commands._shared import json_option, print_json, store_here, store_option


@click.command(epilog="For example:  sotctl issue list --json")
@json_option
@store_option
def command(as_json: bool) -> None:
    """List every issue with its status."""
    issues = list(store_here().library().issues())
    if as_json:
        rows = [
            {
                "id": issue.id,
                "title": issue.title,
                "status": issue.status,
                "path": issue.path,
                "line": issue.line,
                "blocked_by": [bullet.text for bullet in issue.blocked_by if not bullet.settled],
            }
            for issue in issues
        ]
        print_json("sotctl.issues/v1", {"issues": rows})
        return
    if not issues:
        click.echo("no issue yet; put an issues document into .sot/02-ISSUES/")
        return
    wide = max(len(issue.id) for issue in issues), max(len(issue.status) for issue in issues)
    for issue in issues:
        click.echo(f"{issue.id:<{wide[0]}}  {issue.status:<{wide[1]}}  {issue.title}")
