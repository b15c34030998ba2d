"""The documents of a store, read from a tree when they are asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sotctl.documents import layout, rules
from sotctl.documents.formats import Formats
from sotctl.documents.frontmatter import GovernedDocument, parse, readable
from sotctl.documents.issues import Issue, IssuesDocument, parse_issues
from sotctl.documents.policy import Policy
from sotctl.documents.record import DecisionRecord
from sotctl.documents.schema import Schema
from sotctl.documents.templates import Templates
from sotctl.documents.tree import Entry, OverlayTree, Tree
from sotctl.documents.validate import validate
from sotctl.findings import Finding, RejectedError

MAX_SEARCHED = 50
MAX_SEARCHES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The result of reading a document: its value, if it can be read, and everything wrong with it."""

    document: GovernedDocument | None = None
    issues: IssuesDocument | None = None
    record: DecisionRecord | None = None
    findings: tuple[Finding, ...] = ()


class Snapshot:
    """The documents of the store at *store* in *tree*.

    `formats` are those schemas may name, bound to the policy and the time; `now` is the instant that dates are compared
    with.
    """

    def __init__(self, tree: Tree, store: str, *, policy: Policy, formats: Formats, now: datetime) -> None:
        self.tree, self.store, self.policy, self.formats, self.now = tree, store, policy, formats, now
        self.read = functools.cache(tree.read)
        self.mode = functools.cache(tree.mode)
        self.load = functools.cache(self._load)
        self._paths: dict[str, list[str]] = {}
        self._kinds: dict[str, str | None] = {}
        self._loaded_issues: dict[str, tuple[Issue, ...]] = {}
        self.rejected: list[str] = []
        self._known: dict[str, Issue] = {}
        self._searches, self._is_all_known = 0, False

    def with_files(self, files: Mapping[str, bytes]) -> Snapshot:
        """The documents as they would be with *files* written."""
        tree = OverlayTree(self.tree, files)
        return Snapshot(tree, self.store, policy=self.policy, formats=self.formats, now=self.now)

    @functools.cached_property
    def templates(self) -> Templates:
        """The shipped templates and those of the store."""
        folder = f"{self.store}/{layout.TEMPLATES}"
        paths = {entry.path.removeprefix(f"{folder}/"): entry.path for entry in self.tree.entries(folder)}
        overrides = {
            name: data for name, path in paths.items() if "/" not in name and (data := self.read(path)) is not None
        }
        return Templates(overrides, self.policy.decisions)

    def paths(self, kind: str) -> list[str]:
        """The paths of every document of a kind, in order; only the folder of that kind is listed."""
        if kind not in self._paths:
            folder = layout.FOLDERS.get(kind)
            entries = self.entries if folder is None else self.tree.entries(f"{self.store}/{folder}")
            self._paths[kind] = [entry.path for entry in entries if self.kind_of(entry.path) == kind]
        return self._paths[kind]

    @functools.cached_property
    def entries(self) -> list[Entry]:
        """Every file of the store."""
        return list(self.tree.entries(self.store))

    @functools.cached_property
    def is_empty(self) -> bool:
        """Whether the store holds no file."""
        return next(iter(self.tree.entries(self.store)), None) is None

    def kind_of(self, path: str) -> str | None:
        """The kind of document that lies at a repository path."""
        if path not in self._kinds:  # every rule asks this for every path
            self._kinds[path] = layout.kind_of(path.removeprefix(f"{self.store}/"))
        return self._kinds[path]

    def issues(self) -> Iterator[Issue]:
        """Every issue of the store, in order of path and place; the headers of their documents are left unread."""
        for path in self.paths("issues"):
            yield from self.read_issues(path)

    def find_issue(self, issue_id: str) -> tuple[IssuesDocument, Issue] | None:
        """The issue of that id and the document it stands in, or None; only documents that hold the id are parsed."""
        return next(iter(self.find_issues(issue_id)), None)

    def find_issues(self, issue_id: str) -> list[tuple[IssuesDocument, Issue]]:
        """Every issue of that id with its document, by a quick search, or by a full one if that finds none.

        A second one in a document that is not committed may be missed.
        """
        for search in (self.tree.likely, self.tree.holding):
            loaded = [self.load(path).issues for path in self._searched(search, [issue_id])]
            found = [(document, issue) for document in loaded if document and (issue := document.find(issue_id))]
            if found:
                return found
        return []

    def known(self, issue_ids: Iterable[str]) -> dict[str, Issue]:
        """The issues of those ids that exist; headers are left unread.

        The ids of one call are searched for together; after some searches every document is read.
        """
        wanted = list(dict.fromkeys(issue_ids))
        for search in (self.tree.likely, self.tree.holding):
            missing = [issue_id for issue_id in wanted if issue_id not in self._known]
            if missing and not self._is_all_known:
                self._searches += 1
                self._is_all_known = len(missing) > MAX_SEARCHED or self._searches > MAX_SEARCHES
                for path in self.paths("issues") if self._is_all_known else self._searched(search, missing):
                    for issue in self.read_issues(path):
                        self._known.setdefault(issue.id, issue)
        return {issue_id: self._known[issue_id] for issue_id in wanted if issue_id in self._known}

    def _searched(self, search: Callable[[str, Sequence[bytes]], Iterable[str]], issue_ids: Sequence[str]) -> list[str]:
        """The issues documents in which a search finds one of these ids as it stands in a heading."""
        words = [f"{issue_id} - ".encode() for issue_id in issue_ids]
        return [path for path in search(f"{self.store}/{layout.ISSUES}", words) if self.kind_of(path) == "issues"]

    def read_issues(self, path: str) -> tuple[Issue, ...]:
        """The issues of one document, its header left unread; none where it cannot be read."""
        if path not in self._loaded_issues:
            document = readable(path, self.read(path) or b"", header_too=False)
            self._loaded_issues[path] = parse_issues(document, tuple(self.policy.moves)).issues if document else ()
            self.rejected += [] if document else [path]
        return self._loaded_issues[path]

    def records(self, issue_id: str | None = None) -> list[DecisionRecord]:
        """Every decision record that can be read, or those on one issue, in order of id."""
        loaded = (self.load(path).record for path in self.paths("decision-record"))
        return [record for record in loaded if record and issue_id in (None, record.issue)]

    def find_record(self, record_id: str) -> DecisionRecord | None:
        """The decision record of that id, or None."""
        return self.load(f"{self.store}/{layout.DECISIONS}/{record_id}.md").record

    def _load(self, path: str) -> Loaded:
        data = self.read(path)
        kind = self.kind_of(path)
        if data is None or kind is None:
            return Loaded()
        try:
            document = parse(path, data)
        except RejectedError as error:
            return Loaded(findings=tuple(error.findings))
        if kind == "decision-record":
            return self._load_record(document)
        shipped = self._validate_shipped(document, self.templates.shipped(kind))
        findings = tuple(dict.fromkeys([*self._validate(document, self.templates.schema(kind)), *shipped]))
        if kind != "issues":
            return Loaded(document=document, findings=findings)
        issues = parse_issues(document, tuple(self.policy.moves))
        self._loaded_issues[path] = issues.issues
        return Loaded(document=document, issues=issues, findings=findings + issues.findings)

    def _load_record(self, document: GovernedDocument) -> Loaded:
        issue = document.text("issue")
        kind = self.templates.deciding(issue) or "decision-record"
        schema = self.templates.schema(kind, issue)
        names = tuple(schema.annotation("x-names") or ())
        record = DecisionRecord(document=document, values=document.values, kind=kind, names=names)
        shipped = self._validate_shipped(document, self.templates.shipped(kind, issue))
        findings = [*self._validate(document, schema), *shipped, *_misnamed(record)]
        return Loaded(document=document, record=record, findings=tuple(dict.fromkeys(findings)))

    def _validate(self, document: GovernedDocument, schema: Schema) -> Iterator[Finding]:
        yield from validate(document, schema, self.formats, now=self.now, extra=self.policy.extra_frontmatter)

    def _validate_shipped(self, document: GovernedDocument, shipped: Schema | None) -> Iterator[Finding]:
        """What breaks the shipped template that a store's own overrides: it may ask for more, and not for less."""
        if shipped is not None:
            yield from (found for found in self._validate(document, shipped) if found.rule is not rules.FIELD_UNKNOWN)


def _misnamed(record: DecisionRecord) -> Iterator[Finding]:
    name = record.path.rpartition("/")[2].removesuffix(".md")
    problems = {}
    if record.id and record.id != name:
        problems[f"`record_id` is {record.id}, the file is {name}.md"] = f"git mv {record.path} to {record.id}.md"
    if record.id and not record.id.startswith(f"{record.issue}-DR-"):
        message = f"record {record.id} does not belong to issue {record.issue or '(none)'}"
        problems[message] = "name the record after its issue"
    for message, fix in problems.items():
        yield rules.RECORD_MISNAMED.finding(record.path, message, fix, line=record.document.line_of("record_id"))
