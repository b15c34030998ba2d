"""Finds secrets in bytes, and never shows one."""

from __future__ import annotations

import bisect

from sotctl.secrets import bulk
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.configured import configured
from sotctl.secrets.files import whole_file
from sotctl.secrets.messages import readings, span_of
from sotctl.secrets.repeats import place_of, shortened
from sotctl.secrets.secret import Secret
from sotctl.secrets.views import views

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sotctl.secrets.rule import SecretRule
    from sotctl.secrets.views import View

    Span = tuple[int, int, SecretRule, bool]
    """Start, end, rule, and whether it was seen through a decoding."""
    Seen = tuple[int, int, View]
    """The number of a text, the place of a block of it, and a view of the block."""

__all__ = ["all_rules", "scan", "scan_all", "scan_path", "scan_text"]

_DEPTH = 3
"""How many encodings, one around the other, are undone."""


def scan(data: bytes, *, path: str = "") -> list[Secret]:
    """Find the secrets in *data*, in order of place; of two that overlap, the one of the more specific rule.

    Args:
        path: The file's name, where there is one: some files are a secret as a whole. It is not scanned itself.
    """
    return next(_scan_together([(data, path)]))


def scan_all(files: Iterable[tuple[bytes, str]]) -> Iterator[list[Secret]]:
    """Find the secrets of many *files*, data and path of each, as `scan` does; small ones together take less time.

    Of files that are read as they are asked for, no more than a block and one file are held.
    """
    together: list[tuple[bytes, str]] = []
    held = 0
    for file in files:
        together.append(file)
        held += len(file[0])
        if held >= bulk.BLOCK_BYTES:
            yield from _scan_together(together)
            together, held = [], 0
    yield from _scan_together(together)


def _scan_together(files: Sequence[tuple[bytes, str]]) -> Iterator[list[Secret]]:
    texts = [shortened(data) for data, _ in files]
    for (data, path), spans, (_, cuts) in zip(files, _search([text for text, _ in texts]), texts, strict=True):
        if cuts:
            moved = [(place_of(span[0], cuts) - span[0], span) for span in spans]
            spans = [(start + by, stop + by, rule, decoded) for by, (start, stop, rule, decoded) in moved]
        spans += _in_message(data)
        if path:
            spans += whole_file(data, path) + configured(data, path)
        yield _placed(data, _chosen(spans)) if spans else []


def _in_message(data: bytes) -> list[Span]:
    """Return the spans of what the message of a commit says in the encoding that its header names."""
    spans: list[Span] = []
    for text, start in readings(data):
        for first, stop, rule, _ in _search([text])[0]:
            begin, length = span_of(text, (first, stop), data, start)
            spans.append((begin, begin + length, rule, True))
    return spans


def scan_text(text: str) -> list[Secret]:
    """Find the secrets in *text*; offsets count the bytes of its UTF-8 form."""
    return scan(text.encode("utf-8", "surrogatepass"))


def scan_path(path: str | bytes) -> list[Secret]:
    """Find the secrets in the name of a file, branch or tag: bytes, or text with surrogates for what is not UTF-8."""
    return scan(path.encode("utf-8", "surrogateescape") if isinstance(path, str) else path)


def _search(texts: Sequence[bytes], depth: int = _DEPTH) -> list[list[Span]]:
    """Return for each of *texts* the spans that the rules find in it and in its views, not in order, perhaps twice."""
    found: list[list[Span]] = [[] for _ in texts]
    seen: list[Seen] = []
    held = 0
    for (number, start, block, before), hits, spots in bulk.looked(texts):
        for position, rule in hits:
            if position >= before and (spans := rule.at(block, position)):  # most often there are none
                found[number] += [(start + first, start + last, rule, False) for first, last in spans]
        for view in views(block, spots) if depth else ():
            seen.append((number, start, view))
            held += len(view.text)
        if held >= bulk.BLOCK_BYTES:
            _search_views(seen, depth, found)
            seen, held = [], 0
    if seen:
        _search_views(seen, depth, found)
    return found


def _search_views(seen: list[Seen], depth: int, found: list[list[Span]]) -> None:
    """Add to *found* what is found in views, and in their views, *depth* deep, by its place in the original."""
    for (number, start, view), spans in zip(seen, _search([view.text for *_, view in seen], depth - 1), strict=True):
        for first, last, rule, _ in spans:
            if not (view.glued and rule.loose):
                begin, end = view.source(first, last)
                found[number].append((start + begin, start + end, rule, True))


def _chosen(spans: list[Span]) -> list[Span]:
    """Of overlapping spans keep the most specific: a vendor's, a plain one, the first, the longest.

    No two spans rank the same, so that what is kept does not depend on the order of a set.
    """
    order = {rule.id: place for place, rule in enumerate(all_rules())}

    def rank(span: Span) -> tuple[bool, bool, int, int, int, str]:
        start, stop, rule, decoded = span
        return rule.loose, decoded, start, -stop, order.get(rule.id, len(order)), rule.id

    ranked = sorted(set(spans), key=rank)
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
