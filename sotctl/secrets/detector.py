"""Finds secrets in bytes, and never shows one."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sotctl import registry
from sotctl.secrets import rules
from sotctl.secrets.rule import SecretRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret stands: never the secret itself.

    `start` is a byte offset, `length` a count of bytes; `line` and `column` count from 1.
    """

    rule: str
    summary: str
    line: int
    column: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: SecretRule
    keywords: tuple[bytes, ...]
    pattern: re.Pattern[bytes]


@functools.cache
def all_rules() -> tuple[SecretRule, ...]:
    """Every secret rule of every family, in order of family and place in its file."""
    return tuple(rule for family in registry.load(rules, "RULES") for rule in family)


@functools.cache
def _compiled() -> tuple[_Compiled, ...]:
    return tuple(
        _Compiled(rule, tuple(word.lower().encode() for word in rule.keywords), re.compile(rule.pattern.encode()))
        for rule in all_rules()
    )


def scan(data: bytes) -> list[Secret]:
    """Find the secrets in *data*, in order of place; of overlapping ones the first and longest."""
    found = sorted(_spans(data), key=lambda span: (span[0], -span[1]))
    secrets: list[Secret] = []
    end = 0
    for start, stop, rule in found:
        if start < end:
            continue
        end = stop
        line_start = data.rfind(b"\n", 0, start) + 1
        secrets.append(
            Secret(
                rule=rule.id,
                summary=rule.summary,
                line=data.count(b"\n", 0, start) + 1,
                column=start - line_start + 1,
                start=start,
                length=stop - start,
            )
        )
    return secrets


def scan_text(text: str) -> list[Secret]:
    """Find the secrets in *text*; offsets count the bytes of its UTF-8 form."""
    return scan(text.encode("utf-8", "surrogatepass"))


def _spans(data: bytes) -> Iterator[tuple[int, int, SecretRule]]:
    lowered = data.lower()
    for compiled in _compiled():
        if not any(word in lowered for word in compiled.keywords):
            continue
        group = "secret" if "secret" in compiled.pattern.groupindex else 0
        for match in compiled.pattern.finditer(data):
            if compiled.rule.accept is None or compiled.rule.accept(match[group]):
                yield *match.span(group), compiled.rule
