"""A run directory as the rules see it: paths and bytes, from any source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from sotctl.digests import sha256_of
from sotctl.secrets import scan

REPORT, MARKDOWN, TRACE, ADMISSION = "report.json", "report.md", "trace.jsonl", "admission.json"
BLOCK = "backend/provider-model-not-admitted.txt"
EVENTS, REQUESTS = "backend/events.jsonl", "backend/requests.jsonl"
REAL, FAKE, HOME, TMP = "fixture/real", "fixture/fake", "home", "tmp"


def stream(backend: str, name: str) -> str:
    """Where the copy of `stdout` or `stderr` of a backend lies."""
    return f"backend/{backend}.{name}"


class RunFiles(Protocol):
    """The files of a run directory by path, relative to it, with `/`."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file, or the target of a link after `link:`; None where there is neither."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """The same bytes, a few megabytes at a time, so that a large file is not held whole.

        Raises:
            OSError: It cannot be read.
        """

    def paths(self) -> Iterable[str]:
        """Every regular file and link at any depth, in order."""

    def strange(self) -> Iterable[str]:
        """Everything that must not be in a run: pipes, sockets, devices, and a link in place of sotctl's folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a run does not pass: a reason code, a sentence, and the admission status that the run shows, if another.

    `count` is how often it occurred; the sentence describes the first time.
    """

    reason: str
    message: str
    status: str = ""
    count: int = 1


class LineError(Exception):
    """A line of a log is not a JSON object: its number, from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number} is not a JSON object")
        self.number = number


def json_lines(data: bytes) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file whose every line ends in a line end.

    Raises:
        LineError: A line is anything else; also the last one, when it was cut off.
    """
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise LineError(number) from None
        if not isinstance(value, dict) or not line.endswith(b"\n"):
            raise LineError(number)
        yield value


def artifacts(files: RunFiles) -> list[dict[str, str]]:
    """Every file but the report itself, with its digest ("" where it cannot be read); a secret path is withheld."""
    entries, withheld = [], 0
    for path in files.paths():
        shown = path
        if scan(path.encode("utf-8", "surrogateescape")):
            withheld += 1
            shown = f"(path withheld {withheld})"
        if path != REPORT:
            entries.append({"path": shown, "sha256": digest_of(files, path)})
    return sorted(entries, key=lambda entry: entry["path"])


def digest_of(files: RunFiles, path: str) -> str:
    """The digest of a file, "" where it cannot be read."""
    try:
        return sha256_of(files.chunks(path))
    except OSError:
        return ""
