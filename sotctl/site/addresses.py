"""Where each thing has its page, and how text links to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from sotctl.digests import sha256
from sotctl.documents.layout import in_file_name

_ID = re.compile(r"(?<![A-Za-z0-9-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+(?![A-Za-z0-9-])")
_MOST_NAME = 80
_MOST_TEXT = 50_000


class Addresses:
    """The page of every issue, record, admission and run, relative to the top of the site.

    A plain file name is kept; any other name, or one that is taken (ignoring case), gets a digest. So no name in a
    document leads out of the folder of the site.
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._pages: dict[tuple[str, str], str] = {}
        taken: set[str] = set()
        for folder, ids in names.items():
            for id_ in ids:
                page = f"{folder}/{_file_name(id_)}.html"
                if page.casefold() in taken:
                    page = f"{folder}/{_file_name(id_)[:_MOST_NAME]}-{sha256(id_.encode('utf-8', 'replace'))[:12]}.html"
                taken.add(page.casefold())
                self._pages[folder, id_] = page

    def page(self, folder: str, id_: str) -> str | None:
        """The page of a thing, or None where it has none."""
        return self._pages.get((folder, id_))

    def link(self, folder: str, id_: str, root: str, text: str = "") -> Markup:
        """A link to a thing, or its name alone where it has no page."""
        page = self.page(folder, id_)
        shown = Markup("<bdi>%s</bdi>") % (text or id_)
        return Markup('<a href="%s%s">%s</a>') % (root, page, shown) if page else shown

    def linked(self, text: str, root: str, *, but: str = "") -> Markup:
        """*text* as HTML, with the ids of issues and records as links, apart from *but*."""
        if len(text) > _MOST_TEXT:
            text = f"{text[:_MOST_TEXT]} …"
        parts: list[Markup | str] = []
        done = 0
        for match in _ID.finditer(text):
            id_ = match[0]
            folder = next((name for name in ("issues", "decisions") if (name, id_) in self._pages), None)
            if folder is None or id_ == but:
                continue
            parts += [escape(text[done : match.start()]), self.link(folder, id_, root)]
            done = match.end()
        return Markup("").join([*parts, escape(text[done:])])


def _file_name(id_: str) -> str:
    name = in_file_name(id_)
    if name == id_ and len(id_) <= _MOST_NAME and not id_.startswith((".", "page-", "status-", "index")):
        return name
    return f"{name.lstrip('.')[:_MOST_NAME]}-{sha256(id_.encode('utf-8', 'replace'))[:12]}"
