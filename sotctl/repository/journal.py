"""What an `apply` is about to change, kept until it is done, so that the next command can finish or undo it.

The journal is one file, written before the first change and removed after the last. From it and from HEAD alone it
follows what happened: HEAD holds every new file, then the commit was made and only the index has to catch up; HEAD does
not, then the commit was not made and the files go back.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sotctl.repository.files import remove_durably, write_durably


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
    write_durably(private / "journal.json", json.dumps(values).encode(), mode=0o600)


def read_journal(private: Path) -> Journal | None:
    """The journal of an `apply` that was cut off, or None."""
    try:
        values = json.loads((private / "journal.json").read_bytes())
    except FileNotFoundError:
        return None
    return Journal(
        before={path: _decode(data) for path, data in values["before"].items()},
        after={path: _decode(data) or b"" for path, data in values["after"].items()},
        made=tuple(values["made"]),
        commits=values["commits"],
        subject=values["subject"],
    )


def clear_journal(private: Path) -> None:
    """Say that nothing is half done."""
    remove_durably(private / "journal.json")


def _encode(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _decode(data: str | None) -> bytes | None:
    return None if data is None else base64.b64decode(data)
