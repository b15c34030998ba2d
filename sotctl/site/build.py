"""The pages of a site, one after the other: name and bytes."""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import jinja2
from markupsafe import Markup

from sotctl.admissions.admission import Admission
from sotctl.documents.issues import Issue
from sotctl.issues.graph import OPEN
from sotctl.secrets import scan_all
from sotctl.site.markdown import render
from sotctl.site.model import Site, admission_id, run_id

ISSUES_PER_PAGE = 200
EVENTS_PER_PAGE = 200
CARDS = 40
_BATCH = 200
_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r'href="([^"]*)"')
_TREE_DEPTH, _TREE_WIDTH, _TREES_PER_PAGE = 5, 30, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page to be written: its name, its template, and the values that it shows."""

    name: str
    template: str
    title: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """An issue in the graph and those that wait for it; `more` counts those that are left out here."""

    issue: Issue
    children: tuple[Branch, ...] = ()
    more: int = 0
    is_repeated: bool = False


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every page of a site; one whose text holds what looks like a secret says so instead."""
    builder = _Builder(site)
    for batch in _batches(_all_pages(site), _BATCH):
        bodies = [builder.body(page) for page in batch]
        found = scan_all((_visible(body).encode("utf-8", "surrogatepass"), "") for body in bodies)
        for page, body, secrets in zip(batch, bodies, found, strict=True):
            yield page.name, builder.whole(page, builder.withheld(page, secrets[0].rule) if secrets else body)


def _visible(body: str) -> str:
    """The visible text without tags, since markup or escapes may cut a token in two."""
    return html.unescape("\n".join([_TAG.sub("", body), *_HREF.findall(body)]))


