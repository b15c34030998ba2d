"""One decision record, read as it is written."""

from __future__ import annotations

import codecs
from collections.abc import Collection
from dataclasses import dataclass, replace

from sotctl.documents import rules
from sotctl.documents.conflicts import conflict
from sotctl.documents.text import decode
from sotctl.findings import RejectedError
from sotctl.issues.importing import names
from sotctl.issues.importing.header import Header, split_header
from sotctl.issues.importing.markup import Node, parse
from sotctl.issues.importing.names import Numbered
from sotctl.issues.importing.places import Place, header_places, main_places, other_places
from sotctl.issues.importing.status import Reading, understand
from sotctl.issues.importing.title import Title, find_title

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "it begins with a byte order mark, which is left out"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "it is UTF-16, and is written as UTF-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "it is UTF-16, and is written as UTF-8"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A record of another tool: where it lies, what it says, and its text with LF line ends.

    `statuses` are all the statuses that it states; `body` begins at line `header.body_line` of the file.
    """

    path: str
    number: Numbered | None
    title: Title
    statuses: tuple[Reading, ...]
    header: Header
    body: str
    nodes: tuple[Node, ...]
    notes: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """The one issue status that all statements come to, or "": what has a successor is superseded."""
        found = {one.status for one in self.statuses}
        if "" not in found and any(one.has_successor for one in self.statuses):
            return "superseded"
        return found.pop() if len(found) == 1 else ""

    @property
    def written(self) -> str:
        """The status as written: what is not understood first, several in one text."""
        texts = dict.fromkeys(one.written for one in sorted(self.statuses, key=lambda one: bool(one.status)))
        return " / ".join(texts)

    def line_at(self, offset: int) -> int:
        """The line of the file at a byte of the body."""
        return self.header.body_line + self.body.encode().count(b"\n", 0, offset)


def read_record(path: str, data: bytes, own_statuses: Collection[str] = ()) -> SourceRecord:
    """Read the record in the bytes of a file.

    Raises:
        RejectedError: It is not text, holds a character that no governed document may hold, or a merge conflict.
    """
    text, notes = _text(path, data)
    header, body = split_header(text)
    if (start := conflict(body.encode())) >= 0:
        line = header.body_line + body.encode().count(b"\n", 0, start)
        raise RejectedError([rules.CONFLICT_MARKER.finding(path, "a merge left both sides here", line=line)])
    nodes = parse(body)
    title = find_title(nodes, body.encode(), header, path)
    number = names.number_of(path)
    if number is None and title.number is not None:
        number = Numbered(number=title.number)
    record = SourceRecord(
        path=path,
        number=number,
        title=title,
        statuses=(),
        header=header,
        body=body,
        nodes=tuple(nodes),
        notes=(*notes, *([title.note] if title.note else [])),
    )
    heading = title.node if title.node is not None and title.node.kind == "Heading" else None
    places = [*header_places(header), *main_places(nodes, heading)] or other_places(nodes)
    return replace(record, statuses=tuple(_statuses(record, places, own_statuses)))


def _statuses(record: SourceRecord, places: list[Place], own: Collection[str]) -> list[Reading]:
    found = [replace(understand(place.lines, own), line=place.line or record.line_at(place.start)) for place in places]
    return [reading for reading in found if reading.written]


def _text(path: str, data: bytes) -> tuple[str, list[str]]:
    notes: list[str] = []
    for mark, encoding, note in _BOMS:
        if data.startswith(mark):
            try:
                data = data[len(mark) :].decode(encoding).encode()
            except UnicodeDecodeError:
                break  # said below
            notes.append(note)
            break
    text = decode(path, data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes
