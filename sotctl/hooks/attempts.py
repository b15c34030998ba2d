"""The attempts of the drill: ways in which something that breaks a rule could reach a guarded ref."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sotctl.git.repository import Git
from sotctl.hooks.throwaway import Throwaway, Try


def _commit(*options: str) -> Try:
    def attempt(clone: Throwaway) -> None:
        clone.stage()
        clone.git.run("commit", "-m", "x", *options)

    return attempt


def _git(*arguments: str) -> Try:
    """A git command in which BAD stands for the bad commit and TOKEN for the secret."""

    def attempt(clone: Throwaway) -> None:
        token = clone.token.strip()
        clone.git.run(*(argument.replace("BAD", clone.bad).replace("TOKEN", token) for argument in arguments))

    return attempt


def _behind(clone: Throwaway) -> None:
    """A branch whose tip is clean and whose history is not."""
    tip = clone.free.text("commit-tree", "HEAD^{tree}", "-p", clone.bad, "-m", "Take it out again")
    clone.git.run("branch", "behind", tip)


def _revert(clone: Throwaway) -> None:
    """The revert of a removal: the blob is in the history already."""
    start = clone.free.text("rev-parse", "HEAD")
    removed = clone.free.text("commit-tree", f"{start}^{{tree}}", "-p", clone.bad, "-m", "Take it out")
    clone.free.output("reset", "-q", "--hard", removed)
    clone.git.run("revert", "--no-edit", "HEAD")
    if clone.free.text("rev-parse", "HEAD") == removed:
        clone.free.output("reset", "-q", "--hard", start)


def _rebase(clone: Throwaway) -> None:
    clone.stage("clean.txt", "clean\n")
    clone.free.output("commit", "-q", "-m", "A clean commit")
    before = clone.free.text("rev-parse", "drill")
    clone.git.run("rebase", clone.bad)
    if clone.free.text("rev-parse", "drill") == before:
        clone.free.run("rebase", "--abort")
        clone.free.output("reset", "-q", "--hard", "HEAD~1")


def _am(clone: Throwaway) -> None:
    clone.git.run("am", stdin=clone.free.output("format-patch", "--stdout", "-1", clone.bad))


def _fast_import(clone: Throwaway) -> None:
    stream = f"reset refs/heads/imported\nfrom {clone.bad}\n"
    clone.git.run("fast-import", "--quiet", stdin=stream.encode())


def _elsewhere(clone: Throwaway) -> Git:
    """Another repository, without hooks, that has the bad commit on its branch."""
    folder = Path(os.fspath(clone.git.top)).parent / "elsewhere"
    if not folder.exists():
        clone.free.output("clone", "-q", "--bare", "--no-tags", ".", str(folder))
        clone.free.output("push", "-q", "--no-verify", str(folder), f"{clone.bad}:refs/heads/bad")
    return Git(folder)


def _fetch(clone: Throwaway) -> None:
    clone.git.run("fetch", os.fspath(_elsewhere(clone).top), "bad:fetched")


def _push(clone: Throwaway) -> None:
    _elsewhere(clone).run("push", "--no-verify", os.fspath(clone.git.top), "bad:pushed")


def _stash(clone: Throwaway) -> None:
    clone.stage()
    clone.git.run("stash")


def _named(clone: Throwaway) -> None:
    clone.stage(f"{clone.token.strip()}.txt", "clean\n")
    clone.git.run("commit", "--no-verify", "-m", "x")


def _filtered(clone: Throwaway) -> None:
    """A clean filter puts the secret in; the work tree never holds it."""
    clone.git.run("config", "filter.drill.clean", f"sed s/NAME/{clone.token.strip()}/")
    clone.stage(".gitattributes", "drill.txt filter=drill\n")
    clone.stage("drill.txt", "NAME\n")
    clone.git.run("commit", "--no-verify", "-m", "x")


def _hidden(clone: Throwaway) -> None:
    clone.stage(".gitattributes", "*.txt -diff binary\n")
    clone.stage()
    clone.git.run("commit", "--no-verify", "-m", "x")


def _document(clone: Throwaway) -> None:
    clone.stage(".sot/02-ISSUES/drill.md", "No header.\n")
    clone.git.run("commit", "--no-verify", "-m", "x")


def _linked(clone: Throwaway) -> None:
    folder = clone.top / ".sot" / "02-ISSUES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "drill.md").symlink_to("elsewhere.md")
    clone.git.run("add", "-f", ".sot/02-ISSUES/drill.md")
    clone.git.run("commit", "--no-verify", "-m", "x")


ATTEMPTS: Mapping[str, Try] = {
    "commit": _commit(),
    "commit --no-verify": _commit("--no-verify"),
    "commit --amend --no-verify": _commit("--no-verify", "--amend"),
    "commit-tree and update-ref": _git("update-ref", "refs/heads/drill", "BAD"),
    "reset --soft to a bad commit": _git("reset", "-q", "--soft", "BAD"),
    "branch at a bad commit": _git("branch", "new", "BAD"),
    "branch -f to a bad commit": _git("branch", "-f", "new", "BAD"),
    "branch whose history is bad": _behind,
    "fast-forward": _git("merge", "-q", "--ff-only", "BAD"),
    "merge --no-verify": _git("merge", "-q", "--no-ff", "--no-verify", "-m", "x", "BAD"),
    "cherry-pick": _git("cherry-pick", "BAD"),
    "revert of its removal": _revert,
    "rebase": _rebase,
    "am": _am,
    "fetch into a branch": _fetch,
    "push from elsewhere": _push,
    "fast-import": _fast_import,
    "secret in a message": _git("commit", "--no-verify", "--allow-empty", "-m", "See TOKEN"),
    "secret in an author": _git("commit", "--no-verify", "--allow-empty", "-m", "x", "--author", "TOKEN <a@b.c>"),
    "secret in a tag message": _git("tag", "-a", "drill", "-m", "TOKEN"),
    "tag at a bad commit": _git("tag", "drill", "BAD"),
    "secret in a note": _git("notes", "add", "-m", "TOKEN"),
    "secret in a stash": _stash,
    "secret in a path": _named,
    "secret in a ref name": _git("branch", "TOKEN"),
    "secret put in by a filter": _filtered,
    "secret in a file marked binary": _hidden,
    "document without a header": _document,
    "symbolic link in a store": _linked,
}
