"""The configuration of Case: the one that selects a single pair, and what else it could select."""

from __future__ import annotations

import json

from sotctl.documents.quote import quote
from sotctl.documents.strict_json import StrictJsonError, parse_object

PROJECTS = "./projects.json"


def config_bytes(provider: str, model: str) -> bytes:
    """The configuration that selects one pair and nothing else."""
    values = {
        "version": 1,
        "projects": PROJECTS,
        "models": {"default": {"provider": provider, "model": model}},
    }
    return (json.dumps(values, indent=2) + "\n").encode()


def config_problem(data: bytes, provider: str, model: str) -> tuple[str, str] | None:
    """Why a configuration could select another pair, as reason and sentence; None if it cannot.

    A missing, null or misspelt `models.default` is Case's silent way to another model, and so is a key for a role.
    """
    try:
        values = {name: member.value for name, member in parse_object(data).items()}
    except StrictJsonError as error:
        return "case-config-invalid", f"line {error.line}: {error.message}"
    if unknown := sorted(set(values) - {"version", "projects", "models"}):
        return "case-config-invalid", f"the key {quote(unknown[0])} is not one that sotctl writes"
    if values.get("version") != 1 or isinstance(values["version"], bool):
        return "case-config-invalid", "`version` is not 1"
    if values.get("projects") != PROJECTS:
        return "case-config-invalid", f"`projects` is not `{PROJECTS}`"
    models = values.get("models")
    if not isinstance(models, dict) or not models:
        return "case-config-no-default", "it names no models, so that the backend would choose"
    if others := sorted(set(models) - {"default"}):
        return "case-config-override", f"in `models`, {quote(others[0])} stands beside `default`"
    default = models["default"]
    if not isinstance(default, dict):
        return "case-config-no-default", "`models.default` is no pair, so that the backend would choose"
    if default != {"provider": provider, "model": model}:
        return "case-config-other-pair", "`models.default` is not exactly the admitted pair"
    return None
