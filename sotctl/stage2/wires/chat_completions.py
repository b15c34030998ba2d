"""Chat completions, as OpenAI defined them and vLLM, Ollama, llama.cpp and many hosted providers serve them.

Source: https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sotctl.stage2.credential import Token
from sotctl.stage2.wires import Headers, Operation, bearer, named

_PUBLIC = {
    "openai": "https://api.openai.com/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "groq": "https://api.groq.com/openai/v1",
    "cerebras": "https://api.cerebras.ai/v1",
    "xai": "https://api.x.ai/v1",
    "deepseek": "https://api.deepseek.com/v1",
    "mistral": "https://api.mistral.ai/v1",
}


class ChatCompletions:
    """`POST {base}/chat/completions`; the body names the model, and so does every chunk of the answer."""

    id = "chat-completions"
    forwarded = frozenset({b"openai-beta"})
    queries = frozenset({"api-version"})
    served_headers = frozenset({b"openai-model", b"x-openai-model"})

    def public_address(self, provider: str) -> str:
        """The base URL that the provider documents."""
        return _PUBLIC.get(provider, "")

    def operation(self, provider: str, path: str) -> Operation | None:
        """Only one path is a model request."""
        return Operation(path=path, generates=True) if path == "/chat/completions" else None

    def authorisation(self, token: Token) -> Headers:
        """A bearer token."""
        return bearer(token)

    def models(self, provider: str, model: str) -> Mapping[str, Any]:
        """A list of one model."""
        listed = {"id": model, "object": "model", "created": 0, "owned_by": provider}
        return {"object": "list", "data": [listed]}

    def served(self, values: Mapping[str, Any]) -> Iterator[object]:
        """`model`, of a whole answer and of a chunk."""
        yield from named(values, "model")


WIRE = ChatCompletions()
