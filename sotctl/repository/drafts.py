"""Answers that were given and not yet decided on, kept in the git directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sotctl.repository.files import remove_durably, write_durably
from sotctl.repository.store import Store
from sotctl.secrets import scan_text

_OPEN = "(open)"
"""Beside the fields of a template, the names of those that are to be asked again: no field has such a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The answers that were given, and those to offer again: taken back, or of a list that is not finished."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    offered: Mapping[str, Any] = field(default_factory=dict)


def save_draft(store: Store, issue_id: str, draft: Draft) -> None:
    """Keep the answers so far; one that looks like a secret is left out, whatever let it through."""
    values = _without_secrets({**draft.offered, **draft.answers})
    if open_ := [name for name in values if name not in draft.answers]:
        values[_OPEN] = open_
    folder = store.private / "drafts"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_durably(folder / f"{issue_id}.json", json.dumps(values, indent=2).encode(), mode=0o600)


def read_draft(store: Store, issue_id: str) -> Draft:
    """The answers kept for an issue; none where there is no draft, or it is damaged."""
    try:
        values = json.loads((store.private / "drafts" / f"{issue_id}.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return Draft()
    if not isinstance(values, dict):
        return Draft()
    named = values.pop(_OPEN, [])
    open_ = named if isinstance(named, list) else []
    return Draft(
        answers={name: value for name, value in values.items() if name not in open_},
        offered={name: value for name, value in values.items() if name in open_},
    )


def _without_secrets(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if not scan_text(json.dumps(value))}


def drafts(store: Store) -> list[str]:
    """The issues that have a draft, in order."""
    return sorted(path.stem for path in (store.private / "drafts").glob("*.json"))


def drop_draft(store: Store, issue_id: str) -> None:
    """Forget the answers kept for an issue."""
    if (store.private / "drafts").is_dir():
        remove_durably(store.private / "drafts" / f"{issue_id}.json")
