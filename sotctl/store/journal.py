"""What an `apply` is about to change, kept until it is done, so that the next command can finish or undo it.

The journal is one file, written before the first change and removed after the last. The journal and HEAD show what
happened: if HEAD holds every new file, the commit was made and only the index has to be updated; if not, the files are
restored.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotctl.durable import remove_durably, write_durably
from sotctl.errors import SotError


class DamagedJournalError(SotError):
    """The journal cannot be read: a failing disk cut it short, or it is not ours."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is damaged, so what a command that was cut off left half done is not known; nothing was changed",
            hint=f"git status shows what differs from the last commit: keep or restore it, then rm -r {path}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The files of a plan before and after, by path below the top of the work tree, and the directories it makes."""

    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes]
    made: tuple[str, ...]
    commits: bool
    subject: str


def write_journal(private: Path, journal: Journal) -> None:
    """Keep *journal* until `clear_journal`."""
    values = {
        "before": {path: _encode(data) for path, data in journal.before.items()},
        "after": {path: _encode(data) for path, data in journal.after.items()},
        "made": list(journal.made),
        "commits": journal.commits,
        "subject": journal.subject,
    }
    write_durably(_path(private), json.dumps(values).encode(), mode=0o600)


def has_journal(private: Path) -> bool:
    """Whether something may be half done."""
    return os.path.lexists(_path(private))


def read_journal(private: Path) -> Journal | None:
    """The journal of an `apply` that was cut off, or None.

    Raises:
        DamagedJournalError: It does not read as one.
        OSError: It cannot be read at all.
    """
    path = _path(private)
    try:
        return _journal(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (IsADirectoryError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise DamagedJournalError(path) from None


def _journal(values: Any) -> Journal:
    """A journal from its JSON; raises some exception for anything that is wrong with it."""
    journal = Journal(
        before={path: _decode(data) for path, data in values["before"].items()},
        after={path: _bytes(data) for path, data in values["after"].items()},
        made=tuple(values["made"]),
        commits=values["commits"],
        subject=values["subject"],
    )
    if not isinstance(journal.commits, bool) or not all(
        isinstance(text, str) for text in (journal.subject, *journal.made)
    ):
        raise TypeError
    if not set(journal.after) <= set(journal.before):
        raise LookupError
    return journal


def clear_journal(private: Path) -> None:
    """Remove the journal: nothing is half done."""
    remove_durably(_path(private))


def _path(private: Path) -> Path:
    return private / "journal.json"


def _encode(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _decode(data: str | None) -> bytes | None:
    return None if data is None else _bytes(data)


def _bytes(data: str) -> bytes:
    return base64.b64decode(data, validate=True)
