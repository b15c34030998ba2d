"""The document kinds at hand: the shipped templates, and those of a store that override or add to them."""

from __future__ import annotations

import functools
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
    decision template governs. A store may add kinds and override those
    of decisions, to ask for more and never for less: what is `overridden` holds as well. The kinds sotctl itself
    relies on for the gate (`admission`, `sot-document`) are always the shipped. One that may not be used (`problem`) is
    ignored.
    """

    FIXED = frozenset({"admission", "sot", "sot-document"})

    def __init__(
        self, overrides: Mapping[str, bytes] | None = None, decisions: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._given = dict(overrides or {})
        self._decisions = decisions or {}
        self.schema = functools.cache(self._schema)

    def kinds(self) -> list[str]:
        """Every kind there is a schema for."""
        files = {*resources.names(), *self._overrides}
        return sorted(name.removesuffix(SCHEMA_SUFFIX) for name in files if name.endswith(SCHEMA_SUFFIX))

    def _schema(self, kind: str) -> Schema:
        return Schema.parse(f"templates/{kind}{SCHEMA_SUFFIX}", self._read(kind, SCHEMA_SUFFIX), self._refer)

    def overridden(self, kind: str) -> Schema | None:
        """The shipped schema that applies in addition, if the store has templates of its own.

        A decision template of the store that overrides none builds on the shipped `decision-record`.
        """
        if not self._overrides:
            return None
        return Templates().schema(kind if f"{kind}{SCHEMA_SUFFIX}" in resources.names() else "decision-record")

    def body(self, kind: str) -> Template:
        """The Markdown body of a kind, with `${field}` where a value goes."""
        from string import Template

        return Template(self._read(kind, ".md").decode("utf-8"))

    def problem(self, name: str) -> str | None:
        """Why a file of the store's templates may not be used; None if it may.

        A template that overrides a shipped one must govern, name and derive what that one does: otherwise a file in
        `templates/` could take an issue out of governance.
        """
        return self._problems.get(name)

    @property
    def problems(self) -> Mapping[str, str]:
        """The files of the store's templates that may not be used, by name, each with the reason."""
        return self._problems

    @functools.cached_property
    def _problems(self) -> dict[str, str]:
        if not self._given:
            return {}
        from sotctl.documents.template_problems import find_problems

        return find_problems(self._given)

    @functools.cached_property
    def _overrides(self) -> dict[str, bytes]:
        return {name: data for name, data in self._given.items() if name not in self._problems}

    def deciding(self, issue_id: str) -> str | None:
        """The decision template that governs an issue, or None; a store's own goes before a shipped one."""
        own = {name.removesuffix(SCHEMA_SUFFIX) for name in self._overrides}
        for kind in sorted(self.kinds(), key=lambda kind: (kind not in own, kind)):
            if issue_id in self._decided(kind):
                return kind
        return None

    def governing(self, issue_id: str) -> Schema | None:
        """The schema of a decision on an issue, or None; its sentences name that issue."""
        kind = self.deciding(issue_id)
        return None if kind is None else self._for_issue(self, kind, issue_id)

    def shipped_for(self, issue_id: str) -> Schema | None:
        """The shipped schema that applies besides that of `governing`, if the store has templates of its own."""
        kind = self.deciding(issue_id) or "decision-record"
        if not self._overrides:
            return None
        shipped = kind if f"{kind}{SCHEMA_SUFFIX}" in resources.names() else "decision-record"
        return self._for_issue(Templates(), shipped, issue_id)

    def admitting(self) -> list[str]:
        """The issues that a template governs whose decisions derive an admission."""
        kinds = [kind for kind in self.kinds() if self.schema(kind).annotation("x-derives")]
        return sorted({issue for kind in kinds for issue in self._decided(kind)})

    def _decided(self, kind: str) -> list[str]:
        """The issues that a template governs: those it names, and those that the configuration adds."""
        return [*self.schema(kind).root.get("x-decides", ()), *self._decisions.get(kind, ())]

    @staticmethod
    def _for_issue(templates: Templates, kind: str, issue_id: str) -> Schema:
        """A schema whose sentences name the one issue: a template is written for the first it decides."""
        schema = templates.schema(kind)
        named = schema.root.get("x-decides", [])
        if not named or issue_id in named:
            return schema
        text = templates._read(kind, SCHEMA_SUFFIX).decode("utf-8")
        for other in named:
            text = re.sub(rf"(?<![A-Z0-9-]){re.escape(other)}(?![0-9-])", issue_id, text)
        return Schema.parse(f"templates/{kind}{SCHEMA_SUFFIX}", text.encode(), templates._refer)

    def _refer(self, reference: str) -> Schema:
        return self.schema(reference.removesuffix(SCHEMA_SUFFIX))

    def _read(self, kind: str, suffix: str) -> bytes:
        name = f"{kind}{suffix}"
        if name in self._overrides and kind not in self.FIXED:
            return self._overrides[name]
        try:
            return resources.read(name)
        except KeyError:
            if problem := self._problems.get(name):
                raise SotError(problem, hint="correct the template") from None
            raise SotError(f"there is no template {name}", hint="put it under .sot/templates/") from None
