"""A decision record as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.markdown import blocks

ACTIVE = frozenset({"draft", "validated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """One decision on one issue: `values` is its header, `names` the template fields that name what it approves."""

    document: GovernedDocument
    values: Mapping[str, Any]
    kind: str
    names: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where the record lies."""
        return self.document.path

    @property
    def id(self) -> str:
        """Its `record_id`."""
        return self.document.text("record_id")

    @property
    def issue(self) -> str:
        """The issue it decides."""
        return self.document.text("issue")

    @property
    def is_active(self) -> bool:
        """Whether it has been neither superseded nor archived."""
        return self.document.text("status") in ACTIVE

    @property
    def named(self) -> tuple[str, ...]:
        """What it approves, such as provider and model; empty while it approves nothing."""
        values = tuple(self.document.text(name) for name in self.names)
        return values if values and all(values) else ()

    @property
    def is_approved(self) -> bool:
        """Whether it approves something and has not been superseded or archived."""
        return bool(self.named) and self.document.text("status") == "validated"

    @property
    def rationale(self) -> str:
        """The text under the heading `Rationale` of the body, or ""."""
        source = self.document.source
        found = blocks(self.document.body, self.document.body_start)
        for index, block in enumerate(found):
            if block.kind == "heading" and source[block.text_start : block.text_end].strip() == b"Rationale":
                end = next((b.start for b in found[index + 1 :] if b.kind == "heading"), len(source))
                return source[block.end : end].decode("utf-8").strip()
        return ""
