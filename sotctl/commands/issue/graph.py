"""Draw which issues block which."""

from __future__ import annotations

from collections.abc import Mapping

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.verb import refuse_both, verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.issues.graph import cycles, graph
from sotctl.result import Result


@verb(example="sotctl issue graph --format mermaid")
@click.argument("issue_id", required=False, metavar="[ISSUE]", shell_complete=completion.issues)
@click.option("--format", "form", type=click.Choice(["text", "mermaid", "dot"]), help="The form; default: text.")
def command(app: App, issue_id: str | None, form: str | None) -> Result:
    """Draw the blockers of every issue, or of ISSUE and what it waits for; exits with 1 on a circle."""
    refuse_both("--json", app.as_json, "--format", form)
    snapshot = app.snapshot
    issues = {issue.id: issue for issue in snapshot.issues()}
    waits = graph(issues.values())
    if issue_id:
        require_issue(snapshot, issue_id)
        waits = {name: waits[name] for name in _reached(issue_id, waits)}
    circles = cycles(waits)
    return Result(
        type="sotctl.issue-graph/v1",
        values={"waits_for": waits, "cycles": circles},
        text={"text": _text, "mermaid": _mermaid, "dot": _dot}[form or "text"](waits, issues).removesuffix("\n"),
        note="\n".join(f"circle: {' -> '.join([*circle, circle[0]])}" for circle in circles),
        exit_code=int(bool(circles)),
    )


def _reached(start: str, waits: Mapping[str, tuple[str, ...]]) -> list[str]:
    reached, stack = [start], [start]
    while stack:
        for name in waits.get(stack.pop(), ()):
            if name not in reached and name in waits:
                reached.append(name)
                stack.append(name)
    return reached


def _status(name: str, issues: Mapping[str, Issue]) -> str:
    return issues[name].status if name in issues else "unknown"


def _text(waits: Mapping[str, tuple[str, ...]], issues: Mapping[str, Issue]) -> str:
    lines = []
    for name, targets in waits.items():
        lines.append(f"{name} ({_status(name, issues)})")
        lines += [f"    waits for {target} ({_status(target, issues)})" for target in targets]
    return "\n".join([*lines, ""])


def _mermaid(waits: Mapping[str, tuple[str, ...]], issues: Mapping[str, Issue]) -> str:
    nodes = [f'    {name}["{name}<br/>{_status(name, issues)}"]' for name in _names(waits)]
    edges = [f"    {name} --> {target}" for name, targets in waits.items() for target in targets]
    return "\n".join(["graph LR", *nodes, *edges, ""])


def _dot(waits: Mapping[str, tuple[str, ...]], issues: Mapping[str, Issue]) -> str:
    nodes = [f'    "{name}" [label="{name}\\n{_status(name, issues)}"];' for name in _names(waits)]
    edges = [f'    "{name}" -> "{target}";' for name, targets in waits.items() for target in targets]
    return "\n".join(["digraph issues {", "    rankdir=LR;", *nodes, *edges, "}", ""])


def _names(waits: Mapping[str, tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys([*waits, *(target for targets in waits.values() for target in targets)]))
