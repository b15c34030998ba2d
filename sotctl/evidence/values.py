"""Frozen dataclasses as JSON and back, strictly: every key is there, has its type, and none is unknown."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar, cast

T = TypeVar("T")


class ShapeError(Exception):
    """A value is not of its shape; `place` says where, as `network.hosts[0]`."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def to_json(value: Any) -> Any:
    """A value as JSON; a field named after a Python keyword ends in `_` only in the dataclass."""
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    if isinstance(value, Mapping):
        return {key: to_json(part) for key, part in value.items()}
    return {key: to_json(getattr(value, name)) for key, (name, _) in _fields(cast(Hashable, type(value))).items()}


def from_json(cls: type[T], values: object) -> T:
    """The dataclass that `to_json` gives back as *values*.

    Raises:
        ShapeError: They are not of that shape.
    """
    try:
        found: T = _reader(cast(Hashable, cls))(values)
    except ShapeError as error:
        raise ShapeError(error.place or "the whole") from None
    return found


Reader = Callable[[Any], Any]
"""Reads a value of one type; the place of its `ShapeError` is that within the value, "" for the value itself."""


@cache
def _fields(cls: Hashable) -> dict[str, tuple[str, Reader]]:
    """The name and the reader of each field, by its key in JSON."""
    hints = typing.get_type_hints(cast(type, cls))
    names = [field.name for field in dataclasses.fields(cast(Any, cls))]
    return {name.removesuffix("_"): (name, _reader(hints[name])) for name in names}


@cache
def _reader(hint: Any) -> Reader:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        (only,) = (_reader(part) for part in typing.get_args(hint) if part is not types.NoneType)
        return lambda value: None if value is None else only(value)
    if origin is tuple:
        return partial(_read_tuple, _reader(typing.get_args(hint)[0]))
    if dataclasses.is_dataclass(hint):
        return partial(_read_object, cast(Hashable, hint))
    if issubclass(hint, Enum):
        return partial(_read_enum, hint)
    return partial(_read_plain, (int, float) if hint is float else hint, is_bool=hint is bool)


def _read_tuple(item: Reader, value: Any) -> Any:
    if not isinstance(value, list):
        raise ShapeError("")
    return tuple(_below(f"[{at}]", item, part) for at, part in enumerate(value))


def _read_object(cls: Hashable, values: Any) -> Any:
    if not isinstance(values, dict):
        raise ShapeError("")
    fields = _fields(cls)
    if strange := sorted(values.keys() ^ fields.keys()):
        raise ShapeError(strange[0])
    read = {name: _below(key, reader, values[key]) for key, (name, reader) in fields.items()}
    return cast(Any, cls)(**read)


def _read_enum(cls: type[Enum], value: Any) -> Any:
    try:
        return cls(value)
    except ValueError:
        raise ShapeError("") from None


def _read_plain(kind: type | tuple[type, ...], value: Any, *, is_bool: bool) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and not is_bool):  # Python takes true for a number
        raise ShapeError("")
    return value


def _below(place: str, reader: Reader, value: Any) -> Any:
    """Read a part of a value; the place of an error is that within the whole value."""
    try:
        return reader(value)
    except ShapeError as error:
        joint = "." if error.place and not error.place.startswith("[") else ""
        raise ShapeError(f"{place}{joint}{error.place}") from None
