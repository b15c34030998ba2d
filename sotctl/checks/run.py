"""Holds a change against every rule."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from sotctl import checks, registry
from sotctl.admission.admission import parse_admission, problems
from sotctl.checks.change import Change, ChangedFile, ChangeSet, Rule
from sotctl.documents.policy import parse_policy
from sotctl.documents.quote import quote
from sotctl.findings import Finding, RejectedError, in_order
from sotctl.secrets import scan, scan_path, scan_text
from sotctl.secrets.finding import as_finding


@functools.cache
def policy_rules() -> tuple[Rule, ...]:
    """Every policy rule there is a file for."""
    return tuple(registry.load(checks, "RULE"))


def judge_change(change: Change) -> list[Finding]:
    """Everything that one commit breaks: in its stores, its files, and its message."""
    found = [finding for store in change.stores for finding in judge(store)]
    found += judge_files(change.files())
    if change.message is not None:
        found += judge_message(change.message.decode("utf-8", "replace"), f"{change.name[:12]} (message)")
    return in_order(found)


def judge(change: ChangeSet) -> list[Finding]:
    """Everything in a change of a store that breaks a rule, in order of place."""
    found = list(_documents(change))
    for rule in policy_rules():
        found += rule.check(change)
    return in_order(found)


def judge_files(files: Iterable[ChangedFile]) -> list[Finding]:
    """The secrets in changed files and in their names, in order of place."""
    return in_order(finding for file in files for finding in _file(file))


def judge_message(text: str, path: str = "commit message") -> list[Finding]:
    """The secrets in a commit message."""
    return [as_finding(secret, path, "reword the message") for secret in scan_text(text)]


def _documents(change: ChangeSet) -> Iterator[Finding]:
    """What is wrong with each changed document on its own."""
    library = change.after
    for path in sorted(change.changed):
        data = library.read(path)
        kind = library.kind_of(path)
        if data is None or kind is None:
            continue
        try:
            if kind == "admission":
                yield from _admission(change, path, data)
            elif kind == "sot":
                parse_policy(path, data)
            else:
                yield from library.load(path).findings
        except RejectedError as error:
            yield from error.findings


def _admission(change: ChangeSet, path: str, data: bytes) -> Iterator[Finding]:
    library = change.after
    for finding in problems(parse_admission(path, data), library.policy, library.formats, now=library.now):
        if finding.rule != "secret":  # every file is searched for secrets, and each is reported once
            yield finding


def _file(file: ChangedFile) -> Iterator[Finding]:
    if scan_path(file.path):
        yield Finding(
            rule="secret", path="(path withheld)", message="a file name holds a secret", fix="rename the file"
        )
        return
    twin = next((part for part in file.path.split("/") if part != ".sot" and part.lower() == ".sot"), None)
    if twin:
        message = f"{quote(twin)} is the store itself on a file system that does not tell case"
        yield Finding(rule="store-case-twin", path=file.path, message=message, fix="rename the folder")
    if file.mode != "160000":
        yield from (
            as_finding(secret, file.path, f"git restore --staged {file.path}")
            for secret in scan(file.read(), path=file.path)
        )
