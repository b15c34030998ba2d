"""The configuration of Case: what selects one pair and nothing else, and what could select another."""

from __future__ import annotations

import json
import re

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


def key_variable(provider: str) -> str:
    """The environment variable that holds the key of a provider."""
    return re.sub(r"[^A-Z0-9]", "_", provider.upper()) + "_API_KEY"


def models_bytes(provider: str, model: str, base_url: str) -> bytes:
    """The provider's entry, with the recorder as the only base URL; the key is named, never written."""
    entry = {
        "baseUrl": base_url,
        "api": "openai-completions",
        "apiKey": key_variable(provider),
        "models": [{"id": model}],
    }
    return (json.dumps({"providers": {provider: entry}}, indent=2) + "\n").encode()


def is_models(data: bytes, provider: str, model: str) -> bool:
    """Whether these are the bytes of `models_bytes` for the pair and a recorder, which is on loopback alone."""
    found = re.search(rb'"baseUrl": "(http://127\.0\.0\.1:[0-9]{1,5}/[0-9a-f]{32})"', data)
    return found is not None and data == models_bytes(provider, model, found[1].decode())


def config_problem(data: bytes, provider: str, model: str) -> tuple[str, str] | None:
    """What a configuration could select besides the pair, as reason and sentence; None where nothing.

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
