"""The named text formats that schemas refer to.

A format is a function from a text to the reason why it is wrong, or None where it is right. Formats of governed fields
accept the empty string; `minLength` in the schema refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sotctl.documents import rules
from sotctl.documents.dates import dates_in, parse_date, parse_duration, parse_timestamp
from sotctl.findings import Rule


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text is wrong, as the end of a sentence that begins with the field's name, and the rule it breaks."""

    message: str
    rule: Rule = rules.FIELD_VALUE


Format = Callable[[str], Reason | None]
Formats = Mapping[str, Format]
PLACEHOLDER = Reason("is a placeholder, not a value", rules.FIELD_MISSING)

ISSUE_ID = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+"
MAX_REFERENCE_CHARACTERS = 300
_PLACEHOLDERS = (
    "tbd, tba, tbc, todo, fixme, n/a, na, none, null, nil, pending, unknown, undecided, undefined, unset, missing, "
    "placeholder, -, --, ---, ?, ??, ???, ., .., ..., …, x, xx, xxx, to be decided, to be determined, to be confirmed, "
    "not decided, not yet, not available"
)
_PLACEHOLDER_WORDS = frozenset(_PLACEHOLDERS.split(", "))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PASTED = r"""^\s*\{|[{\[]\s*["'{\[]|["']\s*:\s"""
_REFERENCE = r"""[A-Za-z0-9_.~-]/|/[A-Za-z0-9_.~-]          # a path or URL
    |\b(?=[0-9a-f]*[0-9])[0-9a-f]{7,}\b|\b[0-9a-f]{40,}\b  # a commit or digest
    |\A[0-9a-f]{7,}\Z|\b(?i:commit|revision|tree|blob|sha-?[0-9]*|digest)[ :=#]+[0-9a-f]{7,}\b  # one without a figure
    |\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+\b     # an issue or record
    |\b[0-9]{4}-?[0-9]{2}-?[0-9]{2}               # a date, or a run that is named after one
    |\b[\w-]+\.[a-z]{2,5}[0-9]?\b                 # a file
    |[#§][0-9]|\bv[0-9]|\b[A-Za-z0-9]+[:_@-][A-Za-z0-9]*[0-9]  # a ticket, a section, a version, a name with a number
    """
"""Compiled on use, since the gate does not need it."""
_DENIALS = (
    r"no|not|\w+n['\u2019]?t|never|without|den(?:y|ies|ied|ial)|refus\w*|reject\w*|declin\w*|withh[eo]ld\w*|withdr[ae]w\w*"
    r"|revok\w*|pending|await\w*"
)
_FLOATING = frozenset({"latest", "default"})


def is_placeholder(text: str) -> bool:
    """Whether *text* is a placeholder (docs/reference/approval.md)."""
    return text.strip().strip("<>[](){}\"'`").strip().lower() in _PLACEHOLDER_WORDS or not text.strip()


def _placeholder(text: str) -> Reason | None:
    return PLACEHOLDER if text and is_placeholder(text) else None


def one_line(text: str) -> Reason | None:
    """Text on one line, without control characters and without space around it."""
    if _CONTROL.search(text):
        return Reason("holds a control character or a line break")
    if text != text.strip():
        return Reason("has space around it")
    return None


def _value(text: str) -> Reason | None:
    return _placeholder(text) or one_line(text)


def exact_name(text: str) -> Reason | None:
    """A provider or model string: exact bytes, no floating name (docs/reference/decisions.md)."""
    if problem := _placeholder(text):
        return problem
    if text != text.strip():
        return Reason("has space around it; a pair is compared as exact bytes", rules.PAIR_NOT_EXACT)
    if bad := next((c for c in text if not "!" <= c <= "~"), None):
        return Reason(f"holds U+{ord(bad):04X}; only visible ASCII is allowed", rules.PAIR_NOT_EXACT)
    if "*" in text:
        return Reason("holds `*`; a pattern is not an exact name", rules.PAIR_NOT_EXACT)
    if ".." in text:
        return Reason("holds `..`", rules.PAIR_NOT_EXACT)
    if any(part in _FLOATING for part in re.split(r"[-.:/@]", text.lower())):
        return Reason("is a floating name; name the exact version", rules.PAIR_FLOATING)
    return None


def _class_name(text: str) -> Reason | None:
    """A class name: lower-case words, joined by hyphens, underscores or dots."""
    if problem := _placeholder(text):
        return problem
    if text and not re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", text):
        return Reason("is not a class name: lower-case letters and digits, joined by `-`, `_` or `.`")
    return Reason("is longer than 120 characters") if len(text) > 120 else None


