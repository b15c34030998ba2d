"""LiteLLM proxy: the list of the models that the gateway serves.

Sources: https://docs.litellm.ai/docs/proxy/configs (`model_list`, `model_name`, `litellm_params.model`, `include`),
https://docs.litellm.ai/docs/proxy/config_settings (`store_model_in_db`, `model_group_alias`, `pass_through_endpoints`),
https://docs.litellm.ai/docs/providers/chatgpt, /anthropic and /vllm for the routes.

An entry is ours by its `model_name` and its `litellm_params.model`; what else stands in it (`api_base`, `api_key` by
reference, limits) stays byte for byte. An entry that is not admitted is taken out whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sotctl.export.admitted import Admitted
from sotctl.export.target import Drift, Written, decoded
from sotctl.export.yaml_list import Item, Listing, read

ROUTES = {"anthropic": "anthropic", "openai-codex": "chatgpt", "vllm": "hosted_vllm", "ollama": "ollama_chat"}
"""LiteLLM's route for a provider, where its documentation has one for exactly that."""
_FORBIDDEN = (
    (("include",), "reads models from other files"),
    (("general_settings", "store_model_in_db"), "takes models from a database besides"),
    (("general_settings", "pass_through_endpoints"), "passes requests on without looking at the model"),
    (("router_settings", "model_group_alias"), "serves a model under another name"),
    (("router_settings", "router_general_settings"), "can pass every model through"),
)


_REDIRECTS = (("custom_llm_provider",), ("extra_body", "model"))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What identifies an entry: the name that clients ask for, and the route that answers."""

    name: str
    model: str


class _LiteLlm:
    id = "litellm"
    program = "LiteLLM"
    limits = (
        "governs model_list alone: close pass-through routes, and credentials that clients send, in LiteLLM's own "
        "settings"
    )

    def write(self, pairs: Sequence[Admitted], existing: bytes | None, *, revision: str) -> Written:
        listing = read(decoded(existing) if existing is not None else "", "model_list")
        wanted = {_entry(one): one for one in pairs if one.provider in ROUTES}
        held = [_held(item) for item in listing.items]
        foreign = [item for item, entry in zip(listing.items, held, strict=True) if entry not in wanted]
        missing = [entry for entry in wanted if entry not in held]
        text = listing.without(foreign, [_written(entry) for entry in missing])
        drifts = [
            *(_foreign(item, entry) for item, entry in zip(listing.items, held, strict=True) if entry not in wanted),
            *(Drift(line=listing.line, message=f"`model_list` lacks {wanted[entry].pair}") for entry in missing),
            *_forbidden(listing),
        ]
        unexpressed = [
            f"{one.pair}: LiteLLM has no route that is exactly the provider {one.provider}"
            for one in pairs
            if one.provider not in ROUTES
        ]
        return Written(data=text.encode("utf-8"), drifts=tuple(drifts), unexpressed=tuple(unexpressed))


def _held(item: Item) -> _Entry:
    """What an entry of the file stands for; one that sends another model or provider is none that is admitted."""
    sent = [name for path in _REDIRECTS if (name := item.text("litellm_params", *path))]
    model = item.text("litellm_params", "model")
    return _Entry(item.text("model_name"), f"{model} sent as {', '.join(sent)}" if sent else model)


def _entry(one: Admitted) -> _Entry:
    return _Entry(one.model, f"{ROUTES[one.provider]}/{one.model}")


def _written(entry: _Entry) -> tuple[str, ...]:
    return f"- model_name: {_scalar(entry.name)}", "  litellm_params:", f"    model: {_scalar(entry.model)}"


def _scalar(text: str) -> str:
    """A model name in double quotes: it is printable ASCII, and YAML reads such a text as JSON does."""
    return json.dumps(text)


def _foreign(item: Item, entry: _Entry) -> Drift:
    return Drift(line=item.line, message="`model_list` serves what no admission in force names", pairs=(entry.model,))


def _forbidden(listing: Listing) -> Iterator[Drift]:
    for path, what in _FORBIDDEN:
        if (line := listing.set_at(*path)) is not None:
            yield Drift(line=line, message=f"`{'.'.join(path)}` {what}; take it out", pairs=("*",))


FORMAT = _LiteLlm()
