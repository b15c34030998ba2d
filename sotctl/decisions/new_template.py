"""The two files of a new kind of decision, valid as they are."""

from __future__ import annotations

import json
import re

from sotctl.documents import layout
from sotctl.documents.formats import ISSUE_ID
from sotctl.documents.layout import SCHEMA_SUFFIX
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, UsageError
from sotctl.plan import Plan

_BODY = """# ${record_id} - ${headline}

Decision on `${issue}` (${issue_title}).

${summary}

Effect: ${effect}.
"""


def plan_template(snapshot: Snapshot, name: str, issue_id: str) -> Plan:
    """Plan a template *name* that governs *issue_id*.

    Raises:
        UsageError: The name is no file name, or the id is none.
        BlockedError: The store has such a template, or another one governs the issue.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(
            "a template is named in lower-case words with hyphens",
            hint=Command("sotctl template new region-decision ISSUE"),
        )
    if not re.fullmatch(ISSUE_ID, issue_id):
        raise UsageError(f"{issue_id} is not an issue id such as OPS-7")
    if name in snapshot.templates.kinds():
        decides = snapshot.templates.schema(name).root.get("x-decides")
        govern = f"sotctl config decisions.{name} --add {issue_id}" if decides else f"sotctl schema {name}"
        raise BlockedError(f"there is a template {name} already", hint=Command(govern))
    if governing := snapshot.templates.deciding(issue_id):
        raise BlockedError(f"{governing} governs {issue_id} already", hint=Command(f"sotctl schema {governing}"))
    folder = f"{snapshot.store}/{layout.TEMPLATES}"
    schema = json.dumps(_schema(name, issue_id), indent=2, ensure_ascii=False) + "\n"
    files = {f"{folder}/{name}{SCHEMA_SUFFIX}": schema.encode(), f"{folder}/{name}.md": _BODY.encode()}
    before = {path: snapshot.tree.read(path) for path in files}
    return Plan(files=files, before=before, message=f"Add the template {name} for {issue_id}\n")


def _schema(name: str, issue_id: str) -> dict[str, object]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{name}{SCHEMA_SUFFIX}",
        "title": name.replace("-", " "),
        "description": f"A decision on {issue_id}.",
        "x-decides": [issue_id],
        "x-names": ["choice"],
        "allOf": [{"$ref": f"decision-record{SCHEMA_SUFFIX}"}],
        "unevaluatedProperties": False,
        "required": ["decision_status", "choice", "evidence_sources", "effect"],
        "properties": {
            "decision_status": {
                "type": "string", "title": "Decision", "enum": ["not_decided", "decided"], "default": "not_decided",
                "x-ask": True, "description": "Whether this is decided.",
            },
            "choice": {
                "type": "string", "title": "Choice", "format": "exact-name", "x-ask": True,
                "description": "What is chosen, by its exact name.",
            },
            "evidence_sources": {
                "type": "array", "title": "Evidence sources", "items": {"type": "string", "format": "reference"},
                "x-ask": True, "description": "What the decision rests on: a commit, path, digest or URL.",
            },
            "effect": {"type": "string", "const": f"{issue_id} remains blocked until this is decided"},
        },
        "if": {"properties": {"decision_status": {"const": "decided"}}, "required": ["decision_status"]},
        "then": {"properties": {"choice": {"minLength": 1}, "evidence_sources": {"minItems": 1}}},
        "else": {"properties": {"choice": {"const": ""}, "evidence_sources": {"maxItems": 0}}},
    }  # fmt: skip
