"""The first files of a store: a configuration, and an issues document with one example issue to edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import tomlkit

from sotctl.documents import layout
from sotctl.documents.new_header import new_document
from sotctl.documents.policy import Policy, parse_policy

_ISSUE = """
## {issue} - Choose the model provider

Status: blocked.

Which exact provider and model may do real work. Edit this issue, or add others with `sotctl issue new`.

Acceptance:

- The admission names the exact provider and model.
- A Stage 2 run with that pair has passed.

Blocked by:

- Human approval of an exact provider and model.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a person answered: who approves, who owns the documents, their route, the first issue and document."""

    approver: str
    owner: str
    route: str
    issue: str
    title: str


def first_files(store: str, beginning: Beginning, *, now: datetime) -> Mapping[str, bytes]:
    """The files of a new store at *store*, by path; the shipped decision template governs the first issue.

    Raises:
        RejectedError: An answer cannot be configured.
    """
    configuration = tomlkit.document()
    configuration["store"] = {"owner": beginning.owner, "route": beginning.route}
    configuration["approval"] = {"approvers": [beginning.approver]}
    configuration["decisions"] = {"provider-decision": [beginning.issue]}
    settings = tomlkit.dumps(configuration).encode()
    path = f"{store}/{layout.CONFIGURATION}"
    parse_policy(path, settings)
    document = new_document(
        beginning.title, policy=Policy(), route=beginning.route, now=now, owner=beginning.owner
    ) + _ISSUE.format(issue=beginning.issue)
    return {path: settings, f"{store}/{layout.ISSUES}/{_file_name(beginning.title)}": document.encode()}


def _file_name(title: str) -> str:
    """A file name from a title: `First issues` becomes `FIRST-ISSUES.md`."""
    words = "".join(character if character.isascii() and character.isalnum() else " " for character in title).split()
    return f"{'-'.join(words).upper() or 'ISSUES'}.md"
