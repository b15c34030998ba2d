"""opencode: the providers it may load, and the models it may take from each.

Sources: https://opencode.ai/v1/docs/config (`enabled_providers`, `model`, `small_model`),
https://opencode.ai/v1/docs/providers.md (`whitelist`: every other model of a provider is hidden),
https://opencode.ai/v1/docs/policies.md (`experimental.policies`, which opencode 2 enforces in place of
`enabled_providers`; the last statement that matches wins), and the types of `@opencode-ai/sdk` 1.18.33
(`Config`, `ProviderConfig`). Without `small_model` opencode takes a cheap model of the provider for titles.

A provider keeps its exact name: opencode loads one that it does not know from `provider.<name>`, whose `npm`, `options`
and `models` stay the owner's. `models.<model>.id` would send another model's name, and so is governed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sotctl.export.admitted import Admitted
from sotctl.export.governed import Key, write_keys
from sotctl.export.jsonc import parse
from sotctl.export.target import Written, decoded

_ACTION = "provider.use"


class _Opencode:
    id = "opencode"
    program = "opencode"
    limits = "a provider that opencode does not know by this name must be described under `provider`, with its `models`"

    def write(self, pairs: Sequence[Admitted], existing: bytes | None, *, revision: str) -> Written:
        models: dict[str, list[str]] = {}
        for one in pairs:
            models.setdefault(one.provider, []).append(one.model)
        keys = [
            Key(
                path=("enabled_providers",),
                value=list(models),
                widens=lambda value: (f"{name}/*" for name in _texts(value) if name not in models),
            ),
            Key(path=("experimental", "policies"), value=_policies(models), widens=lambda v: _allowed(v, models)),
        ]
        for provider, names in models.items():
            keys.append(
                Key(
                    path=("provider", provider, "whitelist"),
                    value=names,
                    widens=lambda value, provider=provider, names=names: (  # type: ignore[misc]
                        f"{provider}/{name}" for name in _texts(value) if name not in names
                    ),
                )
            )
        keys += _ids(pairs, existing)
        if pairs:
            keys += [_default(name, pairs) for name in ("model", "small_model")]
        return write_keys(keys, existing, ())


def _default(name: str, pairs: Sequence[Admitted]) -> Key:
    known = [one.pair for one in pairs]
    return Key(path=(name,), value=known[0], widens=lambda value: [] if value in known else [str(value)])


def _policies(providers: Sequence[str] | dict[str, list[str]]) -> list[dict[str, str]]:
    rows = [("deny", "*"), *(("allow", provider) for provider in providers)]
    return [{"effect": effect, "action": _ACTION, "resource": resource} for effect, resource in rows]


def _ids(pairs: Sequence[Admitted], existing: bytes | None) -> Iterator[Key]:
    """The model ids that the file sends in place of the admitted names, where it has some."""
    root = parse(decoded(existing)) if existing is not None else None
    for one in pairs:
        path = ("provider", one.provider, "models", one.model, "id")
        if root and root.find(*path):
            yield Key(path=path, value=one.model, widens=lambda value, one=one: [f"{one.provider}/{value}"])  # type: ignore[misc]


def _texts(value: Any) -> Iterator[str]:
    yield from (item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _allowed(value: Any, models: dict[str, list[str]]) -> Iterator[str]:
    for row in value if isinstance(value, list) else ():
        if isinstance(row, dict) and row.get("effect") == "allow" and row.get("resource") not in models:
            yield f"{row.get('resource')}/*"


FORMAT = _Opencode()
