"""Writes texts that a pattern takes, from the pattern itself: every branch, the shortest and the longest repeats."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from sotctl.secrets.rule import SecretRule

_PRINTABLE = [chr(code) for code in range(32, 127)] + ["\n", "\t"]
_CATEGORIES = {
    _constants.CATEGORY_DIGIT: string.digits,
    _constants.CATEGORY_WORD: string.ascii_letters + string.digits + "_",
    _constants.CATEGORY_SPACE: " \n\t",
}
_FRAMES = (("\n", "\n"), ('x = "', '"\n'), ("say ", " now\n"), ("?a=1&", "&b=2\n"), ('"', '"'), ("x-", "@a\n"))
"""What stands around a text, as patterns ask for an edge before and behind."""


class Writer:
    """Writes texts of one pattern; what looks around is passed over, so that not all of them are taken."""

    def __init__(self, pattern: str, seed: int) -> None:
        self._chance = random.Random(seed)
        self._turns: dict[int, int] = {}
        self._tree = _parser.parse(pattern)

    def write(self) -> str:
        return self._all(self._tree, folded=bool(self._tree.state.flags & re.IGNORECASE))

    def _all(self, tree: Any, *, folded: bool) -> str:
        return "".join(self._one(operation, argument, folded=folded) for operation, argument in tree)

    def _one(self, operation: Any, argument: Any, *, folded: bool) -> str:
        match operation:
            case _constants.LITERAL:
                return self._chance.choice((chr(argument).lower(), chr(argument).upper())) if folded else chr(argument)
            case _constants.NOT_LITERAL:
                return self._chance.choice([letter for letter in _PRINTABLE if letter != chr(argument)])
            case _constants.ANY:
                return self._chance.choice(_PRINTABLE[:95])
            case _constants.IN:
                return self._chance.choice(_members(argument))
            case _constants.MAX_REPEAT | _constants.MIN_REPEAT | _constants.POSSESSIVE_REPEAT:
                return "".join(self._all(argument[2], folded=folded) for _ in range(self._count(*argument[:2])))
            case _constants.SUBPATTERN:
                _, added, removed, inner = argument
                return self._all(inner, folded=bool((folded or added & re.IGNORECASE) and not removed & re.IGNORECASE))
            case _constants.BRANCH:
                turn = self._turns.get(id(argument), self._chance.randrange(len(argument[1]))) + 1
                self._turns[id(argument)] = turn
                return self._all(argument[1][turn % len(argument[1])], folded=folded)
        return ""

    def _count(self, least: int, most: int) -> int:
        most = min(most, least + (60 if self._chance.random() < 0.8 else 3000))
        return self._chance.choice((least, most, self._chance.randint(least, most), min(most, least + 1)))


def _members(items: Any) -> list[str]:
    members: set[str] = set()
    for operation, argument in items:
        if operation is _constants.LITERAL:
            members.add(chr(argument))
        elif operation is _constants.RANGE:
            members.update(map(chr, range(argument[0], argument[1] + 1)))
        elif operation is _constants.CATEGORY:
            members.update(_CATEGORIES.get(argument, _PRINTABLE))
    negated = any(operation is _constants.NEGATE for operation, _ in items)
    return sorted(set(_PRINTABLE) - members if negated else members & set(_PRINTABLE) or members)


def texts_of(rule: SecretRule, count: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield up to *count* texts that the pattern of *rule* takes, and where the secret stands in each."""
    writer, pattern = Writer(rule.pattern, 7), re.compile(rule.pattern.encode("latin-1"))
    group = "secret" if "secret" in pattern.groupindex else 0
    for _ in range(count * 2):
        core = writer.write()
        for before, after in _FRAMES:
            text = (before + core + after).encode("latin-1", "replace")
            match = pattern.search(text)
            if match and match.start() <= len(before) + 2 and match.end() >= len(before) + len(core) - 2:
                yield text, match.span(group)
                count -= 1
                break
        if not count:
            return
