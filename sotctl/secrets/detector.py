"""Finds secrets in bytes, and never shows one."""

from __future__ import annotations

import bisect

from sotctl.secrets import bulk
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.configured import configured
from sotctl.secrets.files import whole_file
from sotctl.secrets.secret import Secret
from sotctl.secrets.views import views

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sotctl.secrets.hyper import Spots
    from sotctl.secrets.rule import SecretRule

    Span = tuple[int, int, SecretRule, bool]
    """Start, end, rule, and whether it was seen through a decoding."""

__all__ = ["all_rules", "scan", "scan_path", "scan_text"]

_DEPTH = 3
"""How many encodings, one around the other, are undone."""


def scan(data: bytes, *, path: str = "") -> list[Secret]:
    """Find the secrets in *data*, in order of place; where two overlap, the one of the more telling rule.

    Args:
        path: The file's name, where there is one: some files are a secret as a whole. It is not scanned itself.
    """
    spans = _search(data)
    if path:
        spans += whole_file(data, path) + configured(data, path)
    return _placed(data, _chosen(spans)) if spans else []


def scan_text(text: str, *, path: str = "") -> list[Secret]:
    """Find the secrets in *text*; offsets count the bytes of its UTF-8 form."""
    return scan(text.encode("utf-8", "surrogatepass"), path=path)


def scan_path(path: str | bytes) -> list[Secret]:
    """Find the secrets in the name of a file, branch or tag: bytes, or text with surrogates for what is not UTF-8."""
    return scan(path.encode("utf-8", "surrogateescape") if isinstance(path, str) else path)


def _search(data: bytes, depth: int = _DEPTH) -> list[Span]:
    """Return the spans of *data* and of its views that the rules find, not in order, perhaps twice."""
    found: list[Span] = []
    for start, block, before in bulk.blocks(data):
        hits, spots = bulk.look(block)
        spans = _judged(block, (hit for hit in hits if hit[0] >= before)) + _viewed(block, depth, spots)
        found += [(first + start, last + start, rule, decoded) for first, last, rule, decoded in spans]
    return found


def _judged(data: bytes, hits: Iterable[tuple[int, SecretRule]]) -> list[Span]:
    found: list[Span] = []
    for position, rule in hits:
        if spans := rule.at(data, position):  # most often there are none
            found += [(start, stop, rule, False) for start, stop in spans]
    return found


def _viewed(data: bytes, depth: int, spots: Spots | None) -> list[Span]:
    """Return what is found in the views of *data*, and in their views, *depth* deep, by its place in *data*."""
    found: list[Span] = []
    for view in views(data, spots) if depth else ():
        for start, stop, rule, _ in _search(view.text, depth - 1):
            if not (view.glued and rule.loose):
                found.append((*view.source(start, stop), rule, True))
    return found


def _chosen(spans: list[Span]) -> list[Span]:
    """Of overlapping spans keep the one that says most: a vendor's, a plain one, the first, the longest."""
    order = {rule.id: place for place, rule in enumerate(all_rules())}
    ranked = sorted(set(spans), key=lambda span: (span[2].loose, span[3], span[0], -span[1], order.get(span[2].id, 0)))
    starts: list[int] = []
    kept: list[Span] = []
    for span in ranked:
        place = bisect.bisect_right(starts, span[0])
        if (place and kept[place - 1][1] > span[0]) or (place < len(kept) and kept[place][0] < span[1]):
            continue
        starts.insert(place, span[0])
        kept.insert(place, span)
    return kept


def _placed(data: bytes, spans: list[Span]) -> list[Secret]:
    secrets: list[Secret] = []
    line, counted = 1, 0
    for start, stop, rule, _ in spans:
        line += data.count(b"\n", counted, start)
        counted = start
        secrets.append(
            Secret(
                rule=rule.id,
                summary=rule.summary,
                line=line,
                column=start - data.rfind(b"\n", 0, start),
                start=start,
                length=stop - start,
            )
        )
    return secrets
