"""Writes `docs/rules.md` and `docs/fields.md` from the rules and the schemas; a test holds them against each other."""

from __future__ import annotations

from pathlib import Path

from sotctl.checks.run import explanations
from sotctl.documents.templates import Templates

HERE = Path(__file__).parent
KINDS = ("sot-document", "decision-record", "provider-decision", "admission", "evidence-record", "sot")


def rules_page() -> str:
    """Every rule with what it asks, why, and how to put a breach right."""
    lines = [
        "# Rules",
        "",
        "What `sotctl check` and the hooks can report. The same text at the prompt: `sotctl explain RULE`.",
        "",
    ]
    lines += ["| rule | asks | why | fix |", "| --- | --- | --- | --- |"]
    for rule in explanations().values():
        cells = (f"`{rule.id}`", rule.summary, rule.why, rule.fix)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


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


PAGES = {"rules.md": rules_page, "fields.md": fields_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page())
