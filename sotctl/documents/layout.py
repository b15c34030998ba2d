"""Where things lie in a store (SPEC section 2). Paths are relative to the top of the repository, with `/`."""

from __future__ import annotations

import re

STORE = ".sot"
CONFIGURATION = "sot.toml"
DECISIONS = "01-DECISIONS"
ISSUES = "02-ISSUES"
PROTOCOLS = "03-PROTOCOLS"
EVIDENCE = "04-EVIDENCE"
TEMPLATES = "templates"
DIRECTORIES = (DECISIONS, ISSUES, PROTOCOLS, EVIDENCE, TEMPLATES)
ADMISSION_PREFIX = "CTO-CASE-MODEL-PROVIDER-ADMISSION."


def in_file_name(text: str) -> str:
    """A text as a part of a file name; characters outside `[A-Za-z0-9._-]` become `_` (SPEC section 6)."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)


def admission_name(provider: str, model: str) -> str:
    """The file name of a pair's admission."""
    return f"{ADMISSION_PREFIX}{in_file_name(provider)}-{in_file_name(model)}.json"


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
    """The store a repository path lies in: the path up to its first `.sot`, or None."""
    parts = path.split("/")
    if STORE not in parts[:-1]:
        return None
    return "/".join(parts[: parts.index(STORE) + 1])
