"""The status that a record gets, if it is certain or the user gave it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace

from sotctl.documents.quote import did_you_mean, listed, quote
from sotctl.errors import UsageError
from sotctl.issues.importing.folder import LeftOut
from sotctl.issues.importing.record import SourceRecord
from sotctl.issues.importing.status import Reading
from sotctl.issues.importing.words import normal


def parse_choices(texts: tuple[str, ...], statuses: tuple[str, ...]) -> dict[str, str]:
    """The statuses that `--status WORD=STATUS` gives, by word in lower case.

    Raises:
        UsageError: One is not of that form, or names no status of the store.
    """
    found: dict[str, str] = {}
    for text in texts:
        word, equals, status = text.rpartition("=")
        if not equals:
            raise UsageError(
                f"--status {quote(text)} has no `=`", hint="--status WORD=STATUS, such as --status final=validated"
            )
        if status.strip() not in statuses:
            message = f"{quote(status)} is not a status of this store{did_you_mean(status, statuses)}"
            raise UsageError(message, hint=f"there are: {listed(statuses)}")
        found[normal(word)] = status.strip()
    return found


def chosen(record: SourceRecord, choices: Mapping[str, str]) -> str:
    """The status of a record by *choices* (for its file, its words, or for records that state none), or as it says."""
    names = (normal(record.path), normal(record.path.rpartition("/")[2]))
    if by_file := next((choices[name] for name in names if name in choices), ""):
        return by_file
    if not record.statuses:
        return choices.get("", "")
    statuses = [replace(one, status=_of_word(one, choices) or one.status) for one in record.statuses]
    return replace(record, statuses=tuple(statuses)).status


def _of_word(stated: Reading, choices: Mapping[str, str]) -> str:
    written = normal(stated.written)
    for word, status in choices.items():
        if word and written.startswith(word) and not written[len(word) : len(word) + 1].isalnum():
            return status
    return ""


def status_problem(record: SourceRecord) -> LeftOut:
    """Why a record has no certain status, and the option that gives one."""
    unknown = next((one for one in record.statuses if not one.status), None)
    if unknown is not None:
        word = unknown.written.rstrip("…")
        reason = f"the status {quote(unknown.written)} is not understood"
        fix = f"--status {shlex.quote(f'{word}=STATUS')}"
        return LeftOut(path=record.path, line=unknown.line, reason=reason, fix=fix, is_record=True)
    by_file = f"--status {shlex.quote(f'{record.path}=STATUS')}"
    if record.statuses:
        said = " and ".join(f"{quote(one.written)} (line {one.line})" for one in record.statuses)
        return LeftOut(path=record.path, reason=f"it states {said}", fix=by_file, is_record=True)
    fix = f"{by_file}, or --status =STATUS for every record without one"
    return LeftOut(path=record.path, reason="it states no status", fix=fix, is_record=True)