def _batches(items: Iterable[_Page], size: int) -> Iterator[list[_Page]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


class _Builder:
    """Renders pages with the templates of `pages/`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.environment = jinja2.Environment(
            loader=jinja2.PackageLoader("sotctl.site", "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(site=site, admission_id=admission_id, run_id=run_id, OPEN=OPEN)
        self.environment.filters["day"] = lambda at: at.strftime("%Y-%m-%d")
        self.environment.filters["minute"] = lambda at: at.strftime("%Y-%m-%d %H:%M")

    def body(self, page: _Page) -> str:
        """The content of a page between head and foot."""
        root = "../" * page.name.count("/")
        addresses = self.site.addresses
        but = str(page.values.get("id", ""))
        linked = partial(addresses.linked, root=root, but=but)
        return self.environment.get_template(f"{page.template}.html").render(
            **page.values,
            title=page.title,
            root=root,
            link=partial(addresses.link, root=root),
            linked=linked,
            markdown=partial(render, linked=linked),
        )

    def withheld(self, page: _Page, rule: str) -> str:
        """The body of a page that cannot be shown."""
        root = "../" * page.name.count("/")
        return self.environment.get_template("withheld.html").render(rule=rule, root=root)

    def whole(self, page: _Page, body: str) -> bytes:
        """The page with its head, its policy and its navigation."""
        script = self.script if page.template == "search" else ""
        scripts = f" script-src 'sha256-{_digest(script)}';" if script else ""
        style = f"default-src 'none'; style-src 'sha256-{_digest(self.style)}';"
        policy = f"{style}{scripts} base-uri 'none'; form-action 'none'"
        text = self.environment.get_template("base.html").render(
            title=page.title,
            root="../" * page.name.count("/"),
            body=Markup(body),
            policy=policy,
            style=Markup(self.style),
            script=Markup(script),
            here=page.name,
        )
        return text.encode("utf-8", "replace")

    @cached_property
    def style(self) -> str:
        """The style sheet, as it stands between its tags."""
        return self._source("style.css")

    @cached_property
    def script(self) -> str:
        """The script of the search page."""
        return self._source("search.js")

    def _source(self, name: str) -> str:
        assert self.environment.loader is not None
        return self.environment.loader.get_source(self.environment, name)[0]


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _all_pages(site: Site) -> Iterator[_Page]:
    yield _Page(name="index.html", template="index", title="Overview", values={})
    yield _Page(name="board.html", template="board", title="Board", values={"cards": CARDS})
    yield _Page(name="search.html", template="search", title="Search", values={"index": _search_index(site)})
    yield from _graph_pages(site)
    yield from _list_pages("timeline", "Timeline", list(reversed(site.timeline.events)), "timeline", EVENTS_PER_PAGE)
    yield from _list_pages("issues/index", "Issues", list(site.issues.values()), "issues", ISSUES_PER_PAGE)
    for status, issues in site.statuses.items():
        title = f"Issues: {status}"
        yield from _list_pages(f"issues/status-{status}", title, issues, "issues", ISSUES_PER_PAGE)
    yield from _thing_pages(site)


def _thing_pages(site: Site) -> Iterator[_Page]:
    for issue in site.issues.values():
        title, source = f"{issue.id} - {issue.title}", _section(site, issue)
        yield _thing(site, "issues", issue.id, title, issue=issue, source=source)
    for record in site.records:
        chain, source = site.chain(record), record.document.body.decode("utf-8", "replace")
        yield _thing(site, "decisions", record.id, f"Decision {record.id}", record=record, chain=chain, source=source)
    for admission in site.admissions:
        title, chains = f"Admission {'/'.join(admission.pair)}", _chains_of(site, admission)
        yield _thing(site, "admissions", admission_id(admission), title, admission=admission, chains=chains)
    for run in site.runs:
        values = {"run": run, "record": site.record_of(run), "admission": site.admission_of(run)}
        yield _thing(site, "runs", run_id(run), f"Run {run.text('run_id')}", **values)


def _thing(site: Site, folder: str, id_: str, title: str, **values: object) -> _Page:
    """The page of a thing; its template is called as its folder is, without the plural."""
    name = site.addresses.page(folder, id_)
    assert name is not None
    return _Page(name=name, template=folder.removesuffix("s"), title=title, values={"id": id_, **values})


def _list_pages(name: str, title: str, items: Sequence[Any], template: str, size: int) -> Iterator[_Page]:
    """A list in pages of *size*; the first has the plain name."""
    count = max(1, -(-len(items) // size))
    names = [f"{name}.html" if number == 0 else f"{name}-page-{number + 1}.html" for number in range(count)]
    for number, page in enumerate(names):
        values = {
            "items": items[number * size : (number + 1) * size],
            "total": len(items),
            "names": [one.rpartition("/")[2] for one in names],
            "number": number,
        }
        suffix = f", page {number + 1} of {count}" if count > 1 else ""
        yield _Page(name=page, template=template, title=title + suffix, values=values)


def _section(site: Site, issue: Issue) -> str:
    """The Markdown of an issue below its heading."""
    data = site.snapshot.read(issue.path) or b""
    section = data[issue.start : issue.end]
    return section.partition(b"\n")[2].decode("utf-8", "replace")


def _chains_of(site: Site, admission: Admission) -> list[Any]:
    """The chains of an admission: that of the record it names, and those of earlier records of the same pair."""
    named = admission.text("decision_record")
    records = [record for record in site.records if record.id == named or record.named == admission.pair]
    return [site.chain(record) for record in reversed(records)]


def _graph_pages(site: Site) -> Iterator[_Page]:
    roots = [
        issue
        for id_, issue in site.issues.items()
        if site.waited_by.get(id_) and not any(name in site.issues for name in site.waits[id_])
    ]
    trees = list(_trees(site, roots))
    for page in _list_pages("graph", "Blocked by", trees, "graph", _TREES_PER_PAGE):
        others = [issue for issue in site.statuses.get("blocked", []) if not site.waits[issue.id]]
        is_first = page.name == "graph.html"
        yield _Page(
            name=page.name,
            template=page.template,
            title=page.title,
            values={**page.values, "others": others[:ISSUES_PER_PAGE] if is_first else [], "left": len(others)},
        )


def _trees(site: Site, roots: Sequence[Issue]) -> Iterator[Branch]:
    """A tree for each root, and one for each issue where a tree was cut because it is deep or wide."""
    seen: set[str] = set()
    queue = deque(roots)
    while queue:
        issue = queue.popleft()
        if issue.id not in seen:
            yield _branch(site, issue, seen, queue, 0)


def _branch(site: Site, issue: Issue, seen: set[str], cut: deque[Issue], depth: int) -> Branch:
    """An issue with those that wait for it; each has its own branch once, and *cut* gathers where trees go on."""
    if issue.id in seen:
        return Branch(issue=issue, is_repeated=True)
    waiting = [site.issues[name] for name in site.waited_by.get(issue.id, [])]
    if depth >= _TREE_DEPTH and waiting:
        cut.append(issue)
        return Branch(issue=issue, more=len(waiting))
    seen.add(issue.id)
    shown, left = waiting[:_TREE_WIDTH], waiting[_TREE_WIDTH:]
    cut.extend(one for one in left if site.waited_by.get(one.id))
    children = tuple(_branch(site, one, seen, cut, depth + 1) for one in shown)
    return Branch(issue=issue, children=children, more=len(left))


def _search_index(site: Site) -> Markup:
    """Kind, text and page of everything, as JSON that may stand in a script element."""
    rows: list[tuple[str, str, str]] = []
    for issue in site.issues.values():
        rows.append((issue.status or "issue", f"{issue.id} {issue.title[:200]}", _page_of(site, "issues", issue.id)))
    for record in site.records:
        text = f"{record.id} {'/'.join(record.named)} {record.document.text('approval_source')}"
        rows.append(("decision", text.strip(), _page_of(site, "decisions", record.id)))
    for admission in site.admissions:
        text = f"{'/'.join(admission.pair)} {admission.text('status')}"
        rows.append(("admission", text, _page_of(site, "admissions", admission_id(admission))))
    for run in site.runs:
        text = f"{run.text('run_id')} {run.text('provider')}/{run.text('model')}"
        rows.append(("run", text, _page_of(site, "runs", run_id(run))))
    written = json.dumps(rows, separators=(",", ":"), ensure_ascii=True)
    return Markup(written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _page_of(site: Site, folder: str, id_: str) -> str:
    return site.addresses.page(folder, id_) or ""
