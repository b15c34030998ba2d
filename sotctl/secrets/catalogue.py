"""All secret rules, and the index from keywords to rules."""

from __future__ import annotations

import functools
import re

from sotctl import registry
from sotctl.secrets import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import SecretRule

    Index = tuple[tuple[bytes, list[SecretRule]], ...]


@functools.cache
def all_rules() -> tuple[SecretRule, ...]:
    """Every secret rule, ordered by family and by position in its file."""
    return tuple(rule for family in registry.load(rules, "RULES") for rule in family)


@functools.cache
def claims() -> re.Pattern[bytes]:
    """An expression of every rule's `claim`: only the claiming rule decides on a value that begins so."""
    return re.compile("|".join(rule.claim for rule in all_rules() if rule.claim).encode("latin-1"))


@functools.cache
def index(*, fold: bool) -> Index:
    """The keywords with their rules: the case-sensitive ones, or, with *fold*, those compared in lower case."""
    table: dict[bytes, list[SecretRule]] = {}
    for rule in all_rules():
        if rule.fold is fold:
            for keyword in rule.keywords:
                table.setdefault(keyword.encode("latin-1"), []).append(rule)
    return tuple(table.items())
