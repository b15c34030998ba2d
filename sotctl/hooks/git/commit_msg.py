"""commit-msg: the message of the commit."""

from __future__ import annotations

import os
import re

from sotctl.fastpath.quick_check import is_plain_message
from sotctl.git.repository import Git
from sotctl.hooks import Hook

_SCISSORS = re.compile(rb"^\S{1,8} -{24} >8 -{24}$", re.MULTILINE)  # after any core.commentChar


def kept_of(git: Git, data: bytes) -> str:
    """The part of a message file that git keeps: everything before the scissors of `commit --verbose`, without
    comments.

    Comments are kept when no editor runs (`GIT_EDITOR=:`).
    """
    message = _SCISSORS.split(data, 1)[0].decode("utf-8", "replace")
    if os.environ.get("GIT_EDITOR") == ":":
        return message
    mark = _comment_mark(git)
    return "".join(line for line in message.splitlines(keepends=True) if not line.startswith(mark))


def run(arguments: list[str]) -> int:
    """Check the message file that git names."""
    with open(arguments[0], "rb") as file:
        data = file.read()
    if is_plain_message(data):
        return 0
    from sotctl.checks.texts import check_message
    from sotctl.hooks.refusal import report

    git = Git(".")
    return report(git, check_message(kept_of(git, data)), "this commit message")


def _comment_mark(git: Git) -> str:
    mark = os.fsdecode(git.run("config", "--get", "core.commentChar").stdout).removesuffix("\n")
    return "#" if mark in ("", "auto") else mark


HOOK = Hook(id="commit-msg", run=run)
