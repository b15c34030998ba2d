"""Generates samples from patterns, so that rules made by `shapes` need no written samples."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def written(pattern: str, *, seed: int = 0) -> str:
    """Return a text that matches *pattern*: it looks random, is the same every time, and repeats as little as allowed.

    The first of several branches is used, and look-around is ignored.
    """
    from re import _parser  # type: ignore[attr-defined]

    state = 88172645463325252 + seed * 7919 + len(pattern)

    def chosen(letters: list[str]) -> str:
        nonlocal state
        state ^= (state << 13) & 0xFFFFFFFFFFFFFFFF
        state ^= state >> 7
        state ^= (state << 17) & 0xFFFFFFFFFFFFFFFF
        return letters[state % len(letters)]

    def text_of(tree: Any) -> str:
        return "".join(one(str(operation), argument) for operation, argument in tree)

    def one(operation: str, argument: Any) -> str:
        match operation:
            case "LITERAL":
                return chr(argument)
            case "IN":
                return chosen(_members(argument))
            case "MAX_REPEAT" | "MIN_REPEAT":
                return "".join(text_of(argument[2]) for _ in range(argument[0]))
            case "SUBPATTERN":
                return text_of(argument[3])
            case "BRANCH":
                return text_of(argument[1][0])
        return ""

    return text_of(_parser.parse(pattern))


def _members(items: Any) -> list[str]:
    members: list[str] = []
    for operation, argument in items:
        match str(operation):
            case "LITERAL":
                members.append(chr(argument))
            case "RANGE":
                members += map(chr, range(argument[0], argument[1] + 1))
            case "CATEGORY":  # `\w`, `\s`: a letter or a blank is one of each
                members.append(" " if str(argument).endswith("SPACE") else "a")
    if str(items[0][0]) == "NEGATE":
        return [letter for letter in "abcdefghijkmnpqrstuvwxyz23456789" if letter not in members]
    return members
