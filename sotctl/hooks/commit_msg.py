"""commit-msg: the message of the commit."""

from __future__ import annotations

from sotctl.hooks import Hook
from sotctl.hooks.glance import is_plain_message
from sotctl.repository.git import Git

SCISSORS = b"# ------------------------ >8 ------------------------"


def message_of(data: bytes) -> str:
    """The part of a message file that git keeps when it was edited with `commit --verbose`: all before the scissors."""
    return data.partition(SCISSORS)[0].decode("utf-8", "replace")


def run(arguments: list[str]) -> int:
    """Check the message file that git names."""
    with open(arguments[0], "rb") as file:
        data = file.read()
    if is_plain_message(data):
        return 0
    from sotctl.checks.run import judge_message
    from sotctl.hooks.refusal import report

    return report(Git("."), judge_message(message_of(data)), "this commit message")


HOOK = Hook(id="commit-msg", run=run)
