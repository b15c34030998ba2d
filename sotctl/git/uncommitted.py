"""Why `git commit` made no commit: a hook refused, or git failed.

The exit status does not tell: 1 is a hook that refused as well as a tree that could not be written, 128 is anything
else. So git is asked to keep account of the hooks that it runs (https://git-scm.com/docs/api-trace2).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sotctl.errors import BlockedError, SotError
from sotctl.git.held import lock_in, mend
from sotctl.git.repository import GitError

ACCOUNT_VARIABLE = "GIT_TRACE2_EVENT"
"""Names the file that git writes the account to, by its absolute path; for this one command it goes nowhere else."""

_COULD_NOT = (3, 4)
"""The exit status of our hooks if they could not do their work (docs/reference/verbs.md); a refusal is 1."""


class RefusedError(BlockedError):
    """A hook refused the commit; the store is as it was. The message holds what the hook said."""


def commit_error(status: int, said: str, account: Path) -> SotError:
    """The error for a `git commit` that ended with *status* (negative: a signal) and wrote *said* to stderr."""
    text = f"\n{said}" if said else ""
    hook, code = failed_hook(account)
    if hook and code not in _COULD_NOT:
        return RefusedError(f"the commit was refused; nothing was changed{text}")
    hint = "put that right and try again"
    if hook:
        return GitError(f"{hook} could not do its work ({code}); nothing was changed{text}", hint=hint)
    if lock := lock_in(said):
        return GitError(f"another git holds {lock.name}; nothing was changed{text}", hint=mend(lock))
    ended = f" (signal {-status})" if status < 0 else ""
    return GitError(f"git could not commit{ended}; nothing was changed{text}", hint=hint)


def commit_status(status: int, account: Path) -> int:
    """The exit status for one of `git commit`: 1 where a hook refuses, or there is nothing to commit, and 3 for what
    could not be done."""
    hook, code = failed_hook(account)
    if status in (0, 1) and not hook:
        return status
    return 1 if hook and code not in _COULD_NOT else 3


def failed_hook(account: Path) -> tuple[str, int]:
    """The hook that ended the commit and its exit status; "" where none did."""
    return next(((name, code) for name, code in _hooks(account) if code and not name.startswith("post-")), ("", 0))


def _hooks(account: Path) -> Iterator[tuple[str, int]]:
    """The hooks that git itself ran and how they ended; what a hook runs writes there too, under ids of its own."""
    try:
        events: list[dict[str, Any]] = [json.loads(line) for line in account.read_bytes().splitlines()]
    except (OSError, ValueError):  # the disk was full, or the git too old to keep one
        return
    own = [event for event in events if event["sid"] == events[0]["sid"]]
    names = {event["child_id"]: event["hook_name"] for event in own if "hook_name" in event}
    for event in own:
        if event["event"] == "child_exit" and event["child_id"] in names:
            yield names[event["child_id"]], event["code"]
