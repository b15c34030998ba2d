"""The versions of a document, renames followed, through GitPython."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import git

from sotctl.git.repository import TRUE_OBJECTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A document as one commit left it; `data` is None where the commit removed it."""

    commit: str
    author: str
    committed_at: datetime
    message: str
    path: str
    data: bytes | None


def versions(top: Path, path: str, *, follow: bool = True) -> Iterator[Version]:
    """Every version of the document at *path*, the oldest first; with *follow*, under whatever name it had.

    Git follows copies too: a document that another one resembles is better not followed.
    """
    repository = git.Repo(top)
    repository.git.update_environment(**TRUE_OBJECTS, **_without_replace_refs())
    names = ("--format=%x00%H", "--name-only", "-z", *(["--follow"] if follow else []))
    listing = repository.git.execute(["git", "log", *names, "HEAD", "--", path], stdout_as_string=False)
    assert isinstance(listing, bytes)
    for entry in reversed(_entries(listing)):
        commit = repository.commit(entry[0])
        yield Version(
            commit=commit.hexsha,
            author=str(commit.author.name),
            committed_at=commit.committed_datetime,
            message=str(commit.message),
            path=entry[1],
            data=_blob(commit, entry[1]),
        )


def _without_replace_refs() -> dict[str, str]:
    """Options that disable replaced objects even if the repository's settings enable them, in git up to 2.41."""
    count = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    return {
        "GIT_CONFIG_COUNT": str(count + 1),
        f"GIT_CONFIG_KEY_{count}": "core.useReplaceRefs",
        f"GIT_CONFIG_VALUE_{count}": "false",
    }


def _entries(listing: bytes) -> list[tuple[str, str]]:
    """Commit and name pairs of a NUL-separated log: `NUL commit NUL LF name` for each."""
    parts = [part.strip(b"\n") for part in listing.split(b"\0")]
    words = [part.decode("utf-8", "surrogateescape") for part in parts if part]
    return list(zip(words[0::2], words[1::2], strict=False))


def _blob(commit: git.Commit, path: str) -> bytes | None:
    try:
        return bytes((commit.tree / path).data_stream.read())
    except KeyError:
        return None
