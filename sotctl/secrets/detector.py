"""Finds secrets in bytes; the results hold their places, never their values."""

from __future__ import annotations

import bisect
import functools
import operator

from sotctl.secrets import bulk
from sotctl.secrets.bounds import MOST_FOUND, UNSEARCHED, Bounds
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.configured import configured
from sotctl.secrets.files import whole_file
from sotctl.secrets.messages import readings, spans_of
from sotctl.secrets.repeats import place_of, shortened
from sotctl.secrets.secret import Secret
from sotctl.secrets.views import views

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sotctl.secrets.rule import SecretRule
    from sotctl.secrets.views import View

    Span = tuple[int, int, SecretRule, bool]
    """Start, end, rule, and whether it was found in a decoded view."""
    Seen = tuple[int, int, View]
    """The number of a text, the offset of a block in it, and a view of the block."""
    Hit = tuple[int, SecretRule]

__all__ = ["all_rules", "scan", "scan_all", "scan_path", "scan_text"]

_DEPTH = 3
"""How many nested encodings are undone."""


def scan(data: bytes, *, path: str = "", bounds: Bounds | None = None) -> list[Secret]:
    """Find the secrets in *data*, in order of position; of overlapping ones, that of the most specific rule.

    Args:
        path: The file's name, if known: some rules depend on it. The name itself is not scanned.
        bounds: Limits for a part of a larger file.
    """
    return next(_scan_together([(data, path)], [bounds or Bounds(len(data))]))


def scan_all(files: Iterable[tuple[bytes, str]]) -> Iterator[list[Secret]]:
    """Find the secrets of many *files*, each given as data and path, as `scan` does. Small files are scanned together,
    which takes less time.

    The iterable is read lazily: no more than one block plus one file is held at a time.
    """
    together: list[tuple[bytes, str]] = []
    held = 0
    for file in files:
        together.append(file)
        held += len(file[0])
        if held >= bulk.BLOCK_BYTES:
            yield from _scan_together(together, [Bounds(len(data)) for data, _ in together])
            together, held = [], 0
    yield from _scan_together(together, [Bounds(len(data)) for data, _ in together])


def _scan_together(files: Sequence[tuple[bytes, str]], bounds: Sequence[Bounds]) -> Iterator[list[Secret]]:
    texts = [shortened(data) for data, _ in files]
    found, reached = _search([text for text, _ in texts], bounds)
    for (data, path), spans, end, (text, cuts) in zip(files, found, reached, texts, strict=True):
        end = place_of(end, cuts) if end < len(text) else len(data)
        if cuts:
            moved = [(place_of(span[0], cuts) - span[0], span) for span in spans]
            spans = [(start + by, stop + by, rule, decoded) for by, (start, stop, rule, decoded) in moved]
        more, readable_to = _in_message(data)
        spans += more
        if path:
            spans += whole_file(data, path) + configured(data, path)
        yield _bounded(data, _chosen(spans), min(end, readable_to))


def _bounded(data: bytes, spans: list[Span], reached: int) -> list[Secret]:
    """Return the secrets to report for one text, and one more finding if the rest of it was not searched."""
    spans = [span for span in spans if span[0] < reached]
    if len(spans) > MOST_FOUND:
        reached = spans[MOST_FOUND][0]
        spans = spans[:MOST_FOUND]
    if reached < len(data):
        spans.append((reached, len(data), UNSEARCHED, False))
    return _placed(data, spans)


def _in_message(data: bytes) -> tuple[list[Span], int]:
    """Return the secrets in a commit message decoded as its header says, and how far the message was searched."""
    spans: list[Span] = []
    reached = len(data)
    for text, start in readings(data):
        (found,), (end,) = _search([text], [Bounds(len(data))])
        for (_, _, rule, _), (begin, length) in zip(found, spans_of(text, found, data, start), strict=True):
            spans.append((begin, begin + length, rule, True))
        if end < len(text):
            reached = min(reached, start)
    return spans, reached


def scan_text(text: str) -> list[Secret]:
    """Find the secrets in *text*; offsets are in bytes of its UTF-8 form."""
    return scan(text.encode("utf-8", "surrogatepass"))


