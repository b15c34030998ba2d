"""One file per protocol, with `WIRE`: where a request and an answer name their model, and what authorises a request.

A wire does not depend on a backend. The recorder asks it for the meaning of a path and the names in an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sotctl import registry
from sotctl.stage2.credential import Token

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The meaning of a path: its place below the upstream's base URL, and the model that the path itself names.

    `generates` is false for what only counts or compacts; `model` is None where the body names the model.
    """

    path: str
    generates: bool
    model: str | None = None


class Wire(Protocol):
    """A protocol that model providers speak."""

    id: str
    forwarded: frozenset[bytes]
    """Names of headers, in lower case, that reach the upstream besides those that every wire forwards."""
    queries: frozenset[str]
    """Names that reach the upstream in a query; all others are dropped."""
    served_headers: frozenset[bytes]
    """Names of headers, in lower case, in which an answer names its model."""

    def public_address(self, provider: str) -> str:
        """The base URL of a provider that everybody can reach; "" where there is none, and --upstream is needed."""

    def operation(self, provider: str, path: str) -> Operation | None:
        """What a POST to a path below the recorder's base URL asks for; None for a path of no model request."""

    def authorisation(self, token: Token) -> Headers:
        """The headers that authorise a request with that token; those of the program are dropped."""

    def models(self, provider: str, model: str) -> Mapping[str, Any]:
        """The answer to `GET …/models`, which names only the admitted model."""

    def served(self, values: Mapping[str, Any]) -> Iterator[object]:
        """What one JSON object of an answer gives as the name of the model; anything but a text is unreadable."""


def wires() -> dict[str, Wire]:
    """Every wire there is a file for, by its id: `chat-completions`, `generate-content`, `messages`, `responses`."""
    from sotctl.stage2 import wires as package

    return {wire.id: wire for wire in registry.load(package, "WIRE")}


def bearer(token: Token) -> Headers:
    """The `Authorization` header of a token; none where the provider asks for nothing."""
    return [(b"authorization", f"Bearer {token.value}".encode())] if token.value else []


def named(values: object, *keys: str) -> Iterator[object]:
    """The value at a path of keys; nothing if a key is absent or null."""
    for key in keys:
        if not isinstance(values, Mapping):
            return
        values = values.get(key)
    if values is not None:
        yield values
