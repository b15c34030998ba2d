"""The keys of a JSON configuration that an export governs, and how far a file differs from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sotctl.export.jsonc import Node, parse, with_value
from sotctl.export.target import Drift, Written, decoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A governed key: its path, the value it must have, and which pairs another value would allow besides."""

    path: tuple[str, ...]
    value: Any
    widens: Callable[[Any], Iterable[str]] = lambda _: ()

    @property
    def name(self) -> str:
        """The path as one text."""
        return ".".join(self.path)


def write_keys(keys: Sequence[Key], existing: bytes | None, unexpressed: Sequence[str]) -> Written:
    """Write *keys* into a JSON file, an empty object where there is none.

    Raises:
        TargetError: The file is not a JSON object.
    """
    text = decoded(existing) if existing is not None else "{}\n"
    root = parse(text)
    drifts = tuple(_drift(root, key) for key in keys if not _has(root, key))
    for key in keys:
        text = with_value(text, key.path, key.value)
    return Written(data=text.encode("utf-8"), drifts=drifts, unexpressed=tuple(unexpressed))


def _has(root: Node, key: Key) -> bool:
    node = root.find(*key.path)
    return node is not None and node.value == key.value and type(node.value) is type(key.value)


def _drift(root: Node, key: Key) -> Drift:
    node = root.find(*key.path)
    if node is None:
        return Drift(line=_nearest(root, key.path).line, message=f"`{key.name}` is missing, so it limits nothing")
    pairs = tuple(dict.fromkeys(key.widens(node.value)))
    return Drift(line=node.line, message=f"`{key.name}` is not what the admissions in force say", pairs=pairs)


def _nearest(root: Node, path: Sequence[str]) -> Node:
    node = root
    for key in path:
        if key not in node.members:
            break
        node = node.members[key]
    return node
