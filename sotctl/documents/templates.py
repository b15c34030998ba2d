"""The document kinds at hand: the shipped templates, and those of a store that override or add to them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence

from sotctl import resources
from sotctl.documents.layout import SCHEMA_SUFFIX
from sotctl.documents.schema import Schema
from sotctl.errors import SotError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from string import Template


class Templates:
    """Schemas and bodies by kind.

    `overrides` maps the file names of a store's `templates/` to their bytes; `decisions` names further issues that a
    decision template governs. A store may add kinds and override those of decisions, to ask for more and never for
    less: the shipped one holds as well (`shipped`). The kinds that the gate relies on (`FIXED`) are always the shipped
    ones. A file that may not be used (`problems`) is ignored.
    """

    FIXED = frozenset({"admission", "sot", "sot-document"})

    def __init__(
        self, overrides: Mapping[str, bytes] | None = None, decisions: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._given = dict(overrides or {})
        self._decisions = decisions or {}
        self.schema = functools.cache(self._schema)

    @functools.cached_property
    def problems(self) -> Mapping[str, str]:
        """The files of the store's templates that may not be used, by name, each with the reason.

        A template that overrides a shipped one must govern, name and derive what that one does: otherwise a file in
        `templates/` could take an issue out of governance.
        """
        if not self._given:
            return {}
        from sotctl.documents.template_problems import find_problems

        return find_problems(self._given)

    @functools.cached_property
    def _overrides(self) -> dict[str, bytes]:
        return {name: data for name, data in self._given.items() if name not in self.problems}

    def kinds(self) -> list[str]:
        """Every kind there is a schema for."""
        files = {*resources.names(), *self._overrides}
        return sorted(name.removesuffix(SCHEMA_SUFFIX) for name in files if name.endswith(SCHEMA_SUFFIX))

    def _schema(self, kind: str, issue_id: str = "") -> Schema:
        """The schema of a kind; with *issue_id*, sentences that name the first issue it decides name that one."""
        text = self._read(kind, SCHEMA_SUFFIX)
        root = json.loads(text)
        named = root.get("x-decides", [])
        if issue_id and issue_id not in named:
            for other in named:
                text = re.sub(rb"(?<![A-Z0-9-])%b(?![0-9-])" % re.escape(other.encode()), issue_id.encode(), text)
            root = json.loads(text)
        return Schema(kind, root, lambda reference: self.schema(reference.removesuffix(SCHEMA_SUFFIX)))

    def shipped(self, kind: str, issue_id: str = "") -> Schema | None:
        """The shipped schema that holds besides, if the store has templates of its own.

        A decision template of the store that overrides none builds on the shipped `decision-record`.
        """
        if not self._overrides:
            return None
        is_shipped = f"{kind}{SCHEMA_SUFFIX}" in resources.names()
        return Templates().schema(kind if is_shipped else "decision-record", issue_id)

    def body(self, kind: str) -> Template:
        """The Markdown body of a kind, with `${field}` where a value goes."""
        from string import Template

        return Template(self._read(kind, ".md").decode("utf-8"))

    def deciding(self, issue_id: str) -> str | None:
        """The decision template that governs an issue, or None; a store's own goes before a shipped one."""
        own = {name.removesuffix(SCHEMA_SUFFIX) for name in self._overrides}
        for kind in sorted(self.kinds(), key=lambda kind: (kind not in own, kind)):
            if issue_id in self._decided(kind):
                return kind
        return None

    def admitting(self) -> list[str]:
        """The issues that a template governs whose decisions derive an admission."""
        kinds = [kind for kind in self.kinds() if self.schema(kind).annotation("x-derives")]
        return sorted({issue for kind in kinds for issue in self._decided(kind)})

    def _decided(self, kind: str) -> list[str]:
        """The issues that a template governs: those it names, and those that the configuration adds."""
        return [*self.schema(kind).root.get("x-decides", ()), *self._decisions.get(kind, ())]

    def _read(self, kind: str, suffix: str) -> bytes:
        name = f"{kind}{suffix}"
        if name in self._overrides and kind not in self.FIXED:
            return self._overrides[name]
        try:
            return resources.read(name)
        except KeyError:
            if problem := self.problems.get(name):
                raise SotError(problem, hint="correct the template") from None
            raise SotError(f"there is no template {name}", hint="put it under .sot/templates/") from None