def _review_trigger(text: str) -> Reason | None:
    """An expiry, a date or a condition; every date in it must be a real one."""
    if problem := _value(text):
        return problem
    if any(parse_date(written) is None for written in dates_in(text)):
        return Reason("names a date that does not exist", rules.DATE_INVALID)
    return None


def reference(text: str) -> Reason | None:
    """A reference to evidence (commit, path, digest, URL), not the evidence pasted in."""
    if not text.strip():
        return Reason("is blank", rules.FIELD_MISSING)
    if problem := _value(text):
        return problem
    if len(text) > MAX_REFERENCE_CHARACTERS:
        return Reason(f"is longer than {MAX_REFERENCE_CHARACTERS} characters: refer to evidence, do not paste it")
    if re.search(_PASTED, text):
        return Reason("holds JSON: refer to evidence, do not paste it")
    if not re.search(_REFERENCE, text, re.VERBOSE):
        return Reason("names no commit, path, digest, URL, issue or run: give one of these, not a description")
    return None


def _repository_path(text: str) -> Reason | None:
    """A path below the top of the repository, with `/`."""
    if text.startswith(("/", "~")) or ".." in text.split("/"):
        return Reason("lies outside the repository, where no commit brings it")
    return one_line(text)


def _person(text: str) -> Reason | None:
    """An approver's name: on one line, without invisible characters."""
    if not text.isprintable():
        return Reason("holds an invisible character")
    if _speaks_of_approval(text):
        return Reason("holds the word `approval`, which follows name and channel")
    return _value(text)


def channel(text: str) -> Reason | None:
    """The channel of an approval; words that deny one are refused."""
    if problem := _person(text):
        return problem
    return Reason("says that there is no approval, so it is no channel") if denies(text) else None


def _route_prefix(text: str) -> Reason | None:
    """The prefix of a governed route reference; text that reads like a person's approval is refused."""
    if _speaks_of_approval(text) or denies(text):
        return Reason("reads like an approval, or the denial of one, so it is no prefix of a route")
    return _value(text)


def _speaks_of_approval(text: str) -> bool:
    return bool(re.search(r"approv(?:al|ed?|es|ing)(?![^\W_])", text, re.IGNORECASE))


def denies(text: str) -> bool:
    """Whether a text holds a word that denies an approval, or says that it is pending."""
    return bool(re.search(rf"(?<![^\W_])(?:{_DENIALS})(?![^\W_])", text, re.IGNORECASE))


def _that(test: Callable[[str], object], message: str, rule: Rule = rules.FIELD_VALUE) -> Format:
    """The format of the texts that a test accepts."""
    return lambda text: None if test(text) else Reason(message, rule)


def _form(pattern: str, message: str) -> Format:
    """The format of the texts that match a pattern as a whole; it is compiled on use."""
    return _that(lambda text: re.fullmatch(pattern, text), message)


FORMATS: Formats = {
    "one-line": one_line,
    "subject-prefix": _that(lambda text: not _CONTROL.search(text), "holds a control character or a line break"),
    "trailer": _that(
        lambda text: re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*: \S(?:.*\S)?", text) and not _CONTROL.search(text),
        "is not a trailer such as `Ticket: OPS-7`",
    ),
    "exact-name": exact_name,
    "class-name": _class_name,
    "review-trigger": _review_trigger,
    "reference": reference,
    "repository-path": _repository_path,
    "outside-path": _that(
        lambda text: text.startswith(("/", "~")), "lies inside the repository: name it from `/` or `~` on"
    ),
    "branch-ref": _form(
        r"(?!.*\.\.)refs/(?:heads|remotes)/[^\s\x00-\x20\x7f~^:?*\[\\]+",
        "is not the full name of a branch, such as `refs/heads/main` or `refs/remotes/origin/main`",
    ),
    "duration": _that(parse_duration, "is not a length of time, written like `24h`, `90m` or `7d`"),
    "person": _person,
    "channel": channel,
    "route-prefix": _route_prefix,
    "date": _that(parse_date, "is not a date that exists, written YYYY-MM-DD", rules.DATE_INVALID),
    "timestamp": _that(
        parse_timestamp, "is not a time with a zone, written like 2026-05-31T12:00:00Z", rules.TIMESTAMP_INVALID
    ),
    "issue-id": _form(ISSUE_ID, "is not an issue id such as `CTO-WORK-020`"),
    "record-id": _form(f"{ISSUE_ID}-DR-[0-9]{{3,}}", "is not a record id such as `CTO-WORK-020-DR-001`"),
    "sha256": _form(r"[0-9a-f]{64}", "is not a SHA-256 digest in lower-case hex"),
}
