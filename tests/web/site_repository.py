"""A store with everything on it, and its site."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from samples import ADMISSION_PATH, START, Repository, decided, evidence_of_a_pass
from sotctl.site.build import pages
from sotctl.site.read import read_site
from sotctl.site.write import write_site
from sotctl.store.store import Store

RUN_ID = "20260601T101500Z-r1-string-slugify-4711"
HEAD = START[next(iter(START))].partition(b"\n---\n")[0] + b"\n---\n\n# More\n\n"
DECIDED = {**START, **decided(START).files}


def evidence() -> bytes:
    """The record of a pass with the admission of the store."""
    return evidence_of_a_pass(DECIDED[ADMISSION_PATH], run_id=RUN_ID)


def issues(text: str) -> bytes:
    """An issues document with this text."""
    return HEAD + text.encode()


def commit(repository: Repository, files: Mapping[str, bytes]) -> None:
    """Commit files, whatever the hooks would say, always at the same instant."""
    for path, data in files.items():
        repository.write(path, data)
    when = "2026-06-01T12:00:00Z"
    repository.git("add", "-A")
    repository.git("config", "core.hooksPath", "/dev/null")
    subprocess.run(
        ["git", "commit", "-qm", "Write the store"],
        cwd=repository.path,
        check=True,
        env={**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
    )


def build(path: Path, out: Path) -> int:
    """Write the site of the repository at *path*."""
    store = Store(top=path, folder=".sot")
    try:
        return write_site(out, pages(read_site(store)))
    finally:
        store.objects.close()


def read(out: Path) -> dict[str, str]:
    """Every page of a site by name."""
    return {path.relative_to(out).as_posix(): path.read_text() for path in sorted(out.rglob("*.html"))}
