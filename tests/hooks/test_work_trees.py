"""Linked work trees and submodules are guarded like the main work tree, whatever core.hooksPath says."""

from __future__ import annotations

from pathlib import Path

import pytest

from gated import SECRET, Gated, create

pytestmark = pytest.mark.slow  # each takes little, all together take long


@pytest.fixture
def plain(tmp_path: Path) -> Gated:
    """A repository without our hooks."""
    gated = create(tmp_path / "plain", hooks=False)
    gated.commit()
    return gated


def linked(gated: Gated, name: str) -> Gated:
    gated.git("worktree", "add", "-q", f"../{name}", "-b", name)
    return Gated(gated.path.parent / name)


def words(text: str) -> str:
    return " ".join(text.split())


def refuses(gated: Gated) -> None:
    gated.write("leak.txt", SECRET)
    gated.git("add", "leak.txt")
    gated.refused("commit", "-qm", "x")
    gated.refused("commit", "--no-verify", "-qm", "x")
    gated.git("rm", "-qf", "leak.txt")


@pytest.mark.parametrize("value", [".git/hooks", ".husky/_", ".githooks", "tools/../hooks"])
def test_a_relative_hooks_path(plain: Gated, value: str) -> None:
    plain.git("config", "core.hooksPath", value)
    before = linked(plain, "before")
    assert plain.sotctl("hooks", "install").returncode == 0
    after = linked(plain, "after")
    for tree in (plain, before, after):
        refuses(tree)
        assert tree.sotctl("hooks", "status").returncode == 0
    assert plain.sotctl("hooks", "uninstall").returncode == 0
    assert plain.git("config", "core.hooksPath") == value
    assert "sotctl" not in plain.git("config", "--local", "--list")


@pytest.mark.parametrize("value", [".git/hooks", ".husky/_"])
def test_a_path_that_a_tool_makes_relative_again_is_named(plain: Gated, value: str) -> None:
    plain.git("config", "core.hooksPath", value)
    plain.sotctl("hooks", "install")
    tree = linked(plain, "side")
    plain.git("config", "core.hooksPath", value)
    for verb in (("hooks", "status"), ("doctor",), ("hooks", "install")):
        done = plain.sotctl(*verb)
        named = f"{tree.path} is not guarded" in words(done.stdout)
        assert (done.returncode, named) == ((0, False) if verb[-1] == "install" else (1, True))
    refuses(tree)
    assert plain.sotctl("hooks", "status").returncode == 0


def test_a_work_tree_with_settings_of_its_own_is_named(plain: Gated) -> None:
    plain.sotctl("hooks", "install")
    tree = linked(plain, "side")
    plain.git("config", "extensions.worktreeConfig", "true")
    tree.git("config", "--worktree", "core.hooksPath", "/dev/null")
    assert f"{tree.path} is not guarded" in words(plain.sotctl("doctor").stdout)
    assert f"{tree.path} is not guarded" in plain.sotctl("hooks", "install").stdout


def test_a_submodule_is_guarded_too(plain: Gated) -> None:
    create(plain.path.parent / "library", hooks=False).commit()
    plain.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../library", "a part")
    module = Gated(plain.path / "a part")
    assert f"{module.path} is not guarded" in plain.sotctl("hooks", "status").stdout
    assert plain.sotctl("hooks", "install").returncode == 0
    refuses(module)
    assert plain.sotctl("hooks", "status").returncode == 0
