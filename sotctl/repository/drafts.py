"""Answers that were given and not yet decided on, kept in the git directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sotctl.repository.files import remove_durably, write_durably
from sotctl.repository.store import Store
from sotctl.secrets import scan_text


def save_draft(store: Store, issue_id: str, answers: Mapping[str, Any]) -> None:
    """Keep the answers so far; one that looks like a secret is left out, whatever let it through."""
    kept = {name: value for name, value in answers.items() if not scan_text(json.dumps(value))}
    folder = store.private / "drafts"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_durably(folder / f"{issue_id}.json", json.dumps(kept, indent=2).encode(), mode=0o600)


def read_draft(store: Store, issue_id: str) -> dict[str, Any]:
    """The answers kept for an issue; none where there is no draft, or it is damaged."""
    try:
        answers = json.loads((store.private / "drafts" / f"{issue_id}.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return answers if isinstance(answers, dict) else {}


def drafts(store: Store) -> list[str]:
    """The issues that have a draft, in order."""
    return sorted(path.stem for path in (store.private / "drafts").glob("*.json"))


def drop_draft(store: Store, issue_id: str) -> None:
    """Forget the answers kept for an issue."""
    if (store.private / "drafts").is_dir():
        remove_durably(store.private / "drafts" / f"{issue_id}.json")
