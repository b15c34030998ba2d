"""Architecture decision records from elsewhere, as issues.

Source: Michael Nygard, "Documenting Architecture Decisions" (2011), for `## Status`, `## Context`, `## Decision`,
`## Consequences`; MADR 4 for a `status:` in the frontmatter and the sections it adds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sotctl.documents.markdown import Block, blocks

STATUSES = {
    "draft": "draft",
    "proposed": "draft",
    "accepted": "validated",
    "approved": "validated",
    "implemented": "validated",
    "rejected": "rejected",
    "deprecated": "superseded",
    "superseded": "superseded",
}
_NUMBER = re.compile(r"0*(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchitectureDecision:
    """One record: its number, title, status as an issue has it, and its sections as they are written."""

    number: int
    title: str
    status: str
    body: str


def parse_adr(name: str, text: str) -> ArchitectureDecision | None:
    """Read one record from a file *name* such as `0007-use-git.md`; None where it has no number or no title."""
    number = _NUMBER.match(name)
    front, body = _front(text)
    source = body.encode()
    found = blocks(source)
    headings = [block for block in found if block.kind == "heading"]
    if number is None or not headings:
        return None
    title = source[headings[0].text_start : headings[0].text_end].decode()
    status, span = _status(source, headings)
    kept = source[headings[0].end : span[0]] + source[span[1] :] if span else source[headings[0].end :]
    word = status or front
    return ArchitectureDecision(
        number=int(number[1]),
        title=re.sub(r"^(?:ADR[- ]?)?\d+[.:)]? *[-–:]? *", "", title).strip() or title,
        status=STATUSES.get(word, "draft"),
        body=kept.decode().strip(),
    )


def _front(text: str) -> tuple[str, str]:
    """The status in MADR's frontmatter, and the text after it."""
    match = re.match(r"---\r?\n(.*?)\r?\n---\r?\n", text, re.DOTALL)
    if match is None:
        return "", text
    status = re.search(r"^status:\s*[\"']?(\w+)", match[1], re.MULTILINE)
    return (status[1].lower() if status else ""), text[match.end() :]


def _status(source: bytes, headings: list[Block]) -> tuple[str, tuple[int, int] | None]:
    """The status of Nygard's `## Status` section, and the bytes of that section."""
    for index, heading in enumerate(headings):
        if source[heading.text_start : heading.text_end].strip().lower() == b"status":
            end = headings[index + 1].start if index + 1 < len(headings) else len(source)
            words = re.findall(rb"[A-Za-z]+", source[heading.end : end])
            return (words[0].decode().lower() if words else ""), (heading.start, end)
    return "", None


def as_section(decision: ArchitectureDecision, issue_id: str) -> str:
    """The section of an issues document; the headings of the record go two levels down, below the issue's own."""
    body = re.sub(r"^(#{1,4}) ", r"#\1 ", decision.body, flags=re.MULTILINE)
    return f"## {issue_id} - {decision.title}\n\nStatus: {decision.status}.\n\n{body}\n"
