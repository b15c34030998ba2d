"""Anthropic's Messages API.

Sources: https://docs.claude.com/en/api/messages and https://docs.claude.com/en/docs/build-with-claude/streaming.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sotctl.stage2.credential import Token
from sotctl.stage2.wires import Headers, Operation, bearer, named

_PATHS = {"/messages": True, "/messages/count_tokens": False}


class Messages:
    """`POST {base}/v1/messages`; clients whose base URL ends in `/v1` ask for `/messages`, which is the same."""

    id = "messages"
    forwarded = frozenset(
        {b"anthropic-version", b"anthropic-beta", b"anthropic-dangerous-direct-browser-access", b"x-app"}
    )
    queries = frozenset({"beta"})
    served_headers: frozenset[bytes] = frozenset()

    def public_address(self, provider: str) -> str:
        """Anthropic's own address."""
        return "https://api.anthropic.com" if provider == "anthropic" else ""

    def operation(self, provider: str, path: str) -> Operation | None:
        """A message, or the count of its tokens."""
        known = path.removeprefix("/v1")
        return Operation(path=f"/v1{known}", generates=_PATHS[known]) if known in _PATHS else None

    def authorisation(self, token: Token) -> Headers:
        """A key; a token from a login is a bearer token, which Anthropic takes only with this beta."""
        if token.is_oauth:
            return [*bearer(token), (b"anthropic-beta", b"oauth-2025-04-20")]
        return [(b"x-api-key", token.value.encode())] if token.value else []

    def models(self, provider: str, model: str) -> Mapping[str, Any]:
        """A list of one model."""
        listed = {"type": "model", "id": model, "display_name": model, "created_at": "1970-01-01T00:00:00Z"}
        return {"data": [listed], "first_id": model, "last_id": model, "has_more": False}

    def served(self, values: Mapping[str, Any]) -> Iterator[object]:
        """`model` of a whole answer, and of the message that `message_start` holds."""
        yield from named(values, "model")
        yield from named(values, "message", "model")


WIRE = Messages()
