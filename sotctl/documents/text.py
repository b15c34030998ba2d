"""Decodes the bytes of a governed document, or refuses them and says where."""

from __future__ import annotations

import re

from sotctl.documents import rules
from sotctl.findings import RejectedError, Rule

MAX_BYTES = 4 * 1024 * 1024
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def decode(path: str, data: bytes) -> str:
    """The text of a governed document: UTF-8 without a byte order mark, line ends as they are.

    Raises:
        RejectedError: It is larger than `MAX_BYTES`, not UTF-8, or holds a character that hides or breaks text.
    """
    if len(data) > MAX_BYTES:
        raise _rejected(
            path, rules.DOCUMENT_TOO_LARGE, f"larger than {MAX_BYTES // 1024 // 1024} MiB", "split the document"
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (data[:64].count(b"\0") > 8):
        raise _rejected(path, rules.ENCODING_NOT_UTF8, "this is UTF-16, not UTF-8", f"iconv -f UTF-16 -t UTF-8 {path}")
    if data.startswith(b"\xef\xbb\xbf"):
        raise _rejected(path, rules.ENCODING_BOM, "it begins with a byte order mark", "remove the first three bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _rejected(
            path, rules.ENCODING_NOT_UTF8, f"byte {error.start} is not UTF-8", "save the file as UTF-8", line
        ) from None
    if match := _FORBIDDEN.search(text):
        line = text.count("\n", 0, match.start()) + 1
        message = f"U+{ord(match.group()):04X} hides or breaks text and is not allowed"
        raise _rejected(path, rules.CHARACTER_FORBIDDEN, message, "remove the character", line)
    return text


def _rejected(path: str, rule: Rule, message: str, fix: str, line: int = 1) -> RejectedError:
    return RejectedError([rule.finding(path, message, fix, line=line)])
