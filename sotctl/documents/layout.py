"""Where things lie in a store (docs/reference/store.md). Paths are relative to the top of the repository, with `/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

STORE = ".sot"
CONFIGURATION = "sot.toml"
DECISIONS = "01-DECISIONS"
ISSUES = "02-ISSUES"
PROTOCOLS = "03-PROTOCOLS"
EVIDENCE = "04-EVIDENCE"
SCHEMA_SUFFIX = ".schema.json"
TEMPLATES = "templates"
DIRECTORIES = (DECISIONS, ISSUES, PROTOCOLS, EVIDENCE, TEMPLATES)
_SHORT_NAME = "sot~1"
_UNSEEN = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])
ADMISSION_PREFIX = "CTO-CASE-MODEL-PROVIDER-ADMISSION."


def in_file_name(text: str) -> str:
    """*text* as a part of a file name: what is not in `[A-Za-z0-9._-]` becomes `_` (docs/reference/admissions.md)."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)


def admission_name(provider: str, model: str) -> str:
    """The file name of a pair's admission."""
    return f"{ADMISSION_PREFIX}{in_file_name(provider)}-{in_file_name(model)}.json"


FOLDERS = {"issues": ISSUES, "decision-record": DECISIONS, "admission": PROTOCOLS, "evidence-record": EVIDENCE}
"""The folder that holds all documents of a kind, for those that have one."""


def kind_of(relative: str) -> str | None:
    """The kind of document a path inside the store holds, or None for a file that is not governed as one."""
    folder, _, name = relative.partition("/")
    if folder == TEMPLATES:
        return None
    if relative == CONFIGURATION:
        return "sot"
    if folder == PROTOCOLS and name.startswith(ADMISSION_PREFIX) and name.endswith(".json"):
        return "admission"
    if not relative.endswith(".md"):
        return None
    return {DECISIONS: "decision-record", ISSUES: "issues", EVIDENCE: "evidence-record"}.get(folder, "sot-document")


def store_of(path: str) -> str | None:
    """The store a repository path lies in, or is: the path up to its first `.sot`, or None."""
    parts = path.split("/")
    if STORE not in parts:
        return None
    return "/".join(parts[: parts.index(STORE) + 1])


def store_path(named: str) -> str:
    """The path of a store as `[store] also` names it: the folder itself, or the one that holds it."""
    path = named.removeprefix("./").strip("/")
    return path if path.rpartition("/")[2] == STORE else f"{path}/{STORE}"


def top_store(stores: Collection[str], also: Callable[[str], Collection[str]]) -> str | None:
    """The store at the top of a repository; None where that is ambiguous.

    It is the only one, else the one at the root, else the one whose configuration names all others.

    Args:
        stores: The path of every `.sot` in the repository.
        also: What `[store] also` of a store names.
    """
    if STORE in stores:
        return STORE
    if len(stores) == 1:
        return next(iter(stores))
    naming = [store for store in stores if set(stores) - {store} <= set(also(store))]
    return naming[0] if len(naming) == 1 else None


def is_twin(name: str) -> bool:
    """Whether some file system treats a name as `.sot` although it differs.

    Those of macOS and Windows ignore case. HFS+ ignores invisible characters; NTFS ignores spaces and points at the end
    and a stream name, and also finds a file by its short name. Git does the same check for `.git` (`is_hfs_dotgit` and
    `is_ntfs_dotgit` in its `utf8.c` and `path.c`).
    """
    seen = name if name.isascii() else name.translate(_UNSEEN)
    return name != STORE and seen.casefold().partition(":")[0].rstrip(". ") in (STORE, _SHORT_NAME)


def folded(path: str) -> str:
    """A path in the form that the least exact file systems compare.

    macOS treats `é` as one character and as two (NFC, NFD) alike, HFS+ ignores invisible characters, Windows ignores
    points and spaces at the end of a name, and all of them ignore case.
    """
    if not path.isascii():
        from unicodedata import normalize  # seldom needed, and every hook imports this file

        path = normalize("NFD", path.translate(_UNSEEN)).casefold()
        path = normalize("NFD", path)
    return "/".join(part.rstrip(". ") or part for part in path.casefold().split("/"))


def may_concern_store(path: str) -> bool:
    """A quick check: False where no part of a path can be a store or a look-alike of `.sot`."""
    folded = path.casefold()
    if path.isascii() and STORE not in folded and _SHORT_NAME not in folded:
        return False
    return STORE in folded or any(is_twin(part) for part in path.split("/"))
