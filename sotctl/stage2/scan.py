"""The secret scan of a run: every file, the argv, and what is about to be written."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from sotctl.evidence.files import MARKDOWN, REPORT, RunFiles
from sotctl.evidence.report import Scan, ScanFinding
from sotctl.secrets import scan
from sotctl.secrets.stream import scan_stream

HANDED_ON, UNREADABLE = "credential-value", "unreadable-file"
"""Scan results for a value of the credential, and for an unreadable file: they can be known only where the run was
made.
"""
MAX_OBJECT_BYTES = 64 * 1024 * 1024
Chunks = Callable[[], Iterator[bytes]]


def scan_run(files: RunFiles, argv: Iterable[str], exact: Sequence[bytes]) -> Scan:
    """Scan every file and every argument, by the detector and for the exact values of the credential.

    No file is held whole: an agent may have left one as large as the quota allows.
    """
    count = 0
    findings: list[ScanFinding] = []
    for path in files.paths():
        count += path not in (REPORT, MARKDOWN)
        findings += _found(path, path.encode("utf-8", "surrogateescape") + b"\n", exact)
        try:
            for view in _views(path, partial(files.chunks, path)):
                findings += _found_in(path, view, exact)
        except OSError:  # an unreadable file counts as a finding
            findings.append(_finding(path, UNREADABLE, 1, 1, 0))
    for number, argument in enumerate(argv):
        findings += _found(f"(argument {number})", argument.encode("utf-8", "surrogateescape"), exact)
    return Scan(files=count, findings=tuple(findings))


def _found(path: str, data: bytes, exact: Sequence[bytes]) -> Iterator[ScanFinding]:
    yield from _found_in(path, lambda: iter((data,)), exact)


def _found_in(path: str, chunks: Chunks, exact: Sequence[bytes]) -> Iterator[ScanFinding]:
    for secret in scan_stream(chunks()):
        yield _finding(path, secret.rule, secret.line, secret.column, secret.length)
    if exact:
        for line, column, length in _handed_on(chunks(), exact):
            yield _finding(path, HANDED_ON, line, column, length)


def _handed_on(chunks: Iterable[bytes], values: Sequence[bytes]) -> Iterator[tuple[int, int, int]]:
    """Line, column and length of the first place of each of *values*, which may stand across two chunks."""
    keep, left = max(map(len, values)) - 1, list(values)
    window, line, column = b"", 1, 1
    for chunk in chunks:
        window += chunk
        for value in [value for value in left if value in window]:
            yield (*_after(window[: window.find(value)], line, column), len(value))
            left.remove(value)
        passed = window[: max(0, len(window) - keep)]
        line, column = _after(passed, line, column)
        window = window[len(passed) :]


def _after(passed: bytes, line: int, column: int) -> tuple[int, int]:
    """The place behind *passed*, which begins at that line and column."""
    newlines = passed.count(b"\n")
    return line + newlines, len(passed) - passed.rfind(b"\n") if newlines else column + len(passed)


def _views(path: str, chunks: Chunks) -> Iterator[Chunks]:
    """The bytes; those of git objects inflated, so that an agent's commits are searched too."""
    yield chunks
    if "/.git/objects/" in f"/{path}":
        yield lambda: _inflated(chunks())


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    stream, left = zlib.decompressobj(), MAX_OBJECT_BYTES
    for chunk in chunks:
        while chunk and left:
            try:
                data = stream.decompress(chunk, min(left, 1 << 20))
            except zlib.error:
                return
            left -= len(data)
            yield data
            chunk = stream.unconsumed_tail


def _finding(path: str, rule: str, line: int, column: int, length: int) -> ScanFinding:
    shown = "(path withheld)" if scan(path.encode("utf-8", "surrogateescape")) else path
    return ScanFinding(rule=rule, path=shown, line=line, column=column, length=length)


def withheld(value: Any, exact: Sequence[bytes]) -> Any:
    """A value of a record before it is written, with texts that hold a secret withheld."""
    if isinstance(value, str):
        return value if _is_clean_text(value, tuple(exact)) else "(withheld)"
    if isinstance(value, list | tuple):
        return [withheld(part, exact) for part in value]
    if isinstance(value, Mapping):
        return {key: withheld(part, exact) for key, part in value.items()}
    return value


@lru_cache(maxsize=1024)  # the texts of one request are mostly those of the last one
def _is_clean_text(value: str, exact: tuple[bytes, ...]) -> bool:
    return is_clean(value.encode("utf-8", "surrogatepass"), exact)


def is_clean(data: bytes, exact: Sequence[bytes]) -> bool:
    """Whether bytes that are about to be written hold no secret."""
    return not any(True for _ in _found("", data, exact))