def scan_path(path: str | bytes) -> list[Secret]:
    """Find the secrets in the name of a file, branch or tag: bytes, or text with surrogate escapes."""
    return scan(path.encode("utf-8", "surrogateescape") if isinstance(path, str) else path)


def _search(
    texts: Sequence[bytes], bounds: Sequence[Bounds], depth: int = _DEPTH, glued: Sequence[bool] | None = None
) -> tuple[list[list[Span]], list[int]]:
    """Return for each of *texts* the spans that the rules find in it and its views, unordered and with duplicates.

    Args:
        bounds: For each text, the limits of the file that it comes from.
        glued: For each text, whether its lines were joined, so that loose rules do not apply.

    Returns:
        The spans, and how far each text was searched: its length, unless a limit was reached.
    """
    found: list[list[Span]] = [[] for _ in texts]
    reached = [len(text) for text in texts]
    glued = glued or [False] * len(texts)
    seen: list[Seen] = []
    held = 0
    for (number, start, block, before), hits, spots in bulk.candidates(texts, reached):
        bound = bounds[number]
        left = bound.left(depth)
        if not left:
            reached[number] = min(reached[number], start + before)
            continue
        spans, stopped = _matches(block, hits, before, bound, left, plain=glued[number])
        found[number] += [(start + first, start + last, rule, False) for first, last, rule in spans]
        bound.count(depth, len(spans))
        if stopped is not None:
            reached[number] = min(reached[number], start + stopped)
        for view in views(block, spots, bound) if depth else ():
            seen.append((number, start, view))
            held += len(view.text)
        if bound.unpacked_to is not None:
            reached[number] = min(reached[number], start + bound.unpacked_to)
            bound.unpacked_to = None
        if held >= bulk.BLOCK_BYTES:
            _search_views(seen, bounds, depth, glued, found, reached)
            seen, held = [], 0
    if seen:
        _search_views(seen, bounds, depth, glued, found, reached)
    return found, reached


def _matches(
    block: bytes, hits: Iterable[Hit], before: int, bound: Bounds, left: int, *, plain: bool
) -> tuple[set[tuple[int, int, SecretRule]], int | None]:
    """Return what the rules find in *block*, and where the search stopped if they found more than *left*, or if *bound*
    allowed no more tries.

    Each rule is tried once at each place, however many of its keywords lead there.
    """
    spans: set[tuple[int, int, SecretRule]] = set()
    last = before
    for position, rule in sorted({hit for hit in hits if hit[0] >= before}, key=_POSITION):
        if position > last and (len(spans) >= left or bound.tries <= 0):
            return spans, position
        last = position
        bound.tries -= rule.counts
        if not (plain and rule.loose) and (found := rule.at(block, position)):  # most often there are none
            spans.update((first, stop, rule) for first, stop in found)
    return spans, None


_POSITION = operator.itemgetter(0)


def _search_views(
    seen: list[Seen],
    bounds: Sequence[Bounds],
    depth: int,
    glued: Sequence[bool],
    found: list[list[Span]],
    reached: list[int],
) -> None:
    """Search the views, down to *depth*, and add to *found* what they hold, with its place in the original text."""
    texts = [view.text for *_, view in seen]
    plain = [view.glued or glued[number] for number, _, view in seen]
    inner, ends = _search(texts, [bounds[number] for number, *_ in seen], depth - 1, plain)
    for (number, start, view), spans, end in zip(seen, inner, ends, strict=True):
        for first, last, rule, _ in spans:
            begin, stop = view.source(first, last)
            found[number].append((start + begin, start + stop, rule, True))
        if end < len(view.text):
            reached[number] = min(reached[number], start + view.source(end, end)[0])


def _chosen(spans: list[Span]) -> list[Span]:
    """Of overlapping spans keep one: a vendor's before a loose rule's, then undecoded, then first, then longest.

    No two spans rank the same, so the result does not depend on the order of a set.
    """
    if len(spans) < 2:
        return spans
    order = _order()

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


@functools.cache
def _order() -> dict[str, int]:
    """The position of each rule, by id: of two rules that find the same span, the first is reported."""
    return {rule.id: place for place, rule in enumerate(all_rules())}


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
