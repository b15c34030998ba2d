"""History that lies upstream already, clones that do not hold all of it, and servers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gated import SECRET, Gated, create
from samples import TOKEN

pytestmark = pytest.mark.slow  # each takes little, all together take long


@pytest.fixture
def upstream(tmp_path: Path) -> Gated:
    """A repository without hooks whose history holds a secret, taken out again, and a tag behind it."""
    there = create(tmp_path / "upstream", hooks=False)
    there.commit("a.txt", SECRET)
    there.git("tag", "-a", "v1", "-m", "release")
    there.git("rm", "-q", "a.txt")
    there.git("commit", "-qm", "take it out")
    there.commit()
    there.git("config", "uploadpack.allowFilter", "true")
    there.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return there


def test_fetch_and_pull_of_upstream_history_warn(gated: Gated, upstream: Gated) -> None:
    gated.git("remote", "add", "origin", str(upstream.path))
    done = gated.try_git("fetch", "origin")
    assert done.returncode == 0
    assert "passes with 1 warning" in done.stderr  # the tag comes along
    assert gated.git("tag") == "v1"
    done = gated.try_git("reset", "-q", "--hard", "origin/main")
    assert (done.returncode, "passes with 1 warning" in done.stderr) == (0, False)  # the tag reaches it already
    gated.git("tag", "-d", "v1")
    done = gated.try_git("branch", "old", "origin/main~2")
    assert done.returncode == 0


def test_a_pull_of_upstream_history_warns_and_merges(gated: Gated, upstream: Gated) -> None:
    gated.git("mv", "notes.md", "own.md")
    gated.git("commit", "-qm", "Make room")
    gated.git("remote", "add", "origin", str(upstream.path))
    done = gated.try_git("pull", "--no-rebase", "--no-edit", "--allow-unrelated-histories", "origin", "main")
    assert (done.returncode, "passes with 1 warning" in done.stderr) == (0, True), done.stderr
    assert "it lies upstream already" in done.stderr
    assert gated.git("rev-list", "--count", "HEAD") == "6"


def test_a_branch_of_upstream_history_warns_and_names_the_commit(gated: Gated, upstream: Gated) -> None:
    gated.git("remote", "add", "origin", str(upstream.path))
    gated.git("fetch", "-q", "--no-tags", "origin")
    done = gated.try_git("branch", "theirs", "origin/main")
    assert done.returncode == 0
    assert "passes with 1 warning" in done.stderr
    assert gated.git("rev-parse", "--short=12", "origin/main~2") in done.stderr


def test_tags_that_come_in_one_transaction_with_their_branch_warn_too(gated: Gated, upstream: Gated) -> None:
    gated.git("remote", "add", "origin", str(upstream.path))
    done = gated.try_git("fetch", "--atomic", "origin")
    assert (done.returncode, "passes with 1 warning" in done.stderr) == (0, True), done.stderr


def test_a_clone_with_the_hooks_in_its_template_warns(gated: Gated, upstream: Gated, tmp_path: Path) -> None:
    done = gated.try_git("clone", f"--template={gated.path / '.git'}", str(upstream.path), str(tmp_path / "clone"))
    assert (done.returncode, "passes with 1 warning" in done.stderr) == (0, True), done.stderr


def test_the_owner_of_a_store_can_have_upstream_secrets_refused(gated: Gated, upstream: Gated) -> None:
    """The commit is judged by the configuration of its first parent."""
    upstream.git("checkout", "-q", "--orphan", "strict")
    upstream.commit(".sot/sot.toml", '[gate]\nupstream = "refuse"\n')
    upstream.commit("a.txt", SECRET)
    gated.git("remote", "add", "origin", str(upstream.path))
    gated.git("fetch", "-q", "--no-tags", "origin")
    gated.refused("branch", "strict", "origin/strict")


def test_governance_refuses_upstream_history_all_the_same(gated: Gated, upstream: Gated) -> None:
    upstream.commit(".sot/02-ISSUES/x.md", "no header\n")
    gated.git("remote", "add", "origin", str(upstream.path))
    gated.git("fetch", "-q", "--no-tags", "origin")
    assert "frontmatter-missing" in gated.refused("branch", "theirs", "origin/main")


def test_a_shallow_clone_takes_commits_and_refuses_what_it_cannot_follow(upstream: Gated, tmp_path: Path) -> None:
    upstream.git("clone", "-q", "--depth=1", f"file://{upstream.path}", str(tmp_path / "shallow"))
    shallow = Gated(tmp_path / "shallow")
    assert shallow.sotctl("hooks", "install").returncode == 0
    shallow.commit("b.txt")
    upstream.git("checkout", "-q", "-b", "more")
    upstream.commit("c.txt")
    upstream.commit("d.txt")
    before = shallow.refs()
    done = shallow.try_git("fetch", "--depth=1", "origin", "more:more")
    assert done.returncode != 0
    assert "could not be verified" in done.stderr
    assert "git fetch --unshallow" in done.stderr
    assert shallow.refs() == before
    shallow.refused("update-ref", "refs/heads/x", shallow.bad_commit())


def test_check_of_a_range_that_a_shallow_clone_cannot_follow_never_passes(upstream: Gated, tmp_path: Path) -> None:
    upstream.commit(".sot/sot.toml", "")
    upstream.git("clone", "-q", "--depth=1", f"file://{upstream.path}", str(tmp_path / "shallow"))
    done = Gated(tmp_path / "shallow").sotctl("check", "--range", "HEAD")
    assert (done.returncode, "could not be verified" in done.stderr) == (3, True)


def test_a_partial_clone_whose_objects_cannot_be_had_is_refused(upstream: Gated, tmp_path: Path) -> None:
    upstream.git("checkout", "-q", "-b", "more")
    head = upstream.commit("c.txt", "other\n")
    upstream.git("checkout", "-q", "main")
    upstream.git("clone", "-q", "--filter=blob:none", f"file://{upstream.path}", str(tmp_path / "partial"))
    partial = Gated(tmp_path / "partial")
    assert partial.sotctl("hooks", "install").returncode == 0
    partial.git("branch", "first", head)  # the blobs are fetched, and read
    partial.git("branch", "-D", "first")
    upstream.git("checkout", "-q", "more")
    head = upstream.commit("d.txt", "another\n")
    partial.git("fetch", "-q")
    upstream.path.rename(tmp_path / "away")
    done = partial.try_git("branch", "second", head)
    assert done.returncode != 0
    assert "could not be checked" in done.stderr
    partial.commit("e.txt")


@pytest.fixture
def server(gated: Gated, tmp_path: Path) -> Gated:
    """A bare repository with the hooks of a server, and `gated` with it as origin."""
    gated.git("clone", "-q", "--bare", ".", str(tmp_path / "server.git"))
    done = gated.sotctl("hooks", "install", "--server", "--repo", str(tmp_path / "server.git"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["pre-receive", "live", "reference-transaction", "live"]
    gated.git("remote", "add", "origin", str(tmp_path / "server.git"))
    return Gated(tmp_path / "server.git")


def test_a_push_without_verification_is_refused_and_leaves_no_object(gated: Gated, server: Gated) -> None:
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    gated.ungated("commit", "-qm", "x")
    gated.ungated("rm", "-q", "a.txt")
    gated.ungated("commit", "-qm", "take it out in the same push")
    before = server.refs()
    done = gated.try_git("push", "--no-verify", "origin", "main")
    assert (done.returncode, server.refs()) == (1, before)
    assert "a.txt:1:7" in done.stderr
    assert TOKEN not in done.stderr
    for name in ("HEAD", "HEAD~1", "HEAD~1:a.txt", "HEAD~1^{tree}"):
        assert not server.has_object(gated.git("rev-parse", name))


def test_the_verdict_of_hook_server_and_ci_is_the_same(gated: Gated, server: Gated) -> None:
    gated.write(".sot/sot.toml", "")
    gated.git("add", ".sot")
    gated.ungated("commit", "-qm", "a store")
    bad = gated.bad_commit()
    said = [gated.refused("branch", "bad", bad)]
    gated.ungated("branch", "bad", bad)
    said += [gated.try_git("push", *how, "origin", "bad").stderr for how in ([], ["--no-verify"])]
    said.append(gated.sotctl("check", "--range", f"main..{bad}").stdout)
    assert [("leak.txt:1:7" in text, "github-token" in text) for text in said] == [(True, True)] * 4


def test_a_push_of_what_is_clean_passes(gated: Gated, server: Gated) -> None:
    gated.commit("b.txt")
    gated.git("tag", "-a", "v1", "-m", "release")
    gated.git("push", "-q", "origin", "main", "v1")
    gated.git("push", "-q", "origin", ":v1")


def test_a_server_refuses_a_ref_that_is_not_guarded_too(gated: Gated, server: Gated) -> None:
    bad = gated.bad_commit()
    done = gated.try_git("push", "--no-verify", "origin", f"{bad}:refs/hidden/x")
    assert (done.returncode, "is refused" in done.stderr) == (1, True)


def test_a_push_looks_at_what_the_remote_does_not_have(gated: Gated, tmp_path: Path) -> None:
    """A commit from before the hooks is seen when it would leave the machine."""
    gated.git("clone", "-q", "--bare", ".", str(tmp_path / "plain.git"))
    gated.git("remote", "add", "origin", str(tmp_path / "plain.git"))
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    gated.ungated("commit", "-qm", "x")
    done = gated.try_git("push", "origin", "main")
    assert (done.returncode, "this push is refused" in done.stderr) == (1, True)
    done = gated.try_git("push", str(tmp_path / "plain.git"), "main")
    assert (done.returncode, "this push is refused" in done.stderr) == (1, True)


def test_a_hook_that_is_killed_on_a_server_refuses_the_push(gated: Gated, server: Gated) -> None:
    path = server.path / "hooks" / "pre-receive"
    path.write_text("#!/bin/sh\nkill -9 $$\n")
    gated.commit("b.txt")
    before = server.refs()
    done = subprocess.run(["git", "push", "origin", "main"], cwd=gated.path, capture_output=True, check=False)
    assert (done.returncode, server.refs()) == (1, before)
