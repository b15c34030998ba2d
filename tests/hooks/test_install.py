"""Installing beside what is there, telling what is live, and leaving everything as it was."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from gated import SECRET, Gated, create

pytestmark = pytest.mark.slow  # each takes little, all together take long

CHAINED = '#!/bin/sh\necho "{} $*" >> "$(git rev-parse --git-common-dir)/theirs"\n'
NAMES = ["commit-msg", "pre-applypatch", "pre-commit", "pre-merge-commit", "pre-push", "reference-transaction"]


@pytest.fixture
def plain(tmp_path: Path) -> Gated:
    """A repository with one commit and without our hooks."""
    gated = create(tmp_path / "work", hooks=False)
    gated.commit()
    return gated


def states(gated: Gated) -> dict[str, str]:
    """What `hooks status` says of each hook."""
    hooks = json.loads(gated.sotctl("hooks", "status", "--json").stdout)["hooks"]
    return {hook["name"]: hook["state"] for hook in hooks}


def listing(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder, with mode and bytes; a link with where it leads."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def hook(path: Path, text: str, mode: int = 0o755) -> None:
    """Write a hook of the user's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def install(gated: Gated, *options: str) -> None:
    """Install and expect success."""
    done = gated.sotctl("hooks", "install", *options)
    assert done.returncode == 0, done.stderr


def refuses(gated: Gated) -> None:
    """Expect that a staged secret is refused, with and without verification."""
    gated.write("leak.txt", SECRET)
    gated.git("add", "leak.txt")
    gated.refused("commit", "-m", "x")
    gated.refused("commit", "--no-verify", "-m", "x")
    gated.git("rm", "-q", "--cached", "leak.txt")


def test_install_twice_and_uninstall_leave_everything_as_it_was(plain: Gated) -> None:
    folder = plain.path / ".git" / "hooks"
    hook(folder / "pre-commit", CHAINED.format("pre-commit"))
    hook(folder / "commit-msg", "#!/bin/sh\nexit 0\n", 0o644)
    (folder / "pre-push").symlink_to("../../nowhere")
    hook(folder / "post-commit", CHAINED.format("post-commit"), 0o700)
    before = listing(folder)
    install(plain)
    install(plain)
    assert states(plain) == dict.fromkeys(NAMES, "live")
    done = plain.sotctl("hooks", "uninstall")
    assert done.returncode == 0
    assert listing(folder) == before


def test_a_hooks_folder_that_was_made_goes_away_again(plain: Gated) -> None:
    folder = plain.path / ".git" / "hooks"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    install(plain)
    refuses(plain)
    plain.sotctl("hooks", "uninstall")
    assert not folder.exists()


def test_hooks_of_the_user_still_run_and_may_refuse(plain: Gated) -> None:
    for name in NAMES:
        hook(plain.path / ".git" / "hooks" / name, CHAINED.format(name))
    install(plain)
    plain.commit("b.txt")
    ran = (plain.path / ".git" / "theirs").read_text().split("\n")
    assert {line.split()[0] for line in ran if line} == {"pre-commit", "commit-msg", "reference-transaction"}
    assert [line for line in ran if line.startswith("reference")] == [
        "reference-transaction prepared",
        "reference-transaction committed",
    ]
    refuses(plain)
    hook(plain.path / ".git" / "hooks" / "pre-commit.before-sotctl", "#!/bin/sh\nexit 7\n")
    plain.write("c.txt", "c\n")
    plain.git("add", "c.txt")
    assert plain.try_git("commit", "-m", "x").returncode != 0


def test_a_reference_transaction_hook_of_the_user_gets_the_same_lines(plain: Gated) -> None:
    hook(plain.path / ".git/hooks/reference-transaction", '#!/bin/sh\ncat >> "$(git rev-parse --git-dir)/lines"\n')
    install(plain)
    plain.git("update-ref", "--stdin", stdin="create refs/heads/a HEAD\ncreate refs/heads/b HEAD\n")
    head = plain.git("rev-parse", "HEAD")
    lines = (plain.path / ".git" / "lines").read_text().splitlines()
    assert lines == [f"{'0' * 40} {head} refs/heads/a", f"{'0' * 40} {head} refs/heads/b"] * 2
    plain.refused("branch", "x", plain.bad_commit())


