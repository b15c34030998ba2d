"""What an update of refs makes reachable: the refs that are guarded, and the objects that are new to them."""

from __future__ import annotations

import os

from sotctl.git.diff import commit_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sotctl.git.repository import Git, Objects

GUARDED = ("refs/heads/", "refs/tags/", "refs/notes/", "refs/stash", "refs/namespaces/")
"""What is guarded where nothing else is named: a prefix that ends in `/`, or a whole name."""
UPSTREAM = "refs/remotes/"


class RefUpdate:
    """One line that git gives a hook: a ref and the object it will name, `""` where it is deleted."""

    __slots__ = ("name", "new")

    def __init__(self, name: str, new: str) -> None:
        self.name, self.new = name, new


class Known:
    """What need not be checked, and what arrives upstream in the same transaction.

    `options` are those of `git rev-list` and end in what follows its `--not`; `arriving` are ids.
    """

    __slots__ = ("arriving", "options")

    def __init__(self, options: Sequence[str], arriving: Sequence[str] = ()) -> None:
        self.options, self.arriving = list(options), list(arriving)


class Tip:
    """An object that a ref will name, and what it is: `commit`, `tag`, `tree` or `blob`."""

    __slots__ = ("data", "kind", "oid")

    def __init__(self, oid: str, kind: str, data: bytes) -> None:
        self.oid, self.kind, self.data = oid, kind, data


class Reached:
    """What updates make reachable: the objects that they name (`tips`), and the ids of new commits, parents first.

    Raises:
        GitError: An object is not here.
    """

    __slots__ = ("commits", "known", "tips", "updates")

    def __init__(self, git: Git, objects: Objects, updates: Sequence[RefUpdate], known: Known) -> None:
        self.updates, self.known = updates, known
        self.tips = list(tips(git, objects, updates))
        self.commits = commit_ids(git, self.starts, *known.options)

    @property
    def starts(self) -> list[str]:
        """The ids of the commits among the tips."""
        return [tip.oid for tip in self.tips if tip.kind == "commit"]


def parse_updates(lines: bytes) -> list[RefUpdate]:
    """Read the lines `<old> <new> <ref>` of reference-transaction and pre-receive.

    The old id is not used: git may give zero for a ref that exists.
    """
    updates = []
    for line in lines.splitlines():
        _, new, name = line.split(b" ", 2)
        updates.append(RefUpdate(os.fsdecode(name), os.fsdecode(new) if new.strip(b"0") else ""))
    return updates


def refs(git: Git) -> dict[str, str]:
    """Every ref, and the id of the object that it names."""
    listed = git.text("for-each-ref", "--format=%(refname) %(objectname)").split("\n")
    return dict(line.split(" ") for line in listed if line)


def is_guarded(name: str, guarded: Iterable[str]) -> bool:
    """Whether a ref is guarded."""
    return any(name.startswith(prefix) if prefix.endswith("/") else name == prefix for prefix in guarded)


def not_in(git: Git, guarded: Sequence[str]) -> list[str]:
    """The options of `git rev-list` that leave out what the guarded refs reach already.

    A guarded name that is a symbolic ref to a ref outside of them reaches what nobody has checked.
    """
    excluded = _excluded(git, guarded)
    return ["--not", *(option for prefix in guarded for option in (*excluded, f"--glob={_pattern(prefix)}"))]


def _pattern(prefix: str) -> str:
    # Without a wildcard git would add `/*` to a pattern and so pass over a ref of exactly that name.
    return f"{prefix}*" if prefix.endswith("/") else f"{prefix[:-1]}[{prefix[-1]}]"


def _excluded(git: Git, guarded: Sequence[str]) -> list[str]:
    """The options that exclude symbolic refs to unguarded refs; git applies them to the next pattern only."""
    words = "%(if)%(symref)%(then)%(refname) %(symref)%(end)"
    names = [prefix.removesuffix("/") for prefix in guarded]
    lines = git.text("for-each-ref", f"--format={words}", *names).split("\n")
    pairs = [line.partition(" ")[::2] for line in lines if line]
    return [f"--exclude={name}" for name, target in pairs if not is_guarded(target, guarded)]


def tips(git: Git, objects: Objects, updates: Sequence[RefUpdate]) -> Iterator[Tip]:
    """What the updates point at, each once: tags, and what they name in turn, to the end of the chain.

    Raises:
        MissingObjectError: An object is not here.
    """
    seen: set[str] = set()
    for update in updates:
        oid = _resolved(git, update.new)
        while oid and oid not in seen:
            seen.add(oid)
            kind, data = objects.require(oid)
            yield Tip(oid, kind.decode(), data)
            oid = data.partition(b"\n")[0].split()[1].decode() if kind == b"tag" else ""


def _resolved(git: Git, new: str) -> str:
    """The object that a new value names; a symbolic ref (`ref:<name>`, git 2.46) to nothing yet names none."""
    if not new.startswith("ref:"):
        return new
    return git.run("rev-parse", "--verify", "-q", new.removeprefix("ref:")).stdout.decode().strip()
