"""The verdict is the same wherever git is used: first commits, work trees, bare repositories, conflicts, strange names."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gated import SECRET, Gated, create
from samples import TOKEN

pytestmark = pytest.mark.slow  # each takes little, all together take long

FILE_PROTOCOL = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always"}


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_first_commit(name: str, tmp_path: Path) -> None:
    gated = create(tmp_path / "work", f"--object-format={name}")
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    assert "git rm --cached a.txt" in gated.refused("commit", "-m", "x")
    gated.refused("commit", "--no-verify", "-m", "x")
    gated.git("rm", "-q", "--cached", "a.txt")
    gated.commit("b.txt")


def test_an_orphan(gated: Gated) -> None:
    gated.git("checkout", "-q", "--orphan", "other")
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    gated.refused("commit", "-m", "x")
    gated.refused("commit", "--no-verify", "-m", "x")


def test_a_detached_head(gated: Gated) -> None:
    gated.git("checkout", "-q", "--detach")
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    gated.refused("commit", "-m", "x")


def test_a_linked_worktree(gated: Gated) -> None:
    gated.git("worktree", "add", "-q", "../linked", "-b", "side")
    linked = Gated(gated.path.parent / "linked")
    linked.write("a.txt", SECRET)
    linked.git("add", "a.txt")
    linked.refused("commit", "-m", "x")
    linked.refused("commit", "--no-verify", "-m", "x")
    linked.git("reset", "-q")
    linked.commit("b.txt")


def test_a_subdirectory(gated: Gated) -> None:
    gated.write("sub/deep/a.txt", SECRET)
    deep = gated.path / "sub" / "deep"
    gated.git("add", "a.txt", cwd=deep)
    assert "sub/deep/a.txt:1:7" in gated.refused("commit", "-m", "x", cwd=deep)
    assert "sub/deep/a.txt:1:7" in gated.refused("commit", "--no-verify", "-m", "x", cwd=deep)


def test_a_bare_git_dir_with_a_work_tree_elsewhere(gated: Gated, tmp_path: Path) -> None:
    """As people keep their dotfiles."""
    where = {"GIT_DIR": str(gated.path / ".git"), "GIT_WORK_TREE": str(tmp_path / "home")}
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "a.txt").write_text(SECRET)
    gated.git("add", "a.txt", cwd=tmp_path / "home", **where)
    assert "is refused" in gated.try_git("commit", "-m", "x", cwd=tmp_path / "home", **where).stderr
    done = gated.try_git("commit", "--no-verify", "-m", "x", cwd=tmp_path / "home", **where)
    assert "is refused" in done.stderr
    assert gated.git("rev-list", "--count", "--all") == "1"


def test_a_bare_repository_and_one_inside_its_git_directory(gated: Gated, tmp_path: Path) -> None:
    bad = gated.bad_commit()
    gated.refused("update-ref", "refs/heads/new", bad, cwd=gated.path / ".git")
    gated.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    bare = Gated(tmp_path / "bare.git")
    assert bare.sotctl("hooks", "install").returncode == 0
    bare.refused("update-ref", "refs/heads/new", bare.bad_commit())


def test_a_superproject_and_its_submodule(gated: Gated, tmp_path: Path) -> None:
    inner = create(tmp_path / "inner", hooks=False)
    inner.commit("a.txt")
    gated.git("submodule", "--quiet", "add", str(inner.path), "inside", **FILE_PROTOCOL)
    gated.git("commit", "-qm", "a submodule is no secret")
    gated.write("b.txt", SECRET)
    gated.git("add", "b.txt")
    gated.refused("commit", "-m", "x")
    submodule = Gated(gated.path / "inside")
    assert submodule.sotctl("hooks", "install").returncode == 0
    submodule.write("a.txt", SECRET)
    submodule.git("add", "a.txt")
    submodule.refused("commit", "-m", "x")
    submodule.refused("commit", "--no-verify", "-m", "x")


def test_a_conflict_then_continue_and_abort(gated: Gated) -> None:
    gated.git("checkout", "-q", "-b", "side")
    gated.commit(data="side\n")
    gated.git("checkout", "-q", "main")
    head = gated.commit(data="main\n")
    for command in (["merge", "side"], ["cherry-pick", "side"], ["rebase", "side"]):
        assert gated.try_git(*command).returncode == 1
        gated.write("notes.md", SECRET)
        gated.git("add", "notes.md")
        said = gated.refused(command[0], "--continue", GIT_EDITOR="true")
        assert f"git {command[0]} --abort" in said
        gated.git(command[0], "--abort")
        assert (gated.git("rev-parse", "HEAD"), gated.git("status", "--porcelain")) == (head, "")
    assert gated.try_git("merge", "side").returncode == 1
    gated.write("notes.md", "both\n")
    gated.git("add", "notes.md")
    gated.git("merge", "--continue", GIT_EDITOR="true")


def test_a_merge_counts_only_where_it_differs_from_every_parent(gated: Gated) -> None:
    """What came before the hooks, on either side, is not brought by the merge."""
    gated.commit(".sot/sot.toml", "")
    gated.git("checkout", "-q", "-b", "side")
    gated.write("old.txt", SECRET)
    gated.git("add", "old.txt")
    gated.ungated("commit", "-qm", "before the hooks")
    gated.git("checkout", "-q", "main")
    gated.commit("main.txt")
    gated.git("merge", "-q", "--no-edit", "side")
    gated.git("reset", "-q", "--hard", "HEAD^")
    assert gated.try_git("merge", "--no-commit", "side").returncode == 0
    gated.write("evil.txt", SECRET)
    gated.git("add", "evil.txt")
    said = gated.refused("commit", "-m", "x")
    assert ("evil.txt" in said, "old.txt" in said) == (True, False)
    said = gated.sotctl("check", "--staged").stdout
    assert ("evil.txt" in said, "old.txt" in said) == (True, False)
    assert "old.txt" not in gated.refused("commit", "--no-verify", "-m", "x")


def test_an_octopus_merge(gated: Gated) -> None:
    for name in ("one", "two", "three"):
        gated.git("checkout", "-q", "-b", name, "main")
        gated.commit(f"{name}.txt")
    gated.git("checkout", "-q", "main")
    gated.git("merge", "-q", "--no-edit", "one", "two", "three")
    assert len(gated.git("rev-list", "--parents", "-1", "HEAD").split()) == 4


def test_a_refusal_in_the_middle_of_an_interactive_rebase(gated: Gated) -> None:
    first = gated.git("rev-parse", "HEAD")
    gated.commit("a.txt")
    head = gated.commit("b.txt")
    gated.write(".git/leak.sh", f"echo {TOKEN} > c.txt; git add c.txt; git commit -m x")
    said = gated.refused("rebase", "-x", "sh .git/leak.sh", first)
    assert "git rebase --abort" in said
    gated.git("reset", "-q", "--hard")
    gated.git("rebase", "--abort")
    assert (gated.git("rev-parse", "HEAD"), gated.git("symbolic-ref", "--short", "HEAD")) == (head, "main")


@pytest.mark.parametrize("name", [b"new\nline.txt", b'quo"te.txt', b"caf\xe9.txt", b"-dash.txt", b"tab\t.txt", b" "])
def test_a_path_of_any_bytes(gated: Gated, name: bytes) -> None:
    gated.write(name, "fine\n")
    gated.git("add", "-A")
    gated.git("commit", "-qm", "fine")
    gated.write(name, SECRET)
    gated.git("add", "-A")
    gated.refused("commit", "-m", "x")
    gated.refused("commit", "--no-verify", "-m", "x")


@pytest.mark.parametrize(
    "environment",
    [
        {"GIT_NAMESPACE": "n"},
        {"GIT_LITERAL_PATHSPECS": "1"},
        {"GIT_EXTERNAL_DIFF": "true"},
        {"GIT_DIFF_OPTS": "-u0"},
        {"GIT_GRAFT_FILE": "/nonexistent"},
        {"GIT_REPLACE_REF_BASE": "refs/heads/"},
        {"PYTHONPATH": "evil", "PYTHONSTARTUP": "evil/start.py", "PYTHONHOME": "/nonexistent"},
        {"HOME": "", "XDG_CONFIG_HOME": ""},
        {"LC_ALL": "C", "LANG": "", "PYTHONIOENCODING": "ascii"},
        {"GIT_TRACE": "1", "GIT_TRACE_PACKET": "1"},
        {"IFS": "a", "ENV": "evil/start.sh", "BASH_ENV": "evil/start.sh", "CDPATH": "/"},
    ],
    ids=lambda environment: next(iter(environment)),
)
def test_a_hostile_environment_changes_no_verdict(gated: Gated, environment: dict[str, str]) -> None:
    for package in ("sotctl", "git", "yaml", "re"):
        gated.write(f"evil/{package}/__init__.py", "import os; os._exit(0)\n")
        gated.write(f"{package}/__init__.py", "import os; os._exit(0)\n")
    gated.write("evil/start.py", "import os; os._exit(0)\n")
    gated.write("evil/start.sh", "exit 0\n")
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    for how in ([], ["--no-verify"]):
        done = gated.try_git("commit", "-m", "x", *how, **environment)
        assert (done.returncode != 0, "is refused" in done.stderr) == (True, True), done.stderr
    gated.git("reset", "-q")
    gated.write(".sot/02-ISSUES/x.md", "no header\n")
    gated.git("add", ".sot")
    for how, what in (([], "this commit"), (["--no-verify"], "this update of refs")):
        said = gated.try_git("commit", "-m", "x", *how, **environment).stderr
        assert (f"{what} is refused" in said, "[frontmatter-missing]" in said) == (True, True)
    gated.git("reset", "-q")
    gated.write("b.txt", "fine\n")
    gated.git("add", "b.txt")
    gated.git("commit", "-qm", "fine", **environment)


def test_home_that_is_not_set(gated: Gated) -> None:
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    done = gated.run("env", "-u", "HOME", "git", "commit", "-m", "x")
    assert (done.returncode, "is refused" in done.stderr) == (1, True)


def test_objects_elsewhere(gated: Gated, tmp_path: Path) -> None:
    """What git writes with GIT_OBJECT_DIRECTORY is read where git reads it."""
    elsewhere = {
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(gated.path / ".git" / "objects"),
    }
    (tmp_path / "objects").mkdir()
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt", **elsewhere)
    for how in ([], ["--no-verify"]):
        assert "is refused" in gated.try_git("commit", "-m", "x", *how, **elsewhere).stderr


def test_git_dir_of_another_repository_judges_that_one(gated: Gated, tmp_path: Path) -> None:
    other = create(tmp_path / "other")
    other.commit()
    other.write("a.txt", SECRET)
    where = {"GIT_DIR": str(other.path / ".git"), "GIT_WORK_TREE": str(other.path)}
    gated.git("add", str(other.path / "a.txt"), **where)
    assert "is refused" in gated.try_git("commit", "-m", "x", **where).stderr
    assert gated.git("rev-list", "--count", "--all") == "1"


def test_a_hook_that_is_killed_refuses(gated: Gated) -> None:
    """The interpreter ends itself as a kill would."""
    killed = gated.path.parent / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    _with_interpreter(gated, killed)
    before = gated.refs()
    gated.write("b.txt", "fine\n")
    gated.git("add", "b.txt")
    assert gated.try_git("commit", "-m", "x").returncode != 0
    assert gated.try_git("commit", "--no-verify", "-m", "x").returncode != 0
    assert gated.refs() == before


def test_an_interpreter_that_is_gone_refuses_with_a_sentence(gated: Gated) -> None:
    _with_interpreter(gated, gated.path.parent / "gone")
    gated.write("b.txt", "fine\n")
    gated.git("add", "b.txt")
    for how in ([], ["--no-verify"]):
        done = gated.try_git("commit", "-m", "x", *how)
        assert done.returncode != 0
        assert "is gone, so nothing can be checked" in done.stderr
        assert "sotctl hooks install" in done.stderr
    assert gated.git("status", "--porcelain") == "A  b.txt"
    remove = next(line for line in done.stderr.splitlines() if line.startswith("      grep "))
    subprocess.run(["sh", "-c", remove], cwd=gated.path, check=True)
    assert gated.try_git("commit", "-m", "x").returncode == 0


def _with_interpreter(gated: Gated, path: Path) -> None:
    for name in ("pre-commit", "commit-msg", "reference-transaction"):
        lines = gated.hook(name).read_text().splitlines(keepends=True)
        gated.hook(name).write_text(
            "".join(f"python={path}\n" if line.startswith("python=") else line for line in lines)
        )


@pytest.fixture
def counted(gated: Gated) -> Path:
    """A file that gets a line whenever a hook of `gated` starts Python."""
    log, wrapper = gated.path.parent / "starts", gated.path.parent / "python"
    lines = gated.hook("pre-commit").read_text().splitlines()
    real = next(line for line in lines if line.startswith("python=")).partition("=")[2]
    wrapper.write_text(f'#!/bin/sh\necho started >> "{log}"\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    log.touch()
    _with_interpreter(gated, wrapper)
    return log


def test_maintenance_and_a_fetch_of_many_refs_start_no_python(gated: Gated, counted: Path) -> None:
    other = create(gated.path.parent / "other", hooks=False)
    head = other.commit("a.txt", SECRET)
    other.git("update-ref", "--stdin", stdin="".join(f"create refs/heads/b{n} {head}\n" for n in range(60)))
    gated.git("remote", "add", "origin", str(other.path))
    gated.git("fetch", "-q", "origin")
    gated.git("gc", "-q")
    gated.git("pack-refs", "--all")
    gated.git("prune")
    gated.git("maintenance", "run", "--quiet")
    gated.git("branch", "gone")
    counted.write_text("")
    gated.git("branch", "-d", "gone")
    gated.git("remote", "remove", "origin")
    gated.git("checkout", "-q", "--detach")
    assert counted.read_text() == ""


def test_a_commit_starts_python_once_for_each_hook(gated: Gated, counted: Path) -> None:
    gated.commit("b.txt")
    assert counted.read_text().count("started") == 3


def test_a_commit_that_no_rule_is_about_takes_the_quick_way(gated: Gated) -> None:
    """What judges documents takes ten times as long to import as the look that says it is not needed."""
    wrapper = gated.path.parent / "python"
    lines = gated.hook("pre-commit").read_text().splitlines()
    real = next(line for line in lines if line.startswith("python=")).partition("=")[2]
    wrapper.write_text(f'#!/bin/sh\nexec {real} -X importtime "$@"\n')
    wrapper.chmod(0o755)
    _with_interpreter(gated, wrapper)
    slow = {"yaml", "dataclasses", "datetime", "sotctl.checks.run", "sotctl.checks.changes"}
    for name, expected in (("b.txt", set()), (".sot/sot.toml", slow)):
        gated.write(name, "")
        gated.git("add", name)
        said = gated.try_git("commit", "-qm", "x").stderr
        imported = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}
        assert (imported & slow, "sotctl.hooks.git.reference_transaction" in imported) == (expected, True)


def test_reference_transaction_acts_only_while_it_is_prepared(gated: Gated) -> None:
    line = f"{'0' * 40} {gated.bad_commit()} refs/heads/x\n"
    statuses = {
        state: gated.run(str(gated.hook("reference-transaction")), state, stdin=line).returncode
        for state in ("prepared", "committed", "aborted", "preparing")
    }
    assert statuses == {"prepared": 1, "committed": 0, "aborted": 0, "preparing": 0}


def test_a_symbolic_ref_is_judged_by_what_it_comes_to_name(gated: Gated) -> None:
    """As git 2.46 and later hand it over; what it leads to may come before it, behind it, or be there already."""
    hook, zero, bad = str(gated.hook("reference-transaction")), "0" * 40, gated.bad_commit()
    link, target = f"{zero} ref:refs/hidden/x refs/heads/x\n", f"{zero} {bad} refs/hidden/x\n"
    for lines in (link + target, target + link):
        assert gated.run(hook, "prepared", stdin=lines).returncode == 1
    assert gated.run(hook, "prepared", stdin=link).returncode == 0
    gated.git("update-ref", "refs/hidden/x", bad)
    assert gated.run(hook, "prepared", stdin=link).returncode == 1


def test_a_crash_refuses(gated: Gated) -> None:
    lines = f"{'0' * 40} {gated.git('rev-parse', 'HEAD')} refs/heads/x\ngarbage\n"
    done = gated.run(str(gated.hook("reference-transaction")), "prepared", stdin=lines)
    assert (done.returncode, "this is a bug in sotctl" in done.stderr) == (4, True)


def test_a_full_disk_loses_nothing(gated: Gated) -> None:
    """The hooks write nothing, so that a disk without room cannot make them pass."""
    before = {path.name for path in (gated.path / ".git").iterdir()}
    gated.git("commit", "--allow-empty", "-qm", "x")
    assert {path.name for path in (gated.path / ".git").iterdir()} == before | {"COMMIT_EDITMSG"}
