"""All rules, and the index from a keyword to its rules."""

from __future__ import annotations

import functools
import re

from sotctl import registry
from sotctl.secrets import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import SecretRule

    Index = tuple[tuple[bytes, tuple[SecretRule, ...]], ...]


@functools.cache
def all_rules() -> tuple[SecretRule, ...]:
    """Every secret rule of every family, in order of family and place in its file."""
    return tuple(rule for family in registry.load(rules, "RULES") for rule in family)


@functools.cache
def claims() -> re.Pattern[bytes]:
    """How values of vendors with a single form begin: only the vendor's rule decides on such a value."""
    return re.compile("|".join(rule.claim for rule in all_rules() if rule.claim).encode("latin-1"))


@functools.cache
def index(*, fold: bool) -> Index:
    """The keywords with their rules: those compared as they stand, or, with *fold*, those compared in lower case."""
    table: dict[bytes, list[SecretRule]] = {}
    for rule in all_rules():
        if rule.fold is fold:
            for keyword in rule.keywords:
                table.setdefault(keyword.encode("latin-1"), []).append(rule)
    return tuple((keyword, tuple(owners)) for keyword, owners in table.items())
