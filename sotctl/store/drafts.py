"""Answers that were given and not yet decided on, kept in the git directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sotctl.durable import remove_durably, write_durably
from sotctl.errors import SotError
from sotctl.secrets import scan_text
from sotctl.store.store import Store


class DamagedDraftError(SotError):
    """The answers that were kept cannot be read."""

    def __init__(self, issue_id: str, path: Path) -> None:
        super().__init__(
            f"the answers kept for {issue_id} cannot be read: {path} is damaged",
            hint=f"see whether it still holds something, then: rm -r {path}",
        )


_OPEN = "(open)"
"""The key for the names of fields to be asked again; no field has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The answers that were given, and those to offer again: taken back, or of a list that is not finished."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    offered: Mapping[str, Any] = field(default_factory=dict)


def save_draft(store: Store, issue_id: str, draft: Draft) -> None:
    """Keep the answers so far; one that looks like a secret is always left out."""
    values = _without_secrets({**draft.offered, **draft.answers})
    if open_ := [name for name in values if name not in draft.answers]:
        values[_OPEN] = open_
    folder = store.private / "drafts"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_durably(folder / f"{issue_id}.json", json.dumps(values, indent=2).encode(), mode=0o600)


def read_draft(store: Store, issue_id: str) -> Draft:
    """The answers kept for an issue; none where there is no draft.

    Raises:
        DamagedDraftError: It cannot be read; going on would overwrite what a person may still be able to read.
    """
    path = store.private / "drafts" / f"{issue_id}.json"
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        return Draft()
    except (IsADirectoryError, ValueError, RecursionError):
        raise DamagedDraftError(issue_id, path) from None
    open_ = values.pop(_OPEN, []) if isinstance(values, dict) else None
    if not isinstance(open_, list) or not all(_is_answer(value) for value in values.values()):
        raise DamagedDraftError(issue_id, path)
    return Draft(
        answers={name: value for name, value in values.items() if name not in open_},
        offered={name: value for name, value in values.items() if name in open_},
    )


def _is_answer(value: object) -> bool:
    """Whether *value* can have been answered: a text, or a list of texts and of pairs of texts."""
    if isinstance(value, list):
        return all(
            isinstance(item, str) or (isinstance(item, dict) and _is_answer(list(item.values()))) for item in value
        )
    return isinstance(value, str)


def _without_secrets(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if not scan_text(json.dumps(value))}


def drafts(store: Store) -> list[str]:
    """The issues that have a draft, in order."""
    return sorted(path.stem for path in (store.private / "drafts").glob("*.json"))


def drop_draft(store: Store, issue_id: str) -> None:
    """Forget the answers kept for an issue."""
    if (store.private / "drafts").is_dir():
        remove_durably(store.private / "drafts" / f"{issue_id}.json")
