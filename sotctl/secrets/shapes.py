"""Makes rules for the common shapes of tokens, so that each rule is one row of a table.

`token` is a prefix and a body, `keyed` a value assigned to a key with a vendor's name, `shaped` any other pattern.
"""

from __future__ import annotations

from sotctl.secrets.rule import SecretRule, escaped
from sotctl.secrets.values import is_generated, is_random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Accept = Callable[[bytes], bool]

HEX = "0-9a-f"
ANYHEX = "0-9A-Fa-f"
LOWER = "a-z0-9"
UPPER = "A-Z0-9"
LETTER = "A-Za-z"
ALNUM = "A-Za-z0-9"
WORD = "A-Za-z0-9_"
BASE64URL = r"A-Za-z0-9_\-"
BASE64 = "A-Za-z0-9+/"
PADDED = "A-Za-z0-9+/="
DASHED = r"A-Za-z0-9\-"
DASHED_HEX = r"0-9a-f\-"
BASE58 = "1-9A-HJ-NP-Za-km-z"
BASE32 = "A-Z2-7"
UUID = "(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
"""The rest of a UUID after its first eight digits."""

EDGE = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-7][0-9A-Fa-f]))"
"""The text before a token must not end in a letter or digit, unless that belongs to an escape (`\\n`, `%20`)."""


_KINDS = "key|token|secret|private|auth|pass|pat|sid|api|dsn|cred|login"
_PUBLIC = (
    r"[\w .\-]{0,24}"
    r"(?i:public(?!ation)|publishable|tokenization|site_?-?key|search_?-?(?:only_?-?)?(?:api_?-?)?key)"
)
"""What the names of public keys contain."""
_GIVES = "[=:\"'`]"
"""The character right before a value."""
_GIVEN = r"""["']?[ ]{0,2}(?::|=|:=|=>)[ ]{0,2}["'](?!(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})["'])"""
"""A quoted value, but no digest, assigned to the vendor's name itself: `cloudflare: "..."`."""


def token(
    id: str,  # noqa: A002
    summary: str,
    source: str,
    prefixes: str | tuple[str, ...],
    alphabet: str,
    low: int,
    high: int = 0,
    *,
    tail: str = "",
    accept: Accept | None = None,
    edge: str = ALNUM,
    whole: bool = False,
    claim: str = "",
) -> SecretRule:
    """Make the rule for a prefix followed by *low* to *high* bytes of *alphabet*, and perhaps a *tail*.

    Args:
        prefixes: One prefix, or several with the same body.
        high: Most bytes of the body; *low* if left out.
        tail: A regular expression for the text after the body.
        accept: Decides on the body; by default only placeholders are refused.
        edge: Bytes that must not be right before the prefix.
        whole: The vendor has only this form: any other value that begins with the prefix is no token.
        claim: Like *whole*, if the prefix alone does not identify the vendor; see `SecretRule`.
    """
    prefixes = (prefixes,) if isinstance(prefixes, str) else prefixes
    high = high or low
    decides = accept or is_generated
    heads = sorted(prefixes, key=len, reverse=True)

    def accepted(value: bytes) -> bool:
        text = value.decode("latin-1")
        return decides(value[next((len(head) for head in heads if text.startswith(head)), 0) :])

    def pattern() -> str:
        short = any(prefix.isalnum() and len(prefix) <= 4 for prefix in prefixes)
        before = EDGE.replace(ALNUM, WORD if edge == ALNUM and short else edge)  # a name can end in so short a prefix
        if whole:  # as a value, the token is the whole word; in the name of a file, more may follow it
            return rf"{before}(?:(?<!{_GIVES}){body()}(?![{alphabet}])|(?<={_GIVES}){body()}(?![{alphabet}_]))"
        return f"{before}{body()}" + ("" if tail else f"(?![{alphabet}])")

    def body() -> str:
        return f"(?:{'|'.join(map(escaped, prefixes))})[{alphabet}]{{{low},{high}}}{tail}"

    def samples() -> tuple[tuple[str, ...], tuple[str, ...]]:
        from sotctl.secrets.written import written

        return tuple(
            prefix + written(f"[{alphabet}]{{{length}}}{tail}", seed=index)
            for index, prefix in enumerate(prefixes)
            for length in {low, high}
        ), (prefixes[0], prefixes[0] + "x" * low, prefixes[0] + written(f"[{alphabet}]{{{max(1, low // 2)}}}"))

    return SecretRule(
        id=id,
        summary=summary,
        source=source,
        keywords=prefixes,
        accept=accepted,
        pattern=pattern,
        lead=(alphabet, min(low, 12 if min(map(len, prefixes)) > 4 else 24)),
        near=body if tail and low < 12 and not any(look in tail for look in ("(?=", "(?!", "(?<")) else "",
        samples=samples,
        claim=claim or ("|".join(map(escaped, prefixes)) if whole else ""),
    )


