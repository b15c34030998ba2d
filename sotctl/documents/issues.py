"""Issues documents: `## <ID> - <Title>`, `Status: <word>.`, text, `Acceptance:`, `Blocked by:`.

Source: docs/reference/issues.md.
"""

from __future__ import annotations

import functools
import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sotctl.documents import rules
from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.issue import HEADING, STATUS_WORD, Bullet, Issue, Unread, make_bullet
from sotctl.documents.issue_lists import Entry, SectionLists
from sotctl.documents.labels import Kind, Place, read_label
from sotctl.documents.markdown import Block, blocks
from sotctl.documents.plain_issues import read_plain
from sotctl.documents.quote import did_you_mean, listed, quote
from sotctl.findings import Finding, Rule

__all__ = ["Bullet", "Issue", "IssuesDocument", "Unread", "parse_any", "parse_issues"]
_STATUS_LINE = re.compile(rb"^[ ]{0,3}Status:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.MULTILINE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&#?\w+;")
_QUOTE_MARK = re.compile(rb"\n[ \t]*(?:>[ \t]?)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuesDocument:
    """A governed document and the issues in it; `findings` are the breaches of the issue grammar."""

    document: GovernedDocument
    issues: tuple[Issue, ...]
    findings: tuple[Finding, ...]

    @property
    def path(self) -> str:
        """Where the document lies."""
        return self.document.path

    def find(self, issue_id: str) -> Issue | None:
        """The issue of that id, or None."""
        return next((issue for issue in self.issues if issue.id == issue_id), None)


def parse_issues(document: GovernedDocument, statuses: tuple[str, ...]) -> IssuesDocument:
    """Find the issues of a document; *statuses* are the status words the store knows."""
    if (plain := read_plain(document.path, document.source, document.body_start, statuses)) is not None:
        return IssuesDocument(document=document, issues=plain, findings=())
    return parse_any(document, statuses)


def parse_any(document: GovernedDocument, statuses: tuple[str, ...]) -> IssuesDocument:
    """`parse_issues` by the CommonMark parser, whatever the document holds."""
    reader = _Reader(document, statuses)
    return IssuesDocument(document=document, issues=tuple(reader.issues()), findings=tuple(reader.findings))


@dataclass(slots=True)
class _Section:
    """An issue's heading and the blocks below it; `behind` are those between the section and the next issue.

    `stop` is where the next issue begins.
    """

    heading: re.Match[str]
    start: int
    level: int
    stop: int
    blocks: list[Block] = field(default_factory=list)
    behind: list[Block] = field(default_factory=list)


class _Reader:
    def __init__(self, document: GovernedDocument, statuses: tuple[str, ...]) -> None:
        self.document, self.statuses = document, statuses
        self.source = document.source
        self.findings: list[Finding] = []

    def issues(self) -> Iterator[Issue]:
        seen: dict[str, int] = {}
        for section in self.sections():
            issue_id, line = section.heading[1], self.line(section.start)
            if issue_id in seen:
                message = f"{issue_id} stands in line {seen[issue_id]} already"
                self.report(rules.ISSUE_ID_TWICE, line, message, "give it another id")
                continue
            seen[issue_id] = line
            yield self.issue(section, line)

    def sections(self) -> Iterator[_Section]:
        """The section of each issue: up to the next heading of its level or the next issue.

        A label written as a heading, of any level, belongs to the issue before it.
        """
        current: _Section | None = None
        for block in blocks(self.document.body, self.document.body_start):
            is_heading = block.kind == "heading"
            match = HEADING.fullmatch(self.title(block)) if is_heading else None
            if match:
                if current:
                    current.stop = block.start
                    yield current
                current = _Section(match, block.start, block.level, len(self.source))
            elif current and (current.behind or (is_heading and self.ends(block, current.level))):
                current.behind.append(block)
            elif current:
                current.blocks.append(block)
        if current:
            yield current

    def ends(self, heading: Block, level: int) -> bool:
        """Whether a heading ends the section of an issue whose own is of *level*."""
        if heading.level > level:
            return False
        return not heading.lines or read_label(self.source, heading.lines[0], Place.HEADING) is None

    def issue(self, section: _Section, line: int) -> Issue:
        heading = section.heading
        paragraphs = [block for block in section.blocks if block.kind == "paragraph"]
        word, status_line, span = self.status(heading[1], line, paragraphs)
        lists = SectionLists(self.source, section.blocks)
        marker, end = self.blocked_place(lists.blocked)
        return Issue(
            id=heading[1],
            title=heading[2],
            status=word,
            path=self.document.path,
            line=line,
            status_line=status_line,
            status_span=span,
            text=self.prose(paragraphs, lists),
            start=section.start,
            end=self.text_end(section),
            blocked_marker=marker,
            blocked_end=end,
            acceptance=self.bullets(lists.acceptance),
            blocked_by=self.bullets(lists.blocked),
            unread=tuple(Unread(line=self.line(offset), message=message) for offset, message in lists.unread),
            unread_if_blocked=tuple(self.unread_if_blocked(lists, section)),
        )

    def unread_if_blocked(self, lists: SectionLists, section: _Section) -> Iterator[Unread]:
        """The labels `Blocked by:` with nothing below them, and those after the section, which belong to no issue."""
        for offset in lists.empty:
            yield Unread(line=self.line(offset), message=f"`{Kind.BLOCKED}` has no blocker below it")
        if section.behind:
            behind = SectionLists(self.source, section.behind)
            message = f"`{Kind.BLOCKED}` stands below another heading, and so belongs to no issue"
            for offset in (*behind.blocked_labels, *(offset for offset, _ in behind.unread)):
                yield Unread(line=self.line(offset), message=message)

    def prose(self, paragraphs: Sequence[Block], lists: SectionLists) -> str:
        """The paragraphs of an issue, without its status and what introduces a list."""
        texts = [self.inline(block) for block in paragraphs if block.text_start not in lists.labels]
        return "\n\n".join(text for text in texts if not text.startswith("Status:") and not text.endswith(":"))

    def status(self, issue_id: str, line: int, paragraphs: list[Block]) -> tuple[str, int, tuple[int, int]]:
        found = [
            (match, block.start)
            for block in paragraphs
            for match in _STATUS_LINE.finditer(self.source[block.start : block.end])
        ]
        form = "write `Status: <word>.` under the heading"
        if not found:
            self.report(rules.ISSUE_STATUS_MISSING, line, f"{issue_id} has no status", form)
            return "", line, (0, 0)
        for match, start in found[1:]:
            self.report(
                rules.ISSUE_STATUS_TWICE, self.line(start + match.start()), f"{issue_id} has a second status", form
            )
        match, start = found[0]
        word, at = match[1].decode("utf-8"), self.line(start + match.start())
        proper = STATUS_WORD.fullmatch(word)
        if not proper or proper[1] not in self.statuses:
            bare = word.rstrip(".")
            hint = did_you_mean(bare, self.statuses) if bare not in self.statuses else f"; write `Status: {bare}.`"
            message = f"{quote(bare)} is not a status ({listed(self.statuses)}){hint}"
            self.report(rules.ISSUE_STATUS_UNKNOWN, at, message, form)
            return "", at, (0, 0)
        return proper[1], at, (start + match.start(1), start + match.start(1) + len(proper[1]))

    def bullets(self, entries: Sequence[Entry]) -> tuple[Bullet, ...]:
        return tuple(
            make_bullet(number, self.words(entry.text_start, entry.text_end), self.line(entry.start), entry.text_end)
            for number, entry in enumerate(entries, 1)
        )

    def text_end(self, section: _Section) -> int:
        """Where the text of a section ends, blank lines and thematic breaks behind it left out.

        A definition of a link counts as text, and is no block.
        """
        start, stop = section.start, section.behind[0].start if section.behind else section.stop
        for block in reversed(section.blocks):
            if block.kind != "rule" or self.source[block.end : stop].strip():
                break
            stop = block.start
        return start + len(self.source[start:stop].rstrip())

    def blocked_place(self, entries: Sequence[Entry]) -> tuple[int, int]:
        """Where the last item that holds a blocker begins, one within another left out, and where its text ends."""
        start = end = 0
        for entry in entries:
            if entry.item and entry.start >= end:
                start, end = entry.start, entry.end
        return start, start + len(self.source[start:end].rstrip())

    def title(self, block: Block) -> str:
        """The text of a heading as it is written, its escapes and references resolved."""
        raw = self.inline(block)
        if "\\" not in raw and "&" not in raw:
            return raw
        return " ".join(_ESCAPE.sub(lambda match: match[1] or html.unescape(match[0]), raw).split())

    def inline(self, block: Block) -> str:
        """The inline text of a block as it is written, on one line."""
        return self.words(block.text_start, block.text_end) if block.text_start >= 0 else ""

    def words(self, start: int, end: int) -> str:
        """A span of the source on one line, without the marks of a quotation."""
        return " ".join(_QUOTE_MARK.sub(b"\n", self.source[start:end]).decode("utf-8").split())

    @functools.cached_property
    def line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer(rb"\n", self.source)]

    def line(self, offset: int) -> int:
        return bisect_left(self.line_ends, offset) + 1

    def report(self, rule: Rule, line: int, message: str, fix: str) -> None:
        self.findings.append(rule.finding(self.document.path, message, fix, line=line))
