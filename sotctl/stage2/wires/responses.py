"""The Responses API, as OpenAI serves it and as Codex's own backend does.

Sources: https://platform.openai.com/docs/api-reference/responses for the protocol and its events; for Codex's backend
the open source of Codex and of pi, which both send `POST {base}/codex/responses` with a `chatgpt-account-id`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sotctl.stage2.credential import Token
from sotctl.stage2.wires import Headers, Operation, bearer, named

CODEX = "openai-codex"
_PUBLIC = {"openai": "https://api.openai.com/v1", CODEX: "https://chatgpt.com/backend-api"}
_BESIDES = ("/compact", "/input_tokens")


class Responses:
    """`POST {base}/responses`; for `openai-codex` `POST {base}/codex/responses`, whichever of both is asked for."""

    id = "responses"
    forwarded = frozenset(
        {b"openai-beta", b"originator", b"version", b"session_id", b"session-id", b"conversation_id", b"thread-id"}
        | {b"x-client-request-id", b"x-codex-turn-state", b"x-codex-beta-features"}
        | {b"x-codex-installation-id", b"x-codex-window-id", b"x-codex-parent-thread-id", b"x-openai-subagent"}
    )
    queries = frozenset({"api-version"})
    served_headers = frozenset({b"openai-model", b"x-openai-model"})

    def public_address(self, provider: str) -> str:
        """The base URL that the provider documents, or that its own client uses."""
        return _PUBLIC.get(provider, "")

    def operation(self, provider: str, path: str) -> Operation | None:
        """What is asked for, at the path that the provider's backend has for it."""
        known = path.removeprefix("/codex") if provider == CODEX else path
        if known != "/responses" and known not in {f"/responses{end}" for end in _BESIDES}:
            return None
        return Operation(path=f"/codex{known}" if provider == CODEX else known, generates=known == "/responses")

    def authorisation(self, token: Token) -> Headers:
        """A bearer token, and the account where the token has one."""
        account = [(b"chatgpt-account-id", token.account_id.encode())] if token.account_id else []
        return [*bearer(token), *account]

    def models(self, provider: str, model: str) -> Mapping[str, Any]:
        """A list of one model; Codex's client reads `models`, and keeps what it was built with where that is empty."""
        listed = {"id": model, "object": "model", "created": 0, "owned_by": provider}
        return {"object": "list", "data": [listed], "models": []}

    def served(self, values: Mapping[str, Any]) -> Iterator[object]:
        """`model` of an answer and of the answer in an event; headers that an event carries within it."""
        yield from named(values, "model")
        yield from named(values, "response", "model")
        for place in (("headers",), ("response", "headers")):
            for headers in named(values, *place):
                yield from _in_headers(headers)


def _in_headers(headers: object) -> Iterator[object]:
    if isinstance(headers, Mapping):
        yield from (value for name, value in headers.items() if name.lower() in ("openai-model", "x-openai-model"))


WIRE = Responses()
