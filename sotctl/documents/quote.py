"""Shows a value inside a sentence, and never a secret."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from sotctl.secrets import scan_text

MAX_CHARACTERS = 60


def quote(value: object) -> str:
    """*value* between backticks: on one line, cut to `MAX_CHARACTERS`, and withheld when it looks like a secret."""
    text = value if isinstance(value, str) else repr(value)
    if _tells(text):
        return "(withheld: it looks like a secret)"
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: MAX_CHARACTERS + 1])
    return f"`{shown if len(shown) <= MAX_CHARACTERS else shown[:MAX_CHARACTERS] + '…'}`"


def shown(value: str) -> str:
    """A value as it may be printed: as it is, or withheld when it looks like a secret."""
    return quote(value) if _tells(value) else value


@functools.lru_cache(maxsize=1024)  # a form asks for the same few values at each key that is pressed
def _tells(text: str) -> bool:
    return bool(scan_text(text))


def listed(values: object) -> str:
    """Several names in one sentence: `a`, `b` and so on, each quoted."""
    return ", ".join(quote(value) for value in values) if isinstance(values, list | tuple) else quote(values)


def listed_plainly(names: Sequence[str]) -> str:
    """Several names in one sentence, as they are: `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def code_span(text: str) -> str:
    """*text* as code in Markdown, also where it holds backticks (CommonMark 6.1)."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def escaped(text: str) -> str:
    """*text* escaped for Markdown."""
    return re.sub(r"([\\`<\[\]&])", r"\\\1", text)


def counted(count: int, noun: str) -> str:
    """A number and what it counts: `1 error`, `2 errors`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def did_you_mean(value: str, known: list[str] | tuple[str, ...]) -> str:
    """A question to add to a sentence when *value* is close to one of *known*; otherwise nothing."""
    import difflib

    close = difflib.get_close_matches(value.lower(), [name.lower() for name in known], n=1, cutoff=0.6)
    if not close:
        return ""
    return f"; did you mean `{next(name for name in known if name.lower() == close[0])}`?"
