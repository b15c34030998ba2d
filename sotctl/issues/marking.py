"""Plans that mark bullets of an issue: blockers as cleared, acceptance as met."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sotctl.decisions.planning import require_issue
from sotctl.documents.dates import today
from sotctl.documents.edits import apply_edits
from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.issues import Bullet, Issue, parse_issues
from sotctl.documents.quote import listed_plainly, quote
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, UsageError
from sotctl.issues.planning import MAX_NAMED, plan_edits, require_line
from sotctl.plan import Plan

MAX_NUMBER = 9999
_NUMBERS = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


class Mark(StrEnum):
    """How a bullet is marked, by the word of its suffix."""

    CLEARED = "cleared"
    MET = "met"

    @property
    def noun(self) -> str:
        """What the bullet is."""
        return "blocker" if self is Mark.CLEARED else "acceptance"

    @property
    def plural(self) -> str:
        """Several of them."""
        return "blockers" if self is Mark.CLEARED else "acceptance"

    @property
    def verb(self) -> str:
        """The command that marks it, with the option that gives the reason."""
        return "unblock" if self is Mark.CLEARED else "accept"

    @property
    def option(self) -> str:
        """The option that gives the reason."""
        return "--because TEXT" if self is Mark.CLEARED else "--evidence REF"

    def bullets(self, issue: Issue) -> tuple[Bullet, ...]:
        """The bullets of an issue that can be marked so."""
        return issue.blocked_by if self is Mark.CLEARED else issue.acceptance


def parse_numbers(words: Sequence[str]) -> list[int]:
    """The numbers of bullets in words such as `1`, `2,4` and `3-5`, each once, in order.

    Raises:
        UsageError: A word is none of these.
    """
    found: set[int] = set()
    for word in words:
        for part in word.split(","):
            match = _NUMBERS.fullmatch(part)
            if match is None:
                raise UsageError(
                    f"{quote(part)} is not the number of a bullet", hint="write numbers or ranges: 1 3 5-7"
                )
            first, last = int(match[1]), int(match[2] or match[1])
            if not 1 <= first <= last <= MAX_NUMBER:
                raise UsageError(f"{quote(part)} is not a range of bullets", hint="a range goes up, from 1 on: 5-7")
            found.update(range(first, last + 1))
    return sorted(found)


def plan_marks(snapshot: Snapshot, issue_id: str, word: Mark, texts: Mapping[int, str], *, now: datetime) -> Plan:
    """Plan the suffix ` (<word> <date>: <text>)` of bullets, in one commit.

    Args:
        texts: Why, by the number of the bullet.
    Raises:
        UsageError: There is no such bullet, or a text is missing or no single line.
        BlockedError: A bullet is marked already, or has no text after which the suffix could be read.
    """
    document, issue = require_issue(snapshot, issue_id)
    require_bullets(issue, word, list(texts))
    bullets = [bullet for bullet in word.bullets(issue) if bullet.number in texts]
    for bullet in bullets:
        _require_markable(issue, word, bullet, texts[bullet.number])
    suffixes = {number: f" ({word} {today(now)}: {text})" for number, text in texts.items()}
    edits = [(bullet.end, bullet.end, suffixes[bullet.number].encode()) for bullet in bullets]
    planned = replace(document.document, source=apply_edits(document.document.source, edits))
    _require_read_back(snapshot, planned, issue, word, suffixes)
    return plan_edits(document, edits, _message(issue_id, word, bullets, texts, suffixes), now)


def require_bullets(issue: Issue, word: Mark, numbers: Sequence[int]) -> None:
    """Refuse numbers that an issue does not have.

    Raises:
        UsageError: At least one bullet is not there.
    """
    bullets = word.bullets(issue)
    missing = [str(number) for number in numbers if not 1 <= number <= len(bullets)]
    if missing:
        known = listed_plainly([str(bullet.number) for bullet in bullets] or ["none"])
        are = "are" if len(bullets) > 1 else "is only" if bullets else "is"
        named = ", ".join(missing[:MAX_NAMED]) + (" and more" if len(missing) > MAX_NAMED else "")
        message = f"{issue.id} has no {word.noun} {named}; there {are} {known}"
        raise UsageError(message, hint=Command(f"sotctl issue show {issue.id}"))


def _require_markable(issue: Issue, word: Mark, bullet: Bullet, text: str) -> None:
    if not text.strip():
        raise UsageError("say why the blocker is cleared" if word is Mark.CLEARED else "name the evidence")
    require_line(text, "the text")
    name = f"{word.noun} {bullet.number} of {issue.id}"
    if bullet.settled:
        raise BlockedError(f"{name} was marked on {bullet.settled[0]}: {bullet.settled[1]}")
    if not bullet.text:
        hint = f"begin the bullet in {issue.path}:{bullet.line} with plain text"
        raise BlockedError(f"{name} has no text, so it cannot be marked", hint=hint)


def _require_read_back(
    snapshot: Snapshot, planned: GovernedDocument, issue: Issue, word: Mark, suffixes: Mapping[int, str]
) -> None:
    """Refuse an edit after which the bullets would read as anything but the same ones with their suffixes.

    Raises:
        BlockedError: The Markdown around a bullet, such as a table or a code span, would change the meaning of the
        suffix.
    """
    after = parse_issues(planned, tuple(snapshot.policy.moves)).find(issue.id)
    expected = [bullet.text + suffixes.get(bullet.number, "") for bullet in word.bullets(issue)]
    found = [bullet.text for bullet in word.bullets(after)] if after else []
    if [text.split() for text in found] != [text.split() for text in expected]:
        place = f"{issue.path}:{word.bullets(issue)[min(suffixes) - 1].line}"
        hint = "leave out what Markdown reads as a mark, such as | ` * < and [, or edit the line"
        raise BlockedError(f"in {place}, the text would not be read as the end of the bullet", hint=hint)


def _message(
    issue_id: str, word: Mark, bullets: Sequence[Bullet], texts: Mapping[int, str], suffixes: Mapping[int, str]
) -> str:
    if len(bullets) == 1:
        noun, body = word.noun, f"{bullets[0].text}\n\n{texts[bullets[0].number]}"
    else:
        noun = word.plural
        body = "\n".join(f"{bullet.number}. {bullet.text}{suffixes[bullet.number]}" for bullet in bullets)
    numbers = listed_plainly([str(bullet.number) for bullet in bullets])
    return f"{issue_id}: {noun} {numbers} {word}\n\n{body}\n\nIssue: {issue_id}\n"
