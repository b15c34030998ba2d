"""Markdown as HTML in which nothing of the text is markup: raw HTML becomes text, and only web links are links.

pyromark parses (CommonMark with tables and strike-through); every tag that is written comes from the tables here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyromark
from markupsafe import Markup, escape

Linked = Callable[[str], Markup]
"""Text as HTML, with the ids that have a page as links."""

MOST_BYTES = 256 << 10
"""The most of one text that a page shows."""

_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_TASKLISTS
_TAGS = {
    "Paragraph": "p",
    "BlockQuote": "blockquote",
    "Item": "li",
    "Emphasis": "em",
    "Strong": "strong",
    "Strikethrough": "del",
    "TableHead": "tr",
    "TableRow": "tr",
}
_WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.IGNORECASE)


def render(text: str, linked: Linked, *, top: int = 3) -> Markup:
    """*text* as HTML; its headings begin at level *top*, so that a page keeps one outline."""
    cut = len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES
    walk = _Walk(linked, top)
    for event in pyromark.events(text[:MOST_BYTES] if cut else text, options=_OPTIONS):
        walk.take(event)
    html = Markup("").join(walk.parts)
    return html + Markup('<p class="note">The rest of this text is left out; the file has it.</p>') if cut else html


class _Walk:
    """Follows the parser's events and gathers HTML."""

    def __init__(self, linked: Linked, top: int) -> None:
        self.linked, self.top = linked, top
        self.parts: list[Markup] = []
        self.closing: list[str] = []
        self.in_code = self.in_link = False

    def take(self, event: Any) -> None:
        """Add what one event stands for."""
        if isinstance(event, str):
            self.parts.append(
                {"SoftBreak": Markup("\n"), "HardBreak": Markup("<br>\n"), "Rule": Markup("<hr>\n")}.get(
                    event, Markup("")
                )
            )
            return
        kind, value = next(iter(event.items()))
        if kind == "Start":
            name = value if isinstance(value, str) else next(iter(value))
            self.start(name, value[name] if isinstance(value, dict) else None)
        elif kind == "End":
            self.end()
        elif kind == "Code":
            self.parts.append(Markup("<code>%s</code>") % self.text(value))
        elif kind == "TaskListMarker":
            self.parts.append(Markup("☑ " if value else "☐ "))
        elif isinstance(value, str):
            self.parts.append(self.text(value))

    def text(self, value: str) -> Markup:
        """A piece of text; inside a link or a code block, ids are not linked."""
        return escape(value) if self.in_code or self.in_link else self.linked(value)

    def start(self, name: str, value: Any) -> None:
        """Open what begins; its closing tag is kept for its end."""
        opening, closing = self.tags(name, value)
        self.parts.append(Markup(opening))
        self.closing.append(closing)

    def tags(self, name: str, value: Any) -> tuple[str, str]:
        """The opening and the closing tag of what begins, "" where it has none."""
        if name == "Heading":
            level = min(int(value["level"][1]) + self.top - 1, 6)
            return f"<h{level}>", f"</h{level}>\n"
        if name == "List":
            start = "" if value in (None, 1) else f' start="{int(value)}"'
            return (f"<ol{start}>\n", "</ol>\n") if value is not None else ("<ul>\n", "</ul>\n")
        if name == "CodeBlock":
            self.in_code = True
            return '<pre tabindex="0"><code>', "</code></pre>\n"
        if name == "Table":
            return '<div class="wide"><table>\n', "</table></div>\n"
        if name == "TableCell":
            return "<td>", "</td>"
        if name == "Link":
            return self.link(str(value["dest_url"]))
        if name == "Image":
            return "[image: ", "]"
        tag = _TAGS.get(name)
        return (
            (f"<{tag}>", f"</{tag}>\n" if tag in ("p", "li", "tr", "blockquote") else f"</{tag}>") if tag else ("", "")
        )

    def link(self, url: str) -> tuple[str, str]:
        """A link to the web; of any other, the text alone stays."""
        if self.in_link or not _WEB.fullmatch(url):
            return "", ""
        self.in_link = True
        return f'<a href="{escape(url)}" rel="noreferrer noopener">', "</a>"

    def end(self) -> None:
        """Close what was opened last."""
        closing = self.closing.pop()
        self.in_code = self.in_code and not closing.startswith("</code>")
        self.in_link = self.in_link and closing != "</a>"
        self.parts.append(Markup(closing))
