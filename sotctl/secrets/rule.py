"""What a secret rule is made of."""

from __future__ import annotations

import functools
import re

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would cost a hook more than the scan
    from collections.abc import Callable, Sequence

    Accept = Callable[[bytes], bool]
    Spans = Sequence[tuple[int, int]]
    Find = Callable[[bytes, int], Spans]
    Samples = Callable[[], tuple[tuple[str, ...], tuple[str, ...]]]


def lazy(pattern: bytes) -> Callable[[], re.Pattern[bytes]]:
    """Return a function that compiles the verbose *pattern* on its first call: a hook seldom needs more than two."""
    return functools.cache(lambda: re.compile(pattern, re.VERBOSE))


class SecretRule:
    """The shape of one kind of secret. Not a dataclass: importing `dataclasses` costs a hook twice its scan.

    `pattern` is a regular expression over bytes; the group named `secret` is the secret, or the whole match where
    there is none. It is tried only where one of `keywords` stands: exactly there, or, with `reach`, anywhere from
    that many bytes before it to `window` bytes after it. With `fold`, keywords are written in lower case and found in
    any. `find` stands in for a pattern where a shape needs more than one: it gets the data and the place of the
    keyword, and returns the spans of the secrets. `accept` may still refuse a match, by a checksum or because the value
    is a placeholder.

    `source` says where the shape comes from; `matches` and `misses` are the samples that prove the rule, put
    together from pieces so that no file here holds a whole token. `lead` is the alphabet and the number of bytes
    that must follow a keyword, for engines that look for many keywords at once; `near` is an
    expression without look-around for them, where neither says enough. A `loose` rule matches a carrier, not a vendor:
    other rules take precedence, and it does not apply to joined lines. `claim` is an expression for how only this
    vendor's values begin, if all of them have one form: only this rule decides on such a value, whatever its key is
    called.
    """

    __slots__ = (
        "_compiled",
        "_near",
        "_pattern",
        "_samples",
        "accept",
        "claim",
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
        self._samples = samples or (lambda: (matches, misses))
        self._compiled: re.Pattern[bytes] | None = None

    def __repr__(self) -> str:
        return f"SecretRule({self.id!r})"

    @property
    def pattern(self) -> str:
        """The regular expression; the rules of a table write theirs when asked."""
        return self._pattern if isinstance(self._pattern, str) else self._pattern()

    def is_led(self, data: bytes, stop: int) -> bool:
        """Whether what `lead` asks for follows a keyword that ends at *stop*."""
        letters, count = self.lead
        return not count or (len(data) >= stop + count and not data[stop : stop + count].strip(members(letters)))

    @property
    def has_near(self) -> bool:
        """Whether there is such an expression; cheaper than writing it out."""
        return bool(self._near)

    @property
    def near(self) -> str:
        """The expression for engines that look for many rules at once; empty where keywords and `lead` say enough."""
        return self._near if isinstance(self._near, str) else self._near()

    @property
    def matches(self) -> tuple[str, ...]:
        """Samples in which the rule finds a secret; the rules of a table make theirs when asked."""
        return self._samples()[0]

    @property
    def misses(self) -> tuple[str, ...]:
        """Samples in which the rule finds none."""
        return self._samples()[1]

    def at(self, data: bytes, position: int) -> Spans:
        """Return the spans of the secrets that the keyword at *position* of *data* belongs to; most often none."""
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
    """Return the members of a class of a regular expression, such as `A-Z0-9_`, in its order."""
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
    """Return *literal* as a regular expression, without importing what `re.escape` comes with."""
    return "".join(character if character.isalnum() or character == "_" else "\\" + character for character in literal)


def any_of(literals: Sequence[str]) -> str:
    """Return a regular expression for any of *literals*: a pattern that begins so is as wide as its keywords."""
    return f"(?:{'|'.join(map(escaped, literals))})"
