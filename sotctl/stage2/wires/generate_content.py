"""Google's `generateContent`, in which the path names the model.

Source: https://ai.google.dev/api/generate-content
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sotctl.stage2.credential import Token
from sotctl.stage2.wires import Headers, Operation, bearer, named

_PATH = re.compile(r"(?:/v1beta|/v1)?(/models/([^/:]+):(generateContent|streamGenerateContent|countTokens))")


class GenerateContent:
    """`POST {base}/v1beta/models/MODEL:generateContent` and the like; `/models/…` is the same."""

    id = "generate-content"
    forwarded = frozenset({b"x-goog-api-client"})
    queries = frozenset({"alt"})
    served_headers: frozenset[bytes] = frozenset()

    def public_address(self, provider: str) -> str:
        """Google's own address."""
        return "https://generativelanguage.googleapis.com" if provider == "google" else ""

    def operation(self, provider: str, path: str) -> Operation | None:
        """What is asked of the model that the path names."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        return Operation(path=f"/v1beta{match[1]}", generates=match[3] != "countTokens", model=match[2])

    def authorisation(self, token: Token) -> Headers:
        """A key; a token from a login is a bearer token."""
        if token.is_oauth or not token.value:
            return bearer(token)
        return [(b"x-goog-api-key", token.value.encode())]

    def models(self, provider: str, model: str) -> Mapping[str, Any]:
        """A list of one model."""
        methods = ["generateContent", "streamGenerateContent", "countTokens"]
        return {"models": [{"name": f"models/{model}", "supportedGenerationMethods": methods}]}

    def served(self, values: Mapping[str, Any]) -> Iterator[object]:
        """`modelVersion`, of a whole answer and of a chunk."""
        yield from named(values, "modelVersion")


WIRE = GenerateContent()
