"""Reads the name of a file: whether it holds a record, and its number or date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sotctl.documents.dates import parse_date
from sotctl.issues.importing.words import bare, forms

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn", ".mdx")
_TEXTS = (*MARKDOWN, ".txt", ".text")
_INDEX = re.compile(
    r"_?(?:read[-_ ]?me|index|toc|contents|summary|sidebar|contributing|changelog|licen[cs]e|code[-_ ]of[-_ ]conduct)"
    r"(?:[-_.][a-z]{2}(?:[-_][a-z]{2,4})?)?"
)
_NUMBERED_INDEX = re.compile(r"0+[-_. ]+(?:adr[-_. ]*)?(?:read[-_ ]?me|index|toc|contents)")
_TEMPLATE_WORDS = forms(
    """
adr adrs madr record records decision decisions architecture architectural nygard short long full bare minimal new
en fr de es it pt nl the of a for example blank empty mini
"""
)
_TEMPLATES = forms("template templates tmpl tpl vorlage modele gabarit plantilla modello modelo sjabloon szablon mall")
_DATE = re.compile(r"(?:adr[-_ .]?)?(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:(?:adr|madr|ad|dr|dec|decision|rfc|record|arch)s?[-_ .#]*)*0*(\d+)(?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """The number of a record, and whether it is a date."""

    number: int
    is_date: bool = False


def ending(name: str) -> str:
    """The ending of a file name in lower case, with its point."""
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def stem(name: str) -> str:
    """A file name without a text ending."""
    return name[: -len(ending(name))] if ending(name) in _TEXTS else name


def why_not(path: str) -> str:
    """Why the file at *path*, relative to the folder, cannot be a record by its name; "" if it can."""
    folder, _, name = path.rpartition("/")
    if not path.isprintable():
        return "its name holds what cannot be shown"
    if ending(name) not in MARKDOWN:
        return "not Markdown"
    base = bare(stem(name))
    if (_INDEX.fullmatch(base) and not numbered(folder.rpartition("/")[2])) or _NUMBERED_INDEX.fullmatch(base):
        return "an index or a text about the folder, by its name"
    parts = {word for word in re.split(r"[^a-z]+", base) if word}
    if parts & _TEMPLATES and parts <= _TEMPLATES | _TEMPLATE_WORDS:
        return "a template, by its name"
    return ""


def number_of(path: str) -> Numbered | None:
    """The number or date in the name of a file, or of its folder where the file is that folder's index."""
    folder, _, name = path.rpartition("/")
    if _INDEX.fullmatch(bare(stem(name))):
        return numbered(folder.rpartition("/")[2])
    return numbered(stem(name))


def numbered(text: str) -> Numbered | None:
    """The number or date that a name begins with."""
    if (match := _DATE.match(text)) and parse_date("-".join(match.groups())) and "1970" < match[1] < "2100":
        return Numbered(number=int("".join(match.groups())), is_date=True)
    match = _NUMBER.match(text)
    return Numbered(number=int(match[1])) if match and len(match[1]) < 20 else None


def title_from(path: str) -> str:
    """A title made from a file name, for a record that has none."""
    folder, _, name = path.rpartition("/")
    base = folder.rpartition("/")[2] if _INDEX.fullmatch(bare(stem(name))) else stem(name)
    match = _DATE.match(base) or _NUMBER.match(base)
    rest = base[match.end() :] if match else base
    return " ".join(re.split(r"[-_\s]+", rest.strip("-_ ."))).strip() or base
