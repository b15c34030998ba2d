"""The secret scan of a run: every file, the argv, and what is about to be written."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sotctl.evidence.files import RunFiles
from sotctl.evidence.verify import HANDED_ON
from sotctl.secrets import scan

MOST_OBJECT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was looked at, and where secrets stand: never the secret itself."""

    files: int
    findings: tuple[dict[str, object], ...]

    def to_json(self) -> dict[str, object]:
        """As the report has it."""
        return {"files": self.files, "findings": list(self.findings)}


def scan_run(files: RunFiles, argv: Iterable[str], exact: Sequence[bytes]) -> Scan:
    """Scan every file and every argument, by the detector and for the exact values that were handed on."""
    count = 0
    findings: list[dict[str, object]] = []
    for path in files.paths():
        data = files.read(path)
        if data is not None:
            count += 1
            findings += _found(path, path.encode("utf-8", "surrogateescape") + b"\n", exact)
            findings += _found(path, data, exact)
    for number, argument in enumerate(argv):
        findings += _found(f"(argument {number})", argument.encode("utf-8", "surrogateescape"), exact)
    return Scan(files=count, findings=tuple(findings))


def _found(path: str, data: bytes, exact: Sequence[bytes]) -> Iterator[dict[str, object]]:
    for view in _views(path, data):
        for secret in scan(view):
            yield _finding(path, secret.rule, secret.line, secret.column, secret.length)
        for value in exact:
            at = view.find(value)
            if at >= 0:
                column = at - (view.rfind(b"\n", 0, at) + 1) + 1
                yield _finding(path, HANDED_ON, view.count(b"\n", 0, at) + 1, column, len(value))


def _views(path: str, data: bytes) -> Iterator[bytes]:
    """The bytes themselves; git keeps its objects deflated, and what an agent commits must not hide there."""
    yield data
    if "/.git/objects/" in f"/{path}":
        try:
            yield zlib.decompressobj().decompress(data, MOST_OBJECT_BYTES)
        except zlib.error:
            return


def _finding(path: str, rule: str, line: int, column: int, length: int) -> dict[str, object]:
    shown = "(path withheld)" if scan(path.encode("utf-8", "surrogateescape")) else path
    return {"rule": rule, "path": shown, "line": line, "column": column, "length": length}


def is_clean(data: bytes, exact: Sequence[bytes]) -> bool:
    """Whether bytes that are about to be written hold no secret."""
    return not any(True for _ in _found("", data, exact))
