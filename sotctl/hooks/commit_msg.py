"""commit-msg: the message of the commit."""

from __future__ import annotations

from pathlib import Path

from sotctl.checks.run import judge_message
from sotctl.hooks import Hook
from sotctl.hooks.refusal import report

SCISSORS = b"# ------------------------ >8 ------------------------"


def message_of(data: bytes) -> str:
    """The part of a message file that git keeps when it was edited with `commit --verbose`: all before the scissors."""
    return data.partition(SCISSORS)[0].decode("utf-8", "replace")


def run(arguments: list[str]) -> int:
    """Check the message file that git names."""
    return report(judge_message(message_of(Path(arguments[0]).read_bytes())), "this commit message")


HOOK = Hook(id="commit-msg", run=run)
