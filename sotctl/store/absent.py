"""Why there is no store, or no work tree, where one was looked for."""

from __future__ import annotations

import os
from pathlib import Path

from sotctl.documents import layout
from sotctl.documents.quote import counted
from sotctl.errors import Command, SotError
from sotctl.git.refused import is_outside, why_refused
from sotctl.git.repository import Git


class NoStoreError(SotError):
    """There is no store, or no repository around it."""


def no_work_tree(path: Path, said: bytes) -> NoStoreError:
    """The error for a path in which git found no work tree; *said* is what git wrote to stderr."""
    if b"must be run in a work tree" in said:
        return bare()
    message, hint = why_refused(path, said)
    return NoStoreError(message, hint=hint)


def no_store(path: Path, reason: str, hint: str = "sotctl init") -> NoStoreError:
    """The error for a path without a store: git's own where it refuses, and that of a store that is not checked out."""
    if not path.is_dir():
        return NoStoreError(reason, hint=hint)
    found = Git(path).run("rev-parse", "--is-bare-repository", "--show-toplevel")
    if found.stdout.startswith(b"true"):
        return bare()
    if found.returncode != 0:
        return NoStoreError(reason, hint=hint) if is_outside(found.stderr) else no_work_tree(path, found.stderr)
    top = Path(os.fsdecode(found.stdout.partition(b"\n")[2]).removesuffix("\n"))
    return not_checked_out(top, layout.STORE) or NoStoreError(reason, hint=hint)


def bare() -> NoStoreError:
    """The error for a repository that has no work tree."""
    return NoStoreError("this is a bare repository, without a work tree", hint="run it in a clone")


def not_checked_out(top: Path, folder: str) -> NoStoreError | None:
    """The error for a store that is in the index and not, or not whole, in the work tree; None where it is.

    Part of a store may be left out by a sparse checkout; a store that is gone altogether was deleted.
    """
    is_sparse = (_git_dir(top) / "info" / "sparse-checkout").is_file()
    if not is_sparse and (top / folder).is_dir():
        return None
    listed = os.fsdecode(Git(top).run("ls-files", "-t", "-z", "--", folder).stdout).split("\0")
    skipped = [name[2:] for name in listed if name.startswith("S ")]
    if skipped:
        many = "it is" if not (top / folder).is_dir() else f"{counted(len(skipped), 'file')} of it are"
        many = "one file of it is" if many.startswith("1 ") else many
        reason = f"git tracks {folder}, and {many} not checked out: this is a sparse checkout"
        return NoStoreError(reason, hint=Command(f"git sparse-checkout add {folder}"))
    is_untouched = not (_git_dir(top) / "index").exists() and Git(top).succeeds("cat-file", "-e", f"HEAD:{folder}")
    if is_untouched:
        return NoStoreError(f"git tracks {folder}, and nothing is checked out here", hint=Command("git reset --hard"))
    if any(listed) and not (top / folder).is_dir():
        return NoStoreError(
            f"git tracks {folder}, and it is not in the work tree", hint=Command(f"git restore {folder}")
        )
    return None


def _git_dir(top: Path) -> Path:
    """The git directory of a work tree, without asking git."""
    try:
        return top / (top / ".git").read_text("utf-8").removeprefix("gitdir: ").strip()
    except (OSError, UnicodeDecodeError):
        return top / ".git"
