"""Reads the text of a status."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sotctl.documents.dates import first_date
from sotctl.documents.formats import is_placeholder
from sotctl.issues.importing import words
from sotctl.issues.importing.markup import BOLD, LINK, Line

_WORD = re.compile(r"[^\W\d_]+(?:['’_-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=\w)[.;!]\s+")
_ARROW = re.compile(r"→|⇒|➜|➔|->|=>|>")
_LABELLED = re.compile(r"[\s>*-]*[^\W\d_][\w ()'’/-]{0,40}[:：]")
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d.])")
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A status as written, cut to what a message can hold, and the issue status it stands for, "" if not certain.

    `has_successor` where it names the record that replaces this one; `line` is its line in the file.
    """

    written: str
    status: str
    has_successor: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """The meaning of one statement: `leads` if it begins with the status, `has_successor` if it names a successor."""

    status: str
    leads: bool = True
    has_successor: bool = False
    is_doubtful: bool = False
    date: str = ""


def understand(lines: Sequence[Line], own: Collection[str] = ()) -> Reading:
    """Read a status; *own* are the status words of the store, which stand for themselves.

    The first statement counts, and one after it only where it is a status of its own: a successor, a later date, the
    box that is ticked.
    """
    ticked = [line for line in lines if line.box]
    standing = [line for line in ticked or lines if line.box is not False and line.unstruck.strip()]
    written = " ".join(standing[0].unstruck.split()) if standing else ""
    if len(written) > _MOST_SHOWN:
        written = written[:_MOST_SHOWN].rstrip() + "…"
    said = _all_said([part for line in standing for part in _statements(line)], own)
    return Reading(written=written, status=_resolve(said), has_successor=any(one.has_successor for one in said))


def is_successor_label(text: str) -> bool:
    """Whether a label or key says what replaces the record: `Superseded by`, `superseded_by`, `Ersetzt durch`."""
    found = [words.normal(word) for word in re.split(r"[\W_]+", text) if word]
    return len(found) == 2 and found[1] in words.AGENTS and _status_of(found[0], before_agent=True) == "superseded"


def _all_said(statements: list[Line], own: Collection[str]) -> list[_Said]:
    """What the statements say of the status; nothing where the first one says something that is not understood."""
    said: list[_Said] = []
    for statement in statements:
        found = _said(statement, own)
        if found is not None:
            said.append(found)
        elif not said and not _is_aside(statement):
            return []
    return said


def _resolve(said: list[_Said]) -> str:
    if not said or said[0].is_doubtful or not said[0].status:
        return ""
    first, *rest = said
    if any(found.has_successor and not found.leads for found in rest):
        return ""  # something else may have been replaced
    later = [found for found in rest if found.leads and found.status and not found.is_doubtful]
    if any(found.has_successor for found in (first, *later)):
        return "superseded"
    if all(found.date for found in (first, *later)):
        return max(enumerate((first, *later)), key=lambda pair: (pair[1].date, pair[0]))[1].status
    return first.status if all(found.status == first.status for found in later) else ""


def _is_aside(statement: Line) -> bool:
    """Whether a statement has another subject than the status: a date, a link, a relation, another label."""
    texts = [words.normal(word) for word, _ in _outside(statement)]
    return not texts or texts[0] in words.RELATIONS or _LABELLED.match(statement.text) is not None


def _statements(line: Line) -> list[Line]:
    """The sentences of a line."""
    ends = (match for match in _SENTENCE.finditer(line.text) if line.marks[match.start()] != LINK)
    places = [0, *(match.end() for match in ends), len(line.text)]
    return [line.cut(start, end) for start, end in pairwise(places) if start < end]


def _outside(line: Line) -> list[tuple[str, int]]:
    """The words of a line outside of its links, with their places."""
    found = [(match[0], match.start()) for match in _WORD.finditer(line.unstruck)]
    return [(word, at) for word, at in found if line.marks[at] != LINK]


