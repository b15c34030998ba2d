"""The provider's entry as runs of v1 had it."""

from __future__ import annotations

import json
import re


def models_bytes(provider: str, model: str, base_url: str) -> bytes:
    """The provider's entry, with the recorder as the only base URL; the variable of the key is named."""
    entry = {
        "baseUrl": base_url,
        "api": "openai-completions",
        "apiKey": re.sub(r"[^A-Z0-9]", "_", provider.upper()) + "_API_KEY",
        "models": [{"id": model}],
    }
    return (json.dumps({"providers": {provider: entry}}, indent=2) + "\n").encode()


def is_models(data: bytes, provider: str, model: str) -> bool:
    """Whether these are the bytes of `models_bytes` for the pair and a recorder on loopback."""
    found = re.search(rb'"baseUrl": "(http://127\.0\.0\.1:[0-9]{1,5}/[0-9a-f]{32})"', data)
    return found is not None and data == models_bytes(provider, model, found[1].decode())
