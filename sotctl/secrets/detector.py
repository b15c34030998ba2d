"""Finds secrets in bytes, and never shows one."""

from __future__ import annotations

import bisect

from sotctl.secrets import bulk, views
from sotctl.secrets.catalogue import all_rules, index
from sotctl.secrets.files import whole_file
from sotctl.secrets.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.catalogue import Index
    from sotctl.secrets.rule import SecretRule

    Span = tuple[int, int, SecretRule]

__all__ = ["all_rules", "scan", "scan_path", "scan_text"]

_DEPTH = 3
"""How many encodings, one around the other, are undone."""


def scan(data: bytes, *, path: str = "") -> list[Secret]:
    """Find the secrets in *data*, in order of place; where two overlap, the one of the more telling rule.

    Args:
        path: The file's name, where there is one: some files are a secret as a whole. It is not scanned itself.
    """
    spans = _search(data)
    spans += views.each(data, _DEPTH, _search)
    if path:
        spans += whole_file(data, path)
    return _placed(data, _chosen(spans)) if spans else []


def scan_text(text: str, *, path: str = "") -> list[Secret]:
    """Find the secrets in *text*; offsets count the bytes of its UTF-8 form."""
    return scan(text.encode("utf-8", "surrogatepass"), path=path)


def scan_path(path: str | bytes) -> list[Secret]:
    """Find the secrets in the name of a file, branch or tag; a name that is not UTF-8 is bytes, or str as git and os give it."""
    return scan(path.encode("utf-8", "surrogateescape") if isinstance(path, str) else path)


def _search(data: bytes) -> list[Span]:
    if len(data) > bulk.WORTH_BYTES:
        return bulk.search(data, search_block)
    return search_block(data, index(fold=False), index(fold=True))


def search_block(data: bytes, plain: Index, folded: Index) -> list[Span]:
    """Return the spans of *data* that the rules of the given keywords find, not in order, perhaps twice."""
    found: list[Span] = []
    for keywords, text in ((plain, data), (folded, data.lower())):
        for keyword, rules in keywords:
            position = text.find(keyword)
            while position >= 0:
                for rule in rules:
                    span = rule.at(data, position)
                    if span is not None:
                        found.append((*span, rule))
                position = text.find(keyword, position + 1)
    return found


def _chosen(spans: list[Span]) -> list[Span]:
    """Of overlapping spans keep the one whose rule knows most: a vendor's before a carrier's, then the first and longest."""
    order = {rule.id: place for place, rule in enumerate(all_rules())}
    ranked = sorted(set(spans), key=lambda span: (span[2].loose, span[0], -span[1], order.get(span[2].id, 0)))
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
    for start, stop, rule in spans:
        line += data.count(b"\n", counted, start)
        counted = start
        secrets.append(
            Secret(
                rule=rule.id, summary=rule.summary, line=line, column=start - data.rfind(b"\n", 0, start),
                start=start, length=stop - start,
            )
        )  # fmt: skip
    return secrets
