"""Defines a secret rule: its keywords, its pattern and its samples."""

from __future__ import annotations

import functools
import re

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes a hook longer than the scan
    from collections.abc import Callable, Sequence

    Accept = Callable[[bytes], bool]
    Spans = Sequence[tuple[int, int]]
    Find = Callable[[bytes, int], Spans]
    Samples = Callable[[], tuple[tuple[str, ...], tuple[str, ...]]]


def lazy(pattern: bytes) -> Callable[[], re.Pattern[bytes]]:
    """Return a function that compiles the verbose *pattern* on its first call, since a hook seldom needs many."""
    return functools.cache(lambda: re.compile(pattern, re.VERBOSE))


class SecretRule:
    """The shape of one kind of secret.

    Not a dataclass: importing `dataclasses` takes a hook twice as long as its scan.

    - `keywords`: where to look. The pattern is tried only at these. With `fold`, they are written in lower case and
      match any case.
    - `pattern`: a regular expression over bytes. Its group `secret` is the secret; without that group, the whole match
      is. It is matched at the keyword, or, with `reach`, searched from `reach` bytes before the keyword to `window`
      bytes after it.
    - `find`: replaces the pattern if one expression is not enough. It gets the data and the offset of the keyword, and
      returns the spans of the secrets.
    - `accept`: can refuse a match, because of a checksum or because the value is a placeholder.
    - `source`: where the shape is documented.
    - `matches`, `misses`: the samples that test the rule, put together from pieces so that no file here holds a whole
      token.
    - `lead`: the alphabet and the number of bytes that must follow a keyword; engines that search for many keywords at
      once use it.
    - `near`: an expression without look-around for such engines, if keywords and `lead` would match too often.
    - `loose`: the rule recognises the surrounding text, not a vendor's format. Other rules take precedence, and it does
      not apply to joined lines.
    - `claim`: an expression for how only this vendor's values begin, if they have a single form. Only this rule decides
      on such a value, whatever its key is called.
    - `counts`: whether a try of the rule counts for `Bounds`. One of a rule with `near` does not: the two engines try
      such rules at different places, and must stop at the same place.
    """

    __slots__ = (
        "_compiled",
        "_near",
        "_pattern",
        "_samples",
        "accept",
        "claim",
        "counts",
        "find",
        "fold",
        "id",
        "keywords",
        "lead",
        "loose",
        "reach",
        "source",
        "summary",
        "window",
    )

    def __init__(
        self,
        *,
        id: str,  # noqa: A002
        summary: str,
        source: str,
        keywords: tuple[str, ...],
        pattern: str | Callable[[], str] = "",
        matches: tuple[str, ...] = (),
        misses: tuple[str, ...] = (),
        samples: Samples | None = None,
        find: Find | None = None,
        accept: Accept | None = None,
        reach: int = 0,
        fold: bool = False,
        lead: tuple[str, int] = ("", 0),
        loose: bool = False,
        near: str | Callable[[], str] = "",
        window: int = 640,
        claim: str = "",
    ) -> None:
        self.id, self.summary, self.source, self.keywords = id, summary, source, keywords
        self._pattern, self.find, self.accept = pattern, find, accept
        self.reach, self.fold, self.lead, self.loose, self._near = reach, fold, lead, loose, near
        self.window, self.claim = window, claim
        self.counts = not near
        self._samples = samples or (lambda: (matches, misses))
        self._compiled: re.Pattern[bytes] | None = None

    def __repr__(self) -> str:
        return f"SecretRule({self.id!r})"

    @property
    def pattern(self) -> str:
        """The regular expression; rules made by `shapes` build theirs on demand."""
        return self._pattern if isinstance(self._pattern, str) else self._pattern()

    def is_led(self, data: bytes, stop: int) -> bool:
        """Whether a keyword that ends at *stop* is followed by the bytes that `lead` requires."""
        letters, count = self.lead
        return not count or (len(data) >= stop + count and not data[stop : stop + count].strip(members(letters)))

    @property
    def has_near(self) -> bool:
        """Whether `near` is set; cheaper than building the expression."""
        return bool(self._near)

    @property
    def near(self) -> str:
        """The expression for engines that search for many rules at once; empty if keywords and `lead` are enough."""
        return self._near if isinstance(self._near, str) else self._near()

    @property
    def matches(self) -> tuple[str, ...]:
        """Samples in which the rule finds a secret; rules made by `shapes` build theirs on demand."""
        return self._samples()[0]

    @property
    def misses(self) -> tuple[str, ...]:
        """Samples in which the rule finds no secret."""
        return self._samples()[1]

    def at(self, data: bytes, position: int) -> Spans:
        """Return the spans of the secrets that belong to the keyword at *position* of *data*; most often none."""
        spans = self.find(data, position) if self.find is not None else self._match(data, position)
        if self.accept is not None and spans:
            return [span for span in spans if self.accept(data[span[0] : span[1]])]
        return spans

    def _match(self, data: bytes, position: int) -> Spans:
        pattern = self._compiled
        if pattern is None:
            pattern = self._compiled = re.compile(self.pattern.encode("latin-1"))
        if self.reach:
            match = pattern.search(data, max(0, position - self.reach), position + self.window)
        else:
            match = pattern.match(data, position)
        if match is None:
            return ()
        return (match.span("secret" if "secret" in pattern.groupindex else 0),)


_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


@functools.cache
def members(letters: str) -> bytes:
    """Return the characters of a regular expression's class, such as `A-Z0-9_`, in the order written."""
    found, index = "", 0
    while index < len(letters):
        if letters[index] == "\\":
            found, index = found + _ESCAPED.get(letters[index + 1], letters[index + 1]), index + 2
        elif letters[index + 1 : index + 2] == "-" and index + 2 < len(letters):
            found += "".join(map(chr, range(ord(letters[index]), ord(letters[index + 2]) + 1)))
            index += 3
        else:
            found, index = found + letters[index], index + 1
    return found.encode("latin-1")


def escaped(literal: str) -> str:
    """Return *literal* as a regular expression, like `re.escape`."""
    return "".join(character if character.isalnum() or character == "_" else "\\" + character for character in literal)


def any_of(literals: Sequence[str]) -> str:
    """Return a regular expression for any of *literals*, so that a pattern can begin with its rule's keywords."""
    return f"(?:{'|'.join(map(escaped, literals))})"
