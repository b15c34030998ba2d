"""Claude Code: the managed settings that limit it to the admitted models of Anthropic.

Sources: https://code.claude.com/docs/en/settings-reference (`availableModels`, `availableModelsMatch`, `deniedModels`,
`enforceAvailableModels`, `model`, `modelOverrides`) and https://code.claude.com/docs/en/model-config, section "Restrict
model selection". From there:

- an entry of `availableModels` is a family alias, a version prefix or a full model id; with `availableModelsMatch`
  `exact`, a full id allows the version it names and no later one (2.1.283, managed settings only);
- an empty list, or one without `enforceAvailableModels` (2.1.175), leaves the Default model of the account available;
- in managed settings the list replaces those of user and project; elsewhere lists are merged;
- `deniedModels` beats `availableModels`, an alias denies its family, and Claude Code does not start where no model is
  left for Default;
- `modelOverrides` sends another model's name in place of an id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sotctl.export.admitted import Admitted
from sotctl.export.governed import Key, write_keys
from sotctl.export.jsonc import parse
from sotctl.export.target import Written, decoded

_PROVIDER = "anthropic"
_FAMILIES = ["fable", "haiku", "opus", "sonnet"]
_FULL_ID = re.compile(r"claude-[a-z0-9]+(-[a-z0-9]+)+")


class _ClaudeCode:
    id = "claude-code"
    program = "Claude Code"
    limits = (
        "deploy it as managed settings: elsewhere Claude Code ignores availableModelsMatch and merges the list "
        "with those of the user"
    )

    def write(self, pairs: Sequence[Admitted], existing: bytes | None, *, revision: str) -> Written:
        models = [one.model for one in pairs if _is_expressible(one)]
        keys = [
            Key(path=("availableModels",), value=models, widens=lambda value: _others(value, models)),
            Key(path=("availableModelsMatch",), value="exact"),
            Key(path=("enforceAvailableModels",), value=True),
            Key(path=("modelOverrides",), value={}, widens=_overriding),
        ]
        if not models:
            keys.append(Key(path=("deniedModels",), value=_FAMILIES))
        elif _denied(existing) == _FAMILIES:  # ours, from when nothing was admitted; other denials are the owner's
            keys.append(Key(path=("deniedModels",), value=[]))
        if models:
            keys.append(Key(path=("model",), value=models[0], widens=lambda value: _others([value], models)))
        return write_keys(keys, existing, [_unexpressed(one) for one in pairs if not _is_expressible(one)])


def _is_expressible(one: Admitted) -> bool:
    return one.provider == _PROVIDER and _FULL_ID.fullmatch(one.model) is not None


def _unexpressed(one: Admitted) -> str:
    if one.provider != _PROVIDER:
        return f"{one.pair}: Claude Code runs models of {_PROVIDER} only"
    return f"{one.pair}: Claude Code takes `{one.model}` for a family or a prefix, which would allow other models too"


def _denied(existing: bytes | None) -> Any:
    node = parse(decoded(existing)).find("deniedModels") if existing is not None else None
    return node.value if node else None


def _others(value: Any, models: Sequence[str]) -> Iterator[str]:
    for name in value if isinstance(value, list) else [value]:
        if isinstance(name, str) and name not in models:
            yield f"{_PROVIDER}/{name}"


def _overriding(value: Any) -> Iterator[str]:
    for name in value.values() if isinstance(value, dict) else ():
        if isinstance(name, str):
            yield f"{_PROVIDER}/{name}"


FORMAT = _ClaudeCode()
