"""A record as a section of an issues document: its text as written, changed only so that it stays inside the section.

The title becomes the heading of the issue, headings change their level and form, and plain `Status:` lines are set in
bold, since the line `Status: <word>.` belongs to the issue. What is left open at the end of a record (a code fence, a
comment) is closed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from sotctl.documents.formats import ISSUE_ID
from sotctl.documents.quote import code_span
from sotctl.issues.importing.markup import Node, parse
from sotctl.issues.importing.record import SourceRecord
from sotctl.issues.importing.title import inline_source

_LOWEST, _HIGHEST = 6, 3
_STATUS = re.compile(rb"^([ ]{0,3})Status:", re.MULTILINE)
_ISSUE_HEADING = re.compile(rf"({ISSUE_ID}) - (?=\S)")
_ENDS = ("-->", "</pre>", "</script>", "</style>", "</textarea>", "?>", "]]>", ">")
_PROBE = "\n\n# probe"
Edit = tuple[int, int, str]


Lines = list[tuple[str, int]]
"""Lines of text, each with the line of the file that it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The lines of a section, and notes about what was changed in it."""

    lines: Lines
    notes: list[str]

    @property
    def text(self) -> str:
        """The section, with an empty line before it and a line end after it."""
        return "\n" + "".join(f"{line}\n" for line, _ in self.lines)


def as_section(record: SourceRecord, issue_id: str, status: str, *, source: str) -> Section | None:
    """The section of a record from the file *source*, or None where its text cannot be kept inside a section."""
    edits, notes = _edits(record)
    body = _applied(record, edits)
    end = _end("\n".join(line for line, _ in body))
    if end is None:
        return None
    if end:
        body.append((end, body[-1][1]))
        notes.append(f"line {_open_line(record)}: it is never closed; the record ends with {end}")
    first = record.line_at(record.title.node.start) if record.title.node else 1
    lines = [
        *_from(f"## {issue_id} - {_closing_kept(record.title.text)}", first),
        *_from(f"\nStatus: {status}.\n", record.statuses[0].line if record.statuses else first),
        *_from(f"Imported from {code_span(source)}.", first),
    ]
    if record.header.written.strip():
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", record.header.written)), default=0))
        lines += _from(f"\n{fence}{record.header.language}", record.header.first_line - 2)
        lines += _from(f"{record.header.written}\n{fence}", record.header.first_line)
    return Section(lines=[*lines, *([("", first), *body] if body else [])], notes=notes)


def _from(text: str, origin: int) -> Lines:
    """The lines of a text that comes from one line of the file on."""
    return [(line, origin + offset) for offset, line in enumerate(text.split("\n"))]


def _edits(record: SourceRecord) -> tuple[list[Edit], list[str]]:
    """The edits of the body, and the notes about them."""
    source = record.body.encode()
    title = record.title.node
    nodes = [node for node in parse(record.body, plain=True) if title is None or node.start != title.start]
    headings = [node for node in nodes if node.kind == "Heading"]
    shift = max(0, _HIGHEST - min((node.level for node in headings), default=_HIGHEST))
    edits: list[Edit] = []
    notes: list[str] = []
    if title is not None:
        edits.append(_whole_lines(source, title, ""))
    for node in headings:
        text = inline_source(node, source)
        if _ISSUE_HEADING.match(text):
            text = _ISSUE_HEADING.sub(r"\1 – ", text, count=1)
            notes.append(
                f"line {record.line_at(node.start)}: the heading would begin another issue; its ` - ` is a dash"
            )
        level = min(_LOWEST, node.level + shift)
        edits.append(_whole_lines(source, node, f"{'#' * level} {_closing_kept(text)}".rstrip()))
    for node in nodes:
        if node.kind == "Paragraph":
            edits += [
                (node.start + match.start(), node.start + match.end(), f"{match[1].decode()}**Status:**")
                for match in _STATUS.finditer(source[node.start : node.end])
            ]
    return edits, notes


def _applied(record: SourceRecord, edits: Sequence[Edit]) -> Lines:
    """The lines of the body with its edits made, without blank ones at its start and end."""
    source = record.body.encode()
    result, position, line = bytearray(), 0, record.header.body_line
    origins = [line]
    for start, end, new in [*sorted(edits), (len(source), len(source), "")]:
        kept = source[position:start]
        lines = kept.count(b"\n")
        origins += range(line + 1, line + 1 + lines)
        line += lines + source.count(b"\n", start, end)
        result += kept + new.encode()
        position = end
    pairs = zip(result.decode().rstrip().split("\n"), origins, strict=False)
    return list(dropwhile(lambda pair: not pair[0].strip(), pairs))


def _whole_lines(source: bytes, node: Node, text: str) -> Edit:
    """The edit that puts one line in place of a block's lines, or nothing in place of them and of a blank line."""
    start = source.rfind(b"\n", 0, node.start) + 1
    end = start + len(source[start : node.end].rstrip(b"\n"))
    if not text:
        end += len(source[end : end + 2]) - len(source[end : end + 2].lstrip(b"\n"))
    return start, end, text


def _closing_kept(text: str) -> str:
    """A heading's text whose last `#` would be taken for the end of the heading."""
    return re.sub(r"((?:^|\s)#*)#$", r"\1\\#", text)


def _end(body: str) -> str | None:
    """The line after which a heading behind *body* is a heading, "" where it is one now; None where none is known."""
    if _is_closed(body):
        return ""
    last = parse(body, plain=True)[-1]
    opened = body.encode()[last.start : last.end].decode().split("\n")[0].strip()
    fence = re.match(r"`{3,}|~{3,}", opened) if last.kind == "CodeBlock" else None
    ends = [fence[0]] if fence else _ENDS
    return next((end for end in ends if _is_closed(f"{body}\n{end}")), None)


def _is_closed(body: str) -> bool:
    last = next(iter(parse(body + _PROBE, plain=True)[-1:]), None)
    return last is not None and last.kind == "Heading" and last.end >= len((body + _PROBE).encode()) - 1


def _open_line(record: SourceRecord) -> int:
    return record.line_at(record.nodes[-1].start) if record.nodes else 1


def numbered_lines(sections: Mapping[str, Section], first: int) -> dict[int, tuple[str, int]]:
    """For each line of a document whose sections begin at line *first*: the file it comes from, and the line there."""
    found: dict[int, tuple[str, int]] = {}
    at = first
    for path, section in sections.items():
        at += 1  # the empty line before it
        for _, origin in section.lines:
            found[at] = (path, origin)
            at += 1
    return found