def keyed(
    id: str,  # noqa: A002
    summary: str,
    source: str,
    names: tuple[str, ...],
    alphabet: str,
    low: int,
    high: int = 0,
    *,
    tail: str = "",
    head: str = "",
    accept: Accept | None = None,
) -> SecretRule:
    """Make the rule for a token without a prefix, which is recognised by the vendor's name in its key.

    Args:
        names: The vendor's names, in lower case.
        tail: A regular expression for the text after the body.
        head: The start of the token, if that is too common to be a prefix.
        accept: Decides on the token; by default it must look random, since words can have its alphabet and length.
    """
    high = high or low

    def samples() -> tuple[tuple[str, ...], tuple[str, ...]]:
        from sotctl.secrets.written import written

        key = names[0] + "_api_" + "key"
        return tuple(f"{key} = {head}" + written(f"[{alphabet}]{{{length}}}{tail}") for length in {low, high}), (
            f"{names[0]} api key",
            f"{key}: {'x' * low}",
            f"{key} = ${{KEY}}",
        )

    def pattern() -> str:
        return (
            rf"(?i:{any_name()})(?!{_PUBLIC})(?:[\w .\-]{{0,24}}"
            rf"""(?i:{_KINDS})[\w\-]{{0,16}}|(?={_GIVEN}))["'`\]]{{0,3}}\s{{0,20}}"""
            rf"""(?::?[ ]{{0,2}}[A-Za-z]{{2,12}}[ ]{{1,2}}=(?=[ ]{{0,2}}["'`])|=>|:{{1,3}}=|[?.+|]{{1,2}}="""
            rf"""|[:=,|]|\bis\b|>\s{{0,40}})\s{{0,4}}(?:(?i:bearer|basic|token|key)\s{{1,4}})?["'`]{{0,3}}"""
            rf"(?P<secret>{escaped(head)}[{alphabet}]{{{low},{high}}}{tail})(?![A-Za-z0-9_/+\-])"
        )

    def any_name() -> str:
        return "|".join(map(escaped, names))

    return SecretRule(
        id=id,
        summary=summary,
        source=source,
        keywords=names,
        fold=True,
        samples=samples,
        pattern=pattern,
        accept=accept or (lambda value: is_random(value, least=10)),
        near=lambda: rf"""(?:{any_name()})(?:[\w .\-]*(?:{_KINDS})|["']?[ ]*(?:=>|:=|[:=])[ ]*["'])""",
    )


def shaped(
    id: str,  # noqa: A002
    summary: str,
    source: str,
    keywords: str | tuple[str, ...],
    pattern: str,
    *,
    accept: Accept | None = is_generated,
    misses: tuple[str, ...] = (),
    **more: Any,
) -> SecretRule:
    """Make the rule for a token that neither `token` nor `keyed` can describe.

    Args:
        keywords: One keyword, or several.
        accept: Decides on the match; by default only placeholders are refused.
        misses: Samples without a secret, in addition to the keywords alone.
        more: Other arguments of `SecretRule`.
    """
    keywords = (keywords,) if isinstance(keywords, str) else keywords

    def samples() -> tuple[tuple[str, ...], tuple[str, ...]]:
        from sotctl.secrets.written import written

        return (written(pattern),), (*keywords, *misses)

    return SecretRule(
        id=id,
        summary=summary,
        source=source,
        keywords=keywords,
        pattern=pattern,
        accept=accept,
        samples=samples,
        **more,
    )
