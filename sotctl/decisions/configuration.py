"""Reads and changes `sot.toml`, and leaves its comments and order as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from sotctl.documents.policy import parse_policy
from sotctl.documents.quote import did_you_mean, quote
from sotctl.documents.templates import Templates
from sotctl.errors import Command, UsageError
from sotctl.plan import Plan

_OWN = {"networks": "array", "decisions": "array", "issues.statuses": "array", "credentials": "string"}
"""Tables whose keys the store chooses, and the type of their values."""


def read_settings(data: bytes | None, key: str | None = None) -> dict[str, object]:
    """What `sot.toml` sets, by dotted key; with *key* that one, or all of that table.

    Raises:
        UsageError: There is no such setting.
    """
    found = dict(_flat(tomllib.loads((data or b"").decode("utf-8", "replace"))))
    if key is None:
        return found
    here = {name: value for name, value in found.items() if name == key or name.startswith(f"{key}.")}
    if not here:
        _require_key(key)
        here = {key: _default(key)}
    return here


def plan_setting(
    path: str,
    data: bytes | None,
    key: str,
    *,
    value: str | None = None,
    added: Sequence[str] = (),
    removed: Sequence[str] = (),
    unset: bool = False,
) -> Plan:
    """Plan to set *key* to a value, to change its list, or to take it out.

    Raises:
        UsageError: There is no such key, or the value is none of its kind.
        RejectedError: The configuration would break a rule.
    """
    _require_key(key)
    try:
        document = tomlkit.parse((data or b"").decode("utf-8"))
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", hint=Command("sotctl check --all")) from None
    table_name, _, name = key.rpartition(".")
    if unset:
        if name in document.get(table_name, {}):
            del document[table_name][name]
    else:
        table = document.setdefault(table_name, tomlkit.table())
        table[name] = _value(key, table.get(name), value, added, removed)
    text = tomlkit.dumps(document).encode()
    parse_policy(path, text)
    verb = "Unset" if unset else "Set"
    return Plan(files={path: text}, before={path: data}, message=f"{verb} {key} in sot.toml\n")


def _value(key: str, old: object, value: str | None, added: Sequence[str], removed: Sequence[str]) -> object:
    kind = _described(key)["type"]
    if kind == "array":
        if value is not None:
            return [part.strip() for part in value.split(",") if part.strip()]
        before = [str(item) for item in old] if isinstance(old, list) else [str(i) for i in _default(key) or ()]
        if missing := [item for item in removed if item not in before]:
            raise UsageError(f"`{key}` does not hold {quote(missing[0])}", hint=Command(f"sotctl config {key}"))
        return [*(item for item in before if item not in removed), *(item for item in added if item not in before)]
    if added or removed:
        raise UsageError(f"`{key}` is not a list", hint=Command(f"sotctl config {key} VALUE"))
    assert value is not None
    if kind == "boolean":
        if value not in ("true", "false"):
            raise UsageError(f"`{key}` is true or false, not {quote(value)}")
        return value == "true"
    if kind == "integer":
        if not value.isdecimal():
            raise UsageError(f"`{key}` is a number, not {quote(value)}")
        return int(value)
    return value


def _require_key(key: str) -> None:
    """Refuse a key that the configuration does not have.

    Raises:
        UsageError: The message names a close one.
    """
    if not _described(key):
        tables = Templates().schema("sot").root["properties"].items()
        known = [f"{table}.{name}" for table, entry in tables for name in entry.get("properties", ())]
        message = f"there is no setting {quote(key)}{did_you_mean(key, known)}"
        raise UsageError(message, hint=Command("sotctl schema sot"))


def _described(key: str) -> dict[str, Any]:
    """The schema of a setting; {} where there is no such setting."""
    table, _, name = key.rpartition(".")
    if table in _OWN and name:
        return {"type": _OWN[table]}
    properties = Templates().schema("sot").root["properties"].get(table, {}).get("properties", {})
    found: dict[str, Any] = properties.get(name, {})
    return found


def _default(key: str) -> Any:
    return _described(key).get("default")


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every setting of a table by its dotted key."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
