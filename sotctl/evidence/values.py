"""Frozen dataclasses as JSON and back, strictly: every key is there, has its type, and none is unknown."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


class ShapeError(Exception):
    """A value is not of its shape; `place` says where, as `network.hosts[0]`."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def to_json(value: Any) -> Any:
    """A value as JSON has it; a name that Python keeps for itself ends in `_` in the dataclass alone."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {_key(name): to_json(getattr(value, name)) for name in _hints(type(value))}
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    if isinstance(value, Mapping):
        return {key: to_json(part) for key, part in value.items()}
    return value


def from_json(cls: type[T], values: object, place: str = "") -> T:
    """The dataclass that `to_json` gives back as *values*.

    Raises:
        ShapeError: It is none.
    """
    hints = _hints(cast(Hashable, cls))
    if not isinstance(values, dict):
        raise ShapeError(place or "the whole")
    known = {_key(name): name for name in hints}
    if strange := sorted(set(values) ^ set(known)):
        raise ShapeError(f"{place}.{strange[0]}".lstrip("."))
    read = {name: _read(hints[name], values[key], f"{place}.{key}".lstrip(".")) for key, name in known.items()}
    return cls(**read)


def _read(hint: Any, value: Any, place: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _read_any(typing.get_args(hint), value, place)
    if origin is tuple:
        if not isinstance(value, list):
            raise ShapeError(place)
        return tuple(_read(typing.get_args(hint)[0], part, f"{place}[{at}]") for at, part in enumerate(value))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_json(hint, value, place)
    kind = (int, float) if hint is float else origin or hint
    if not isinstance(value, kind) or (isinstance(value, bool) and hint is not bool):
        raise ShapeError(place)
    return value


def _read_any(hints: tuple[Any, ...], value: Any, place: str) -> Any:
    if value is None and types.NoneType in hints:
        return None
    return _read(next(hint for hint in hints if hint is not types.NoneType), value, place)


@cache
def _hints(cls: Hashable) -> dict[str, Any]:
    hints = typing.get_type_hints(cast(type, cls))
    return {field.name: hints[field.name] for field in dataclasses.fields(cast(Any, cls))}


def _key(name: str) -> str:
    return name.removesuffix("_")
