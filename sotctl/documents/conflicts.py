"""Finds conflict markers that git left in a file."""

from __future__ import annotations

import re

from sotctl.documents.markdown import blocks

_CONFLICT = re.compile(rb"^<{7} .*?^={7}\r?\n.*?^>{7} ", re.MULTILINE | re.DOTALL)


def conflict(body: bytes) -> int:
    """Return the offset of the first conflict marker in *body*, or -1; in a code block a marker is text.

    Source: git-merge(1), "How conflicts are presented".
    """
    if b"<<<<<<< " not in body:
        return -1
    code = [(block.start, block.end) for block in blocks(body) if block.kind == "codeblock"]
    starts = (match.start() for match in _CONFLICT.finditer(body))
    return next((start for start in starts if not any(first <= start < last for first, last in code)), -1)
