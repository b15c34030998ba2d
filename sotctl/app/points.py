"""Points in time, as the command line names them: a day, or a commit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sotctl.documents.dates import parse_date
from sotctl.documents.quote import quote
from sotctl.errors import Command, SotError, UsageError
from sotctl.store.store import Store


def day(text: str, command: str) -> date:
    """A day of the calendar, as the option that ends *command* takes it.

    Raises:
        UsageError: *text* is not one, written YYYY-MM-DD.
    """
    found = parse_date(text)
    if found is None:
        option = command.rpartition(" ")[2]
        message = f"{option} takes a date that exists, not {quote(text)}"
        raise UsageError(message, hint=Command(f"{command} 2027-01-31"))
    return found


def end_of(when: date) -> datetime:
    """The last second of a day in UTC."""
    return datetime.combine(when, time(23, 59, 59), tzinfo=UTC)


def revision_at(store: Store, text: str) -> str:
    """The commit that *text* names, or the last one on HEAD's history at the end of a day.

    Raises:
        SotError: There is no such commit.
    """
    when = parse_date(text)
    if when is not None:
        before = end_of(when).isoformat()
        found = store.git.text("rev-list", "-1", f"--before={before}", "HEAD")
        if not found:
            raise SotError(f"the history begins after {when}", hint=Command("sotctl log"))
        return found
    if commit := store.git.commit(text):
        return commit
    raise SotError(f"there is no commit {quote(text)}, and it is not a date", hint=Command("git log --oneline"))
