"""A real repository with the hooks in it, and what the tests of the gate do to it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from samples import TOKEN, in_process

Done = subprocess.CompletedProcess[str]
SECRET = f"token {TOKEN}\n"


@dataclass(frozen=True)
class Gated:
    """A repository, bare or not, at *path*."""

    path: Path

    def run(self, *command: str | bytes, stdin: str = "", cwd: Path | None = None, **environment: str) -> Done:
        """Run any program here and return how it went."""
        return subprocess.run(
            command,
            cwd=cwd or self.path,
            input=stdin,
            env={**os.environ, "LINES": "200", **environment},
            capture_output=True,
            text=True,
            errors="surrogateescape",
            check=False,
        )

    def sotctl(self, *arguments: str, **environment: str) -> Done:
        """Run sotctl in this process and return how it went."""
        return in_process(self.path, arguments, "", {"LINES": "200", **environment})

    def try_git(self, *arguments: str | bytes, stdin: str = "", cwd: Path | None = None, **environment: str) -> Done:
        """Run git and return how it went."""
        return self.run("git", *arguments, stdin=stdin, cwd=cwd, **environment)

    def git(self, *arguments: str | bytes, stdin: str = "", cwd: Path | None = None, **environment: str) -> str:
        """Run git, expect success, and return what it prints, without the last line end."""
        done = self.try_git(*arguments, stdin=stdin, cwd=cwd, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.removesuffix("\n")

    def ungated(self, *arguments: str, stdin: str = "") -> str:
        """Run git as if there were no hooks: this is how something gets past them."""
        return self.git("-c", "core.hooksPath=/dev/null", *arguments, stdin=stdin)

    def refused(self, *arguments: str | bytes, stdin: str = "", cwd: Path | None = None, **environment: str) -> str:
        """Run git, expect that the gate refuses and that no guarded ref moves; return what is said."""
        before = self.refs()
        done = self.try_git(*arguments, stdin=stdin, cwd=cwd, **environment)
        assert done.returncode != 0, done.stdout + done.stderr
        assert "is refused" in done.stderr, done.stderr
        assert TOKEN not in done.stderr + done.stdout
        assert self.refs() == before
        return done.stderr

    def refs(self) -> str:
        """Every guarded ref and what it names."""
        return self.git("for-each-ref", "refs/heads", "refs/tags", "refs/notes", "refs/stash")

    def write(self, name: str | bytes, data: bytes | str) -> None:
        """Write a file of the work tree."""
        path = self.path / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def commit(self, name: str = "notes.md", data: bytes | str = "plain\n", message: str = "Add notes") -> str:
        """Commit one file through the hooks, and return the id of the commit."""
        self.write(name, data)
        self.git("add", "--", name)
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    def bad_commit(
        self, *, parent: str = "HEAD", name: str = "leak.txt", data: str = SECRET, message: str = "x"
    ) -> str:
        """Make a commit that holds a secret, which no ref names; the index and the work tree stay as they are."""
        blob = self.git("hash-object", "-w", "--stdin", stdin=data)
        scratch = self.git("rev-parse", "--absolute-git-dir") + "/scratch-index"
        self.git("read-tree", parent, GIT_INDEX_FILE=scratch)
        self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", GIT_INDEX_FILE=scratch)
        tree = self.git("write-tree", GIT_INDEX_FILE=scratch)
        return self.git("commit-tree", tree, "-p", parent, "-m", message)

    def has_object(self, oid: str) -> bool:
        """Whether an object is here."""
        return self.try_git("cat-file", "-e", oid).returncode == 0

    def hook(self, name: str) -> Path:
        """Where git looks for a hook."""
        return self.path / self.git("rev-parse", "--git-path", f"hooks/{name}")


def create(path: Path, *options: str, hooks: bool = True) -> Gated:
    """Create a repository; without *hooks*, none of ours are in it."""
    path.mkdir(parents=True)
    gated = Gated(path)
    gated.git("init", "-q", *options)
    if hooks:
        done = gated.sotctl("hooks", "install")
        assert done.returncode == 0, done.stderr
    return gated