def _said(line: Line, own: Collection[str]) -> _Said | None:
    """What a statement says, or None where it says nothing about a status."""
    date = _date(line.text)
    found = _outside(line) or [(match[0], match.start()) for match in _WORD.finditer(line.unstruck)]
    texts = [words.normal(word) for word, _ in found]
    alone = " ".join(texts)
    if (named := alone.replace(" ", "_")) in own:
        return _Said(status=named, date=date)
    status = words.ALONE.get(alone) or words.ALONE.get(words.bare(alone), "")
    if status and not (alone in words.BEFORE_AGENT and _names_another(line)):
        return _Said(status=status, date=date)
    if _is_person(line, texts) or _is_open(line.text):
        return None
    while texts and texts[0] in words.FILLERS:
        texts, found = texts[1:], found[1:]
    return _from_words(line, found, texts, date)


def _date(text: str) -> str:
    """The first date of a text, `2024-02-03`, `2024/02/03` or `3.2.2024`, as an ISO date; "" without one."""
    if match := _DAY_FIRST.search(text):
        text = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    return str(first_date(text.replace("/", "-")) or "")


def is_empty(value: str) -> bool:
    """Whether the value of a label or key says nothing: `-`, `none`, `n/a`, `~`."""
    return is_placeholder(value.strip(" ~*_.`"))


def _is_open(text: str) -> bool:
    """Whether a line is a label whose value says nothing, such as `Superseded by: none`."""
    label, colon, value = text.replace("：", ":").partition(":")
    return bool(colon) and is_empty(value) and (bool(value.strip()) or is_successor_label(label))


def _is_person(line: Line, texts: list[str]) -> bool:
    """Whether a line is a label such as `Approved by:`, which names a person and states nothing."""
    label = _LABELLED.match(line.text)
    named = len(texts) > 1 and texts[1] in words.AGENTS and label is not None
    return named and _status_of(texts[0], before_agent=True) not in ("", "superseded")


def _names_another(line: Line) -> bool:
    """Whether a line names a record, by a link or a number that is not a date."""
    without_dates = re.sub(r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}", "", line.text)
    return LINK in line.marks or any(c.isdigit() for c in without_dates)


def _from_words(line: Line, found: list[tuple[str, int]], texts: list[str], date: str) -> _Said | None:
    hits: list[tuple[str, int]] = []
    leads, successor, end = False, False, len(texts)
    for place, text in enumerate(texts):
        agent = place + 1 < len(texts) and texts[place + 1] in words.AGENTS
        if status := _status_of(text, is_first=place == 0, before_agent=agent):
            hits.append((status, found[place][1]))
            leads = leads or place == 0
        if status == "superseded" and agent:
            leads, successor, end = leads or len(hits) > 1, True, place
            break  # what follows names the successor
    if not hits:
        return None
    doubtful = any(re.split("['’]", text)[0] in words.DOUBTS for text in texts[:end])
    status = "superseded" if successor else _one(line, hits)
    return _Said(status=status, leads=leads, has_successor=successor, is_doubtful=doubtful, date=date)


def _status_of(text: str, *, before_agent: bool, is_first: bool = False) -> str:
    if text in words.BEFORE_AGENT:
        return "superseded" if before_agent else ""
    if status := words.STATUSES.get(text) or words.STATUSES.get(words.bare(text)):
        return status
    return words.LEADING.get(text, "") if is_first else ""


def _one(line: Line, hits: list[tuple[str, int]]) -> str:
    """The status that several words of one statement come to, "" where they do not come to one."""
    if len({status for status, _ in hits}) == 1:
        return hits[0][0]
    if _ARROW.search(line.text[hits[-2][1] : hits[-1][1]]):
        return hits[-1][0]
    bold = {status for status, at in hits if line.marks[at] == BOLD}
    return bold.pop() if len(bold) == 1 and any(line.marks[at] != BOLD for _, at in hits) else ""
