"""commit-msg: the message of the commit."""

from __future__ import annotations

import os
import re

from sotctl.hooks import Hook
from sotctl.hooks.glance import is_plain_message
from sotctl.repository.git import Git

_SCISSORS = re.compile(rb"^\S{1,8} -{24} >8 -{24}$", re.MULTILINE)  # behind whatever core.commentChar is


def message_of(data: bytes) -> str:
    """The part of a message file that git keeps when it was edited with `commit --verbose`: all before the scissors."""
    return _SCISSORS.split(data, 1)[0].decode("utf-8", "replace")


def without_comments(message: str, mark: str) -> str:
    """The lines that git keeps of a message that was edited: in the others it tells what is being committed."""
    return "".join(line for line in message.splitlines(keepends=True) if not line.startswith(mark))


def run(arguments: list[str]) -> int:
    """Check the message file that git names."""
    with open(arguments[0], "rb") as file:
        data = file.read()
    if is_plain_message(data):
        return 0
    from sotctl.checks.run import judge_message
    from sotctl.hooks.refusal import report

    git, message = Git("."), message_of(data)
    if os.environ.get("GIT_EDITOR") != ":":  # what git says to its hooks where nobody edits
        message = without_comments(message, _comment_mark(git))
    return report(git, judge_message(message), "this commit message")


def _comment_mark(git: Git) -> str:
    mark = os.fsdecode(git.run("config", "--get", "core.commentChar").stdout).removesuffix("\n")
    return "#" if mark in ("", "auto") else mark


HOOK = Hook(id="commit-msg", run=run)
