"""Searches the text of commits and tags, and the names of refs, for secrets."""

from __future__ import annotations

from sotctl.findings import Finding, Location, Place
from sotctl.secrets import fingerprint, scan, scan_path, scan_text
from sotctl.secrets.baseline import Baseline
from sotctl.secrets.finding import as_finding, in_place


def check_message(text: str, path: str = "") -> list[Finding]:
    """The secrets in a commit message; *path* is the file that holds it, where one was named."""
    fix = "reword the message"
    if path:
        return [as_finding(secret, path, fix) for secret in scan_text(text)]
    return [in_place(secret, Place.COMMIT_MESSAGE, fix) for secret in scan_text(text)]


def check_commit_object(
    body: bytes, fix: str = "make it anew without it", baseline: Baseline | None = None, *, is_tag: bool = False
) -> list[Finding]:
    """The secrets in a commit or tag: in its message and in its header (author, committer and the rest)."""
    above, message = (Place.TAG_HEADER, Place.TAG_MESSAGE) if is_tag else (Place.COMMIT_HEADER, Place.COMMIT_MESSAGE)
    header = body.partition(b"\n\n")[0].count(b"\n") + 2
    found = []
    for secret in scan(body):
        place = above if secret.line < header else message
        mark = fingerprint.of(secret, body, key=baseline.key) if baseline else ""
        line = secret.line - header if place is message else secret.line
        location = Location(place=place, line=line, column=secret.column)
        found.append(as_finding(secret, location, fix, fingerprint=mark))
    return found


def check_ref_name(name: str) -> list[Finding]:
    """The secrets in the name of a ref; the finding does not show that name."""
    return [in_place(secret, Place.REF_NAME, "give it another name") for secret in scan_path(name)]
