"""Restores a governed Markdown document that was flattened: white space lost, headings and bullets in running text.

What was lost cannot be known; it is guessed from how such documents are written, and a person looks at the result.
"""

from __future__ import annotations

import re

from sotctl.documents.formats import ISSUE_ID
from sotctl.documents.templates import Templates

GOVERNED = tuple(Templates().schema("sot-document").root["required"])
_KEY = re.compile(rf"(?:^|\s)({'|'.join(GOVERNED)}):\s")
_HEADING = re.compile(r"(?:^|\s)(#{1,6}) (?=\S)")
_LIST = re.compile(r"(?:^|(?<=[.`])\s)([A-Z][a-z]*(?: [a-z]+){0,3}:) - ")
_BULLET = re.compile(r"(?<=[.`:)]) - (?=\S)")
_TITLE_WORD = re.compile(r"[A-Z0-9(][^\s]*|-|–|&|of|for|and|the|to|in|on")


def is_flattened(text: str) -> bool:
    """Tell whether a document has lost its line breaks: a header and headings, and next to no lines."""
    return text.lstrip().startswith("---") and text.count("\n") < 4 and len(text) > 200


def unflatten(text: str) -> str:
    """Give a flattened document its lines back: header, headings, statuses, lists and their bullets."""
    header, body = _split(" ".join(text.split()))
    title = next((line.partition(": ")[2] for line in header if line.startswith("title: ")), "")
    parts = _HEADING.split(body)
    blocks = [parts[0].strip()] if parts[0].strip() else []
    for marks, section in zip(parts[1::2], parts[2::2], strict=True):
        heading, rest = _heading(section.strip(), title)
        blocks += [f"{marks} {heading}", *_paragraphs(rest)]
    return "\n".join(["---", *header, "---", "", "\n\n".join(blocks), ""])


def _split(text: str) -> tuple[list[str], str]:
    """The lines of the header, and the body; text before the first known key becomes a line of its own."""
    match = re.fullmatch(r"--- (.*?) --- ?(.*)", text)
    if match is None:
        return [], text
    parts = _KEY.split(match[1])
    unknown = [parts[0].strip()] if parts[0].strip() else []
    known = [f"{key}: {value.strip()}" for key, value in zip(parts[1::2], parts[2::2], strict=True)]
    return [*unknown, *known], match[2]


def _heading(section: str, title: str) -> tuple[str, str]:
    """Where a heading ends in what follows its marks."""
    if title and section.startswith(title):
        return title, section[len(title) :].strip()
    if match := re.match(rf"({ISSUE_ID} - .*?) (?=Status: )", section):
        return match[1], section[match.end() :]
    words = section.split(" ")
    end = next((number for number, word in enumerate(words) if not _TITLE_WORD.fullmatch(word)), len(words))
    if end < len(words):
        end -= 1  # the last capital before a small letter begins the first sentence
    while end > 1 and words[end - 1] == "-":
        end -= 1
    return " ".join(words[:end]), " ".join(words[end:])


def _paragraphs(text: str) -> list[str]:
    """The paragraphs and lists of a section, each as a block of lines."""
    blocks: list[str] = []
    if match := re.match(r"Status: \w+\.(?: |$)", text):
        blocks.append(match[0].strip())
        text = text[match.end() :]
    if text.startswith("- "):
        return [*blocks, _bullets(text[2:])]
    parts = _LIST.split(text)
    blocks += [parts[0].strip()] if parts[0].strip() else []
    for name, items in zip(parts[1::2], parts[2::2], strict=True):
        blocks += [name, _bullets(items)]
    return blocks


def _bullets(text: str) -> str:
    return "\n".join(f"- {item.strip()}" for item in _BULLET.split(text))
