"""The trees that git has, on real repositories: what they say of a path is what git says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from samples import Repository
from sotctl.documents.tree import Entry
from sotctl.git.diff import read_staged
from sotctl.git.repository import Git, Objects
from sotctl.git.trees import CommitTree, DamagedTreeError, IndexTree, WorkTree
from sotctl.store.store import Store

STRANGE = ("x 100644 a", "100644 a", "a", "a b", "a.b", "[a]", "ä")


@pytest.fixture
def objects(empty: Repository) -> Iterator[Objects]:
    """The objects of the repository, closed after the test."""
    found = Objects(Git(empty.path))
    yield found
    found.close()


def index_tree(repository: Repository, objects: Objects) -> IndexTree:
    git = Git(repository.path)
    head = git.run("rev-parse", "--verify", "-q", "HEAD^{commit}").stdout.decode().strip()
    base = CommitTree(git, objects, head) if head else None
    return IndexTree(git, objects, base, read_staged(git).entries)


def commit_tree(repository: Repository, objects: Objects, name: str) -> CommitTree:
    return CommitTree(Git(repository.path), objects, name)


def test_names_that_look_like_entries_are_names(empty: Repository, objects: Objects) -> None:
    for name in STRANGE:
        empty.write(f"sub/{name}", name)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "x")
    tree = commit_tree(empty, objects, empty.git("rev-parse", "HEAD").strip())
    assert {name: tree.read(f"sub/{name}") for name in STRANGE} == {name: name.encode() for name in STRANGE}
    empty.git("rm", "-q", "--", "sub/a", ":(literal)sub/100644 a")
    empty.git("commit", "-qm", "y")
    tree = commit_tree(empty, objects, empty.git("rev-parse", "HEAD").strip())
    assert (tree.read("sub/a"), tree.mode("sub/100644 a"), tree.mode("sub/x 100644 a")) == (None, None, "100644")
    assert (tree.mode("sub"), tree.read("sub"), tree.read("sub/a b/c")) == (None, None, None)


@pytest.mark.parametrize("damage", [b"100644 a\0short", b"no entry at all"])
def test_a_damaged_tree_cannot_be_looked_into(
    empty: Repository, objects: Objects, tmp_path: Path, damage: bytes
) -> None:
    (tmp_path / "tree").write_bytes(damage)
    oid = empty.git("hash-object", "-t", "tree", "-w", "--literally", str(tmp_path / "tree")).strip()
    with pytest.raises(DamagedTreeError, match="is damaged"):
        commit_tree(empty, objects, oid).read("a")


def test_the_index_is_what_git_would_commit(empty: Repository, objects: Objects) -> None:
    for name in ("changed", "gone", "kept", "mode", "folder/file", "file"):
        empty.write(f".sot/{name}", name)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "x")
    empty.write(".sot/changed", "otherwise")
    empty.write(".sot/new", "new")
    (empty.path / ".sot" / "mode").chmod(0o755)
    empty.git("rm", "-qr", ".sot/gone", ".sot/folder", ".sot/file")
    empty.write(".sot/folder", "a file now")
    empty.write(".sot/file/below", "a folder now")
    empty.git("add", "-A")
    empty.write(".sot/kept", "changed on disk alone")
    tree = index_tree(empty, objects)
    written = commit_tree(empty, objects, empty.git("write-tree").strip())
    paths = [f".sot/{name}" for name in ("changed", "gone", "kept", "mode", "folder", "folder/file", "file/below")]
    assert [tree.read(path) for path in paths] == [written.read(path) for path in paths]
    assert [tree.mode(path) for path in paths] == [written.mode(path) for path in paths]
    assert list(tree.entries(".sot")) == list(written.entries(".sot"))
    assert (tree.read(".sot/kept"), tree.mode(".sot/mode")) == (b"kept", "100755")


def test_the_index_of_a_first_commit_is_a_tree(empty: Repository, objects: Objects) -> None:
    empty.write(".sot/new", "new")
    empty.git("add", "-A")
    tree = index_tree(empty, objects)
    assert (tree.read(".sot/new"), list(tree.entries(".sot"))) == (b"new", [Entry(".sot/new")])


def test_what_the_index_says_of_a_file_is_held_against_the_file(empty: Repository) -> None:
    for name in ("both", "index", "disk"):
        empty.write(f"f/{name}", "word" if name != "disk" else "nothing")
    empty.git("add", "-A")
    empty.write("f/index", "nothing")
    empty.write("f/disk", "word")
    empty.write("f/untracked", "word")
    (empty.path / "f" / "link").symlink_to("both")
    tree = WorkTree(empty.path)
    assert list(tree.likely("f", [b"word"])) == ["f/both"]
    assert list(tree.holding("f", [b"word"])) == ["f/both", "f/disk", "f/untracked"]


def test_a_name_is_looked_up_anew_when_it_has_moved(store: Repository) -> None:
    """A tree that is read by `HEAD` is that of the commit that HEAD names then."""
    opened = Store(top=store.path, folder=".sot")
    assert opened.commit_tree().read("new.txt") is None
    store.write("new.txt", b"new\n")
    store.git("add", "new.txt")
    store.git("commit", "-qm", "new")
    assert opened.commit_tree().read("new.txt") == b"new\n"