@pytest.mark.parametrize(
    "shebang",
    ["#!/bin/sh", "#! /bin/sh -e", "#!/usr/bin/env sh", "#!/bin/bash", "#!/bin/bash -eu", "#!/usr/bin/env bash"],
)
def test_a_shell_script_that_was_there_finds_its_own_name(plain: Gated, shebang: str) -> None:
    """As husky's does: by its name it looks for what it is to run."""
    flags = shebang.partition("/bin/")[2].partition(" -")[2]
    text = f'{shebang}\necho "$0 $-" >> "$(git rev-parse --git-dir)/theirs"\nset -e\nfalse\nexit 0\n'
    hook(plain.path / ".git" / "hooks" / "pre-commit", text)
    install(plain)
    plain.write("b.txt", "fine\n")
    plain.git("add", "b.txt")
    assert plain.try_git("commit", "-m", "x").returncode == 1
    name, *options = (plain.path / ".git" / "theirs").read_text().split()
    assert (name, set(flags) <= set("".join(options))) == (".git/hooks/pre-commit", True)


def test_a_program_that_was_there_runs_as_it_is(plain: Gated) -> None:
    hook(plain.path / ".git/hooks/pre-commit", f"#!{sys.executable}\nimport sys\nopen('theirs', 'w').write('ran')\n")
    install(plain)
    plain.commit("b.txt")
    assert (plain.path / "theirs").read_text() == "ran"


def test_a_push_of_nothing_new_runs_a_hook_that_was_there_on_nothing(plain: Gated, tmp_path: Path) -> None:
    hook(plain.path / ".git/hooks/pre-push", '#!/bin/sh\nwc -c > "$(git rev-parse --git-dir)/theirs"\n')
    install(plain)
    plain.git("clone", "-q", "--bare", ".", str(tmp_path / "there.git"))
    plain.git("remote", "add", "origin", str(tmp_path / "there.git"))
    plain.git("push", "-q", "origin", "main")
    assert (plain.path / ".git" / "theirs").read_text().strip() == "0"


def test_core_hooks_path_inside_the_work_tree(plain: Gated) -> None:
    folder = plain.path / ".githooks"
    hook(folder / "pre-commit", CHAINED.format("theirs"))
    before = listing(folder)
    plain.git("config", "core.hooksPath", ".githooks")
    install(plain)
    refuses(plain)
    assert "theirs" in (plain.path / ".git" / "theirs").read_text()
    assert states(plain) == dict.fromkeys(NAMES, "live")
    hook(folder / "pre-commit", CHAINED.format("theirs"))
    assert states(plain)["pre-commit"] == "foreign"
    plain.refused("branch", "x", plain.bad_commit())
    install(plain)
    assert states(plain) == dict.fromkeys(NAMES, "live")
    plain.sotctl("hooks", "uninstall")
    assert listing(folder) == before


def test_a_hook_that_was_written_anew_and_differs_is_kept_beside_the_old_one(plain: Gated) -> None:
    folder = plain.path / ".git" / "hooks"
    hook(folder / "pre-commit", CHAINED.format("first"))
    install(plain)
    hook(folder / "pre-commit", CHAINED.format("second"))
    install(plain)
    plain.commit("b.txt")
    assert (plain.path / ".git" / "theirs").read_text().split() == ["second"]
    assert "first" in (folder / "pre-commit.before-sotctl-2").read_text()


