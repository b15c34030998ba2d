"""Writes the pages that follow from the code: rules, fields and the picture of the packages; a test holds them to it."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import wrap

from sotctl.checks.run import explanations
from sotctl.documents.templates import Templates
from sotctl.evidence import reasons as evidence
from sotctl.findings import Rule
from sotctl.gate import reasons as gate

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from packages import picture  # noqa: E402 - a script beside this one

KINDS = ("sot-document", "decision-record", "provider-decision", "admission", "evidence-record", "sot")


def rules_page() -> str:
    """Every rule and reason with what it asks, why, and how to put a breach right, by who reports it."""
    known = explanations()
    sections = {
        ("Rules", "What `sotctl check` and the hooks report."): known.keys()
        - gate.EXPLANATIONS.keys()
        - evidence.EXPLANATIONS.keys(),
        ("Reasons of the gate", "What `sotctl gate` answers, beside the rules above."): gate.EXPLANATIONS.keys(),
        (
            "Reasons of a run",
            "What `sotctl stage2 run` and `sotctl evidence verify` report, beside the reasons of the gate.",
        ): evidence.EXPLANATIONS.keys() - gate.EXPLANATIONS.keys(),
    }
    lines = ["# Rules and reasons", "", "The same text at the prompt: `sotctl explain RULE`.", ""]
    for (heading, text), ids in sections.items():
        lines += [f"## {heading}", "", text, "", *grouped([known[id_] for id_ in sorted(ids)])]
    return "\n".join(lines)


def grouped(found: list[Rule]) -> list[str]:
    """Tables: those that share a why below that sentence, and the others in one with a column for it."""
    by_why: dict[str, list[Rule]] = {}
    for one in found:
        by_why.setdefault(one.why, []).append(one)
    alone = [one for group in by_why.values() if len(group) == 1 for one in group]
    lines = table("asks why fix", alone)
    for why, group in by_why.items():
        if len(group) > 1:
            lines += [*wrap(why, 120), "", *table("asks fix", group)]
    return lines


def table(columns: str, found: list[Rule]) -> list[str]:
    """A table of some columns, or nothing where there is nothing to stand in it."""
    cells = {
        "rule": ("rule", lambda one: f"`{one.id}`"),
        "asks": ("asks", lambda one: one.summary),
        "why": ("why", lambda one: one.why),
        "fix": ("fix", lambda one: one.fix),
    }
    names = ["rule", *columns.split()]
    rows = [[cells[name][1](one).replace("|", "\\|") for name in names] for one in found]
    head = [[cells[name][0] for name in names], ["---"] * len(names)]
    return [*("| " + " | ".join(row) + " |" for row in [*head, *rows]), ""] if rows else []


def fields_page() -> str:
    """The fields of every document kind, from its schema."""
    lines = [
        "# Fields",
        "",
        "The fields of each kind of document, from the schemas under `templates/` (`sotctl schema KIND`).",
        "",
    ]
    for kind in KINDS:
        schema = Templates().schema(kind)
        lines += [
            f"## {kind}",
            "",
            str(schema.root["description"]),
            "",
            "| field | required | description |",
            "| --- | --- | --- |",
        ]
        resolved = schema.resolve({})
        own = schema.root.get("properties", {})
        for name, part in own.items():
            sections = part.get("properties") or {None: part}
            for inner, field in sections.items():
                shown = f"`[{name}] {inner}`" if inner else f"`{name}`"
                required = "yes" if name in resolved.required else ""
                lines.append(f"| {shown} | {required} | {field.get('description', '')} |")
        lines.append("")
    return "\n".join(lines)


PAGES = {"rules.md": rules_page, "fields.md": fields_page, "architecture.svg": picture}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page())
