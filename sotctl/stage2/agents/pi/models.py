"""pi's `models.json`, which Case reads as well: the recorder as the only address of the admitted provider.

Source: pi's documentation of custom models, and its versions 0.63.2 and 0.74.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import MappingProxyType

from sotctl.evidence.files import Problem, RunFiles
from sotctl.stage2.agents import KEY_VARIABLE

MODELS, AUTH = "pi/models.json", "pi/auth.json"
_WIRES = MappingProxyType({"anthropic": "messages", "google": "generate-content", "openai-codex": "responses"})
_APIS = MappingProxyType(
    {
        "chat-completions": "openai-completions",
        "messages": "anthropic-messages",
        "generate-content": "google-generative-ai",
        "responses": "openai-codex-responses",
    }
)
_OWN_SCHEMES = frozenset(
    {"amazon-bedrock", "azure-openai-responses", "github-copilot", "google-vertex", "google-gemini-cli"}
    | {"google-antigravity"}
)
"""Providers whose requests are signed or addressed in a way that the recorder cannot reproduce."""


def wire(provider: str) -> str | None:
    """The id of the wire over which pi reaches a provider through the recorder."""
    return None if provider in _OWN_SCHEMES else _WIRES.get(provider, "chat-completions")


def models_bytes(provider: str, model: str, base_url: str) -> bytes:
    """The provider's entry, with the recorder as the only base URL; the key is named, never written."""
    entry = {
        "baseUrl": base_url,
        "api": _APIS[wire(provider) or "chat-completions"],
        "apiKey": KEY_VARIABLE,
        "models": [{"id": model}],
    }
    return (json.dumps({"providers": {provider: entry}}, indent=2) + "\n").encode()


def credentials_problems(files: RunFiles) -> Iterator[Problem]:
    """Credentials that pi would use; an agent may make the file and leave it empty."""
    if AUTH in files.paths() and (files.read(AUTH) or b"").strip() != b"{}":
        message = f"{AUTH} is there, and credentials in it lead to providers that nobody admitted"
        yield Problem(reason="credentials-file", message=message, status="mismatch")