def husky(gated: Gated, *arguments: str) -> None:
    """Run husky as its `prepare` script does after every `npm install`."""
    done = gated.run("husky", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def with_husky(plain: Gated) -> Gated:
    """A repository that husky was set up in, with a hook that writes a line."""
    plain.write("package.json", "{}\n")
    husky(plain, "init")
    for name in ("pre-commit", "commit-msg"):
        plain.write(f".husky/{name}", f'echo {name} >> "$(git rev-parse --git-common-dir)/theirs"\n')
    return plain


@pytest.mark.needs("husky")
@pytest.mark.needs("node")
def test_beside_husky_and_after_it_has_written_its_hooks_anew(with_husky: Gated) -> None:
    folder = with_husky.path / ".husky"
    before = listing(folder), with_husky.git("config", "--local", "--list")
    install(with_husky)
    for _ in range(2):
        assert states(with_husky) == dict.fromkeys(NAMES, "live")
        with_husky.git("commit", "-q", "--allow-empty", "-m", "fine")
        assert (with_husky.path / ".git" / "theirs").read_text().split() == ["pre-commit", "commit-msg"]
        refuses(with_husky)
        (with_husky.path / ".git" / "theirs").unlink()
        husky(with_husky)
        assert states(with_husky)["pre-commit"] == "foreign"
        assert with_husky.sotctl("doctor").returncode == 1
        with_husky.refused("branch", "x", with_husky.bad_commit())
        install(with_husky)
    with_husky.write(".husky/pre-commit", "exit 3\n")
    done = with_husky.try_git("commit", "--allow-empty", "-m", "x")
    assert (done.returncode, "husky - pre-commit script failed (code 3)" in done.stderr) == (1, True)
    with_husky.write(".husky/pre-commit", before[0]["pre-commit"][1])
    assert with_husky.sotctl("hooks", "uninstall").returncode == 0
    assert (listing(folder), with_husky.git("config", "--local", "--list")) == before


@pytest.mark.needs("husky")
@pytest.mark.needs("node")
def test_husky_that_comes_later_is_told_of_and_installing_again_mends_it(gated: Gated) -> None:
    gated.write("package.json", "{}\n")
    husky(gated, "init")
    assert set(states(gated).values()) == {"foreign", "absent"}
    doctor = gated.sotctl("doctor").stdout
    assert "core.hooksPath (local)" in doctor
    install(gated)
    gated.write(".husky/pre-commit", "true\n")
    refuses(gated)


def test_core_hooks_path_that_serves_other_repositories_is_not_written_to_unasked(plain: Gated, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    hook(shared / "pre-commit", CHAINED.format("shared"))
    plain.git("config", "--global", "core.hooksPath", str(shared))
    done = plain.sotctl("hooks", "install")
    assert (done.returncode, "serves other repositories too" in done.stderr, "global" in done.stderr) == (3, True, True)
    assert [path.name for path in shared.iterdir()] == ["pre-commit"]
    install(plain, "--shared")
    refuses(plain)
    plain.sotctl("hooks", "uninstall")
    assert [path.name for path in shared.iterdir()] == ["pre-commit"]


def test_a_linked_worktree_and_a_path_with_spaces_and_quotes(tmp_path: Path) -> None:
    gated = create(tmp_path / 'it\'s a "work" $tree', hooks=False)
    gated.commit()
    gated.git("worktree", "add", "-q", "-b", "linked", "../linked tree")
    linked = Gated(tmp_path / "linked tree")
    install(linked)
    refuses(linked)
    refuses(gated)
    assert states(linked) == states(gated) == dict.fromkeys(NAMES, "live")


def test_every_state_that_lets_everything_pass_is_told(plain: Gated) -> None:
    install(plain)
    folder = plain.path / ".git" / "hooks"
    (folder / "pre-commit").chmod(0o644)
    (folder / "commit-msg").write_text("")
    (folder / "pre-push").unlink()
    (folder / "pre-push").symlink_to("nowhere")
    (folder / "pre-applypatch").unlink()
    hook(folder / "pre-merge-commit", "#!/bin/sh\n")
    text = (folder / "reference-transaction").read_text()
    (folder / "reference-transaction").write_text(text.replace(f"python={sys.executable}", "python=/gone/python"))
    assert states(plain) == {
        "pre-commit": "not executable",
        "commit-msg": "empty",
        "pre-push": "dangling link",
        "pre-applypatch": "absent",
        "pre-merge-commit": "foreign",
        "reference-transaction": "interpreter gone",
    }
    assert plain.sotctl("hooks", "status").returncode == 1
    (folder / "reference-transaction").write_text(text.replace("exit 3", "exit 0"))
    assert states(plain)["reference-transaction"] == "outdated"
    install(plain)
    assert states(plain) == dict.fromkeys(NAMES, "live")


def test_hooks_turned_off_by_a_setting_are_told(gated: Gated) -> None:
    gated.git("config", "core.hooksPath", "/dev/null")
    assert set(states(gated).values()) == {"absent"}


def test_a_folder_that_may_not_be_written(plain: Gated) -> None:
    plain.git("config", "core.hooksPath", "notes.md")
    done = plain.sotctl("hooks", "install")
    assert (done.returncode, done.stderr.startswith("error: cannot write")) == (3, True)


def test_a_ref_to_guard_is_a_ref(plain: Gated) -> None:
    for name in ("heads/x", "refs/$(x)/", "refs/a b", "refs/*"):
        assert plain.sotctl("hooks", "install", "--guard", name).returncode == 2


@pytest.fixture
def framework(plain: Gated, tmp_path: Path) -> Gated:
    """A repository that uses the pre-commit framework, with our hook in its configuration as a local one."""
    marker = tmp_path / "framework-ran"
    entry = f"{sys.executable} -m sotctl check --staged"
    config = (
        "repos:\n- repo: local\n  hooks:\n"
        f"  - {{id: marker, name: marker, language: system, entry: touch {marker}, always_run: true, pass_filenames: false}}\n"
        f"  - {{id: sotctl-staged, name: sotctl, language: system, entry: {entry}, always_run: true, "
        "pass_filenames: false}\n"
    )
    plain.commit(".sot/sot.toml", "")
    plain.commit(".pre-commit-config.yaml", config)
    return plain


def pre_commit(gated: Gated, *arguments: str) -> str:
    """Run the pre-commit framework."""
    done = gated.run(sys.executable, "-m", "pre_commit", *arguments, PRE_COMMIT_HOME=str(gated.path.parent / "cache"))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_hook_from_before_both_is_run_though_the_framework_has_renamed_ours(framework: Gated, tmp_path: Path) -> None:
    before = CHAINED.format("before both")
    hook(framework.path / ".git" / "hooks" / "pre-commit", before)
    install(framework)
    pre_commit(framework, "install")
    framework.git("commit", "-q", "--allow-empty", "-m", "x", PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert "before both" in (framework.path / ".git" / "theirs").read_text()
    refuses(framework)


@pytest.mark.parametrize("first", ["ours", "theirs"])
@pytest.mark.slow
def test_beside_the_pre_commit_framework_in_either_order(framework: Gated, tmp_path: Path, first: str) -> None:
    before = listing(framework.path / ".git" / "hooks")
    if first == "ours":
        install(framework)
        pre_commit(framework, "install")
    else:
        pre_commit(framework, "install")
        install(framework)
    assert states(framework) == dict.fromkeys(NAMES, "live")
    home = {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    framework.write("b.txt", "fine\n")
    framework.git("add", "b.txt")
    framework.git("commit", "-qm", "fine", **home)
    assert (tmp_path / "framework-ran").exists()
    framework.write("leak.txt", SECRET)
    framework.git("add", "leak.txt")
    assert framework.try_git("commit", "-m", "x", **home).returncode == 1
    framework.refused("commit", "--no-verify", "-m", "x")
    framework.sotctl("hooks", "uninstall")
    pre_commit(framework, "uninstall")
    assert listing(framework.path / ".git" / "hooks") == before


def test_our_hook_inside_the_framework_refuses(framework: Gated) -> None:
    pre_commit(framework, "install")
    framework.write("leak.txt", SECRET)
    framework.git("add", "leak.txt")
    done = framework.try_git("commit", "-m", "x", PRE_COMMIT_HOME=str(framework.path.parent / "cache"))
    assert done.returncode == 1
    assert "leak.txt:1:7" in done.stdout + done.stderr


def test_the_manifest_for_the_framework_is_one() -> None:
    top = Path(__file__).parent.parent.parent
    done = Gated(top).run(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
