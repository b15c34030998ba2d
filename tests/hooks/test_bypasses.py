"""Every way to a guarded ref: what holds a secret does not get there, whichever git command tries."""

from __future__ import annotations

import pytest

from gated import SECRET, Gated, create
from samples import TOKEN

pytestmark = pytest.mark.slow  # each takes little, all together take long


def test_a_secret_is_staged_and_the_working_tree_is_clean_of_it(gated: Gated) -> None:
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    gated.write("a.txt", "clean\n")
    said = gated.refused("commit", "-m", "x")
    assert "a.txt:1:7" in said
    assert gated.git("status", "--porcelain") == "AM a.txt"


def test_a_secret_in_the_working_tree_alone_is_allowed(gated: Gated) -> None:
    gated.write("a.txt", "clean\n")
    gated.git("add", "a.txt")
    gated.write("a.txt", SECRET)
    gated.git("commit", "-qm", "x")


def test_a_clean_filter_puts_a_secret_in(gated: Gated) -> None:
    gated.git("config", "filter.leak.clean", f"sed s/NAME/{TOKEN}/")
    gated.commit(".gitattributes", "*.txt filter=leak\n")
    gated.write("a.txt", "NAME\n")
    gated.git("add", "a.txt")
    gated.refused("commit", "-m", "x")


@pytest.mark.parametrize("attribute", ["-diff", "binary", "diff=none", "-text -diff -merge"])
def test_a_file_that_is_not_to_be_diffed_is_read_all_the_same(gated: Gated, attribute: str) -> None:
    gated.git("config", "diff.none.textconv", "true")
    gated.commit(".gitattributes", f"*.txt {attribute}\n")
    gated.write("a.txt", b"\0\1\2\n" + SECRET.encode())
    gated.git("add", "a.txt")
    gated.refused("commit", "-m", "x")
    gated.refused("commit", "--no-verify", "-m", "x")


def test_no_verify(gated: Gated) -> None:
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    said = gated.refused("commit", "--no-verify", "-m", "x")
    assert "Nothing is lost" in said
    assert gated.git("status", "--porcelain") == "A  a.txt"


@pytest.mark.parametrize("how", [["-o", "a.txt"], ["-a"], ["-i", "a.txt"]])
def test_every_form_of_commit(gated: Gated, how: list[str]) -> None:
    gated.commit("a.txt")
    gated.write("a.txt", SECRET)
    gated.refused("commit", "-m", "x", *how)
    gated.refused("commit", "--no-verify", "-m", "x", *how)


def test_amend_and_fixup(gated: Gated) -> None:
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    gated.refused("commit", "--amend", "--no-edit")
    gated.refused("commit", "--no-verify", "--amend", "--no-edit")
    gated.refused("commit", "--no-verify", "--fixup", "HEAD")


def test_another_index(gated: Gated) -> None:
    other = str(gated.path / "other-index")
    gated.git("read-tree", "HEAD", GIT_INDEX_FILE=other)
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt", GIT_INDEX_FILE=other)
    gated.refused("commit", "-m", "x", GIT_INDEX_FILE=other)
    gated.git("commit", "--allow-empty", "-qm", "the usual index is clean")


def test_commit_tree_and_update_ref(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.refused("update-ref", "refs/heads/main", bad)
    gated.refused("update-ref", "--stdin", stdin=f"create refs/heads/new {bad}\n")
    gated.refused("update-ref", "refs/heads/main", bad, gated.git("rev-parse", "main"))


@pytest.mark.parametrize("how", ["--soft", "--mixed", "--hard"])
def test_reset_to_a_bad_commit(gated: Gated, how: str) -> None:
    bad = gated.bad_commit()
    gated.refused("reset", how, bad)


def test_a_branch_at_a_bad_commit(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.refused("branch", "new", bad)
    gated.refused("branch", "-f", "new", bad)
    gated.refused("switch", "-c", "new", bad)
    gated.refused("checkout", "-b", "new", bad)


def test_a_branch_from_a_commit_behind_which_a_bad_one_lies(gated: Gated) -> None:
    """Every commit of a range is judged, not its tip."""
    bad = gated.bad_commit()
    clean = gated.git("commit-tree", "HEAD^{tree}", "-p", bad, "-m", "takes it out again")
    said = gated.refused("branch", "new", clean)
    assert bad[:12] in said


def test_a_detached_head_may_hold_it_until_a_ref_names_it(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.git("checkout", "-q", "--detach", bad)
    assert gated.git("rev-parse", "HEAD") == bad
    gated.refused("switch", "-c", "new")
    gated.git("switch", "-q", "main")


def test_fast_forward_and_merge(gated: Gated) -> None:
    bad = gated.bad_commit()
    for how in (["--ff-only"], ["--no-ff", "-m", "x"], ["--no-ff", "--no-verify", "-m", "x"]):
        gated.refused("merge", *how, bad)
        gated.git("reset", "-q", "--hard")


def test_cherry_pick(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.refused("cherry-pick", bad)
    gated.git("reset", "-q", "--hard")
    gated.git("cherry-pick", "--no-commit", bad)
    gated.refused("commit", "--no-verify", "-m", "x")


def test_the_revert_of_its_removal(gated: Gated) -> None:
    """The blob is in the history already, from before the hooks; that it comes back is new."""
    gated.write("a.txt", SECRET)
    gated.git("add", "a.txt")
    gated.ungated("commit", "-qm", "before the hooks")
    gated.git("rm", "-q", "a.txt")
    gated.git("commit", "-qm", "take it out")
    gated.refused("revert", "--no-edit", "HEAD")


def test_rebase_and_the_way_back(gated: Gated) -> None:
    start = gated.git("rev-parse", "HEAD")
    bad = gated.bad_commit()
    gated.git("checkout", "-q", "-b", "side", start)
    gated.commit("side.txt")
    head = gated.git("rev-parse", "side")
    gated.refused("rebase", bad)
    assert gated.git("rev-parse", "side") == head
    gated.git("rebase", "--abort")
    assert gated.git("rev-parse", "HEAD") == head
    assert gated.git("status", "--porcelain") == ""
    assert gated.git("symbolic-ref", "HEAD") == "refs/heads/side"


def test_am(gated: Gated) -> None:
    patch = gated.git("format-patch", "--stdout", "-1", gated.bad_commit()) + "\n"
    head = gated.git("rev-parse", "HEAD")
    said = gated.refused("am", stdin=patch)
    assert "git am --abort" in said
    gated.git("am", "--abort")
    gated.hook("pre-applypatch").unlink()
    gated.refused("am", stdin=patch)
    gated.git("am", "--abort")
    assert (gated.git("rev-parse", "HEAD"), gated.git("status", "--porcelain")) == (head, "")


def test_fetch_into_a_branch(gated: Gated) -> None:
    other = create(gated.path.parent / "other", hooks=False)
    other.commit("a.txt", SECRET)
    gated.refused("fetch", str(other.path), "main:from-there")


def test_a_push_into_this_repository(gated: Gated) -> None:
    other = create(gated.path.parent / "other", hooks=False)
    other.commit("a.txt", SECRET)
    before = gated.refs()
    done = other.try_git("push", str(gated.path), "main:pushed")
    assert "is refused" in done.stderr, done.stderr
    assert TOKEN not in done.stderr
    assert (done.returncode, gated.refs()) == (128, before)


def test_fast_import(gated: Gated) -> None:
    stream = (
        f"commit refs/heads/imported\ncommitter Ada <a@example.com> 1700000000 +0000\ndata 1\nx\n"
        f"M 100644 inline a.txt\ndata {len(SECRET)}\n{SECRET}\n"
    )
    before = gated.refs()
    done = gated.try_git("fast-import", "--quiet", stdin=stream)
    assert "is refused" in done.stderr
    assert gated.refs() == before


def test_filter_branch(gated: Gated) -> None:
    """It shows nothing of what a hook says."""
    before = gated.refs()
    done = gated.try_git(
        "filter-branch", "-f", "--tree-filter", f"echo {TOKEN} > a.txt", "main", FILTER_BRANCH_SQUELCH_WARNING="1"
    )
    assert (done.returncode, gated.refs()) == (1, before)
    assert "Could not rewrite refs/heads/main" in done.stderr


@pytest.mark.parametrize("message", ["a {}", "subject\n\nbody\n\nReviewed-by: {}"])
def test_a_secret_in_a_message_or_trailer(gated: Gated, message: str) -> None:
    text = message.format(TOKEN)
    gated.refused("commit", "--allow-empty", "-m", text)
    gated.refused("commit", "--no-verify", "--allow-empty", "-m", text)


EDITOR = {"GIT_EDITOR": "sed -i '1i A message'"}


@pytest.mark.parametrize("mark", ["#", ";", "auto"])
def test_what_git_tells_in_a_message_that_is_edited_is_not_part_of_it(gated: Gated, mark: str) -> None:
    """The change that takes a secret out names it there: as a line of the difference, or as a path."""
    gated.git("config", "core.commentChar", mark)
    gated.write("a.txt", SECRET)
    gated.write(f"{TOKEN}.txt", "fine\n")
    gated.git("add", "-A")
    gated.ungated("commit", "-qm", "before the hooks")
    gated.write("a.txt", "clean\n")
    gated.git("commit", "-qa", "--verbose", **EDITOR)
    gated.git("mv", f"{TOKEN}.txt", "b.txt")
    gated.git("commit", "-q", **EDITOR)
    assert gated.git("log", "-2", "--format=%B").split() == ["A", "message"] * 2
    gated.refused("commit", "--allow-empty", "-m", f"{'#' if mark == 'auto' else mark} {TOKEN}")
    gated.refused("commit", "--allow-empty", GIT_EDITOR=f"sed -i '1i {TOKEN}'")
    gated.refused("commit", "--allow-empty", "--cleanup=verbatim", GIT_EDITOR=f"sed -i '1i x\\n# {TOKEN}'")


@pytest.mark.parametrize("who", ["AUTHOR", "COMMITTER"])
def test_a_secret_in_author_or_committer(gated: Gated, who: str) -> None:
    said = gated.refused("commit", "--allow-empty", "-m", "x", **{f"GIT_{who}_NAME": f"Ada {TOKEN}"})
    assert "commit header" in said


def test_a_secret_in_a_tag_message(gated: Gated) -> None:
    said = gated.refused("tag", "-a", "v1", "-m", f"release {TOKEN}")
    assert "tag message" in said
    gated.git("tag", "-a", "v1", "-m", "release")


def test_a_tag_of_a_bad_commit_of_a_tag_of_it_of_a_tree_and_of_a_blob(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.refused("tag", "v1", bad)
    gated.refused("tag", "-a", "-m", "x", "v1", bad)
    gated.refused("tag", "v1", f"{bad}^{{tree}}")
    gated.refused("tag", "v1", f"{bad}:leak.txt")
    gated.git("tag", "fine", "HEAD^{tree}")


def test_a_secret_in_a_note(gated: Gated) -> None:
    gated.refused("notes", "add", "-m", f"see {TOKEN}")
    gated.git("notes", "add", "-m", "fine")


def test_a_refused_stash_loses_nothing(gated: Gated) -> None:
    gated.write("notes.md", SECRET)
    said = gated.refused("stash")
    assert gated.git("status", "--porcelain") == " M notes.md"
    named = said.partition("git stash apply ")[2].split()[0]
    gated.git("checkout", "-q", "--", "notes.md")
    gated.git("stash", "apply", named)
    assert (gated.path / "notes.md").read_text() == SECRET


def test_a_secret_in_an_untracked_file_of_a_stash(gated: Gated) -> None:
    gated.write("new.txt", SECRET)
    gated.refused("stash", "push", "--include-untracked")
    assert (gated.path / "new.txt").read_text() == SECRET


def test_a_clean_stash_is_kept_and_comes_back(gated: Gated) -> None:
    gated.write("notes.md", "changed\n")
    gated.git("stash")
    gated.write("notes.md", "changed again\n")
    gated.git("stash")
    gated.git("stash", "drop")
    gated.git("stash", "pop")
    assert (gated.path / "notes.md").read_text() == "changed\n"


def test_what_the_stash_names_already_is_not_new(gated: Gated) -> None:
    gated.write("notes.md", SECRET)
    gated.ungated("stash")
    gated.git("branch", "kept", "refs/stash")
    gated.ungated("stash", "drop")
    gated.git("tag", "kept-too", "kept")


def test_a_secret_in_a_path(gated: Gated) -> None:
    gated.write(f"{TOKEN}.txt", "fine\n")
    gated.git("add", ".")
    assert "(path withheld)" in gated.refused("commit", "-m", "x")
    gated.refused("commit", "--no-verify", "-m", "x")


def test_a_secret_in_the_name_of_a_ref(gated: Gated) -> None:
    assert "ref name withheld" in gated.refused("branch", TOKEN)
    gated.refused("tag", TOKEN)


@pytest.mark.parametrize(
    "change",
    [
        ["git mv notes.md moved.md", "printf %s '{}' >> moved.md"],
        ["chmod +x notes.md", "printf %s '{}' >> notes.md"],
        ["rm notes.md", "ln -s '{}' notes.md"],
    ],
    ids=["rename with an edit", "mode change", "type change"],
)
def test_a_rename_a_mode_change_and_a_type_change_are_seen(gated: Gated, change: list[str]) -> None:
    for line in change:
        assert gated.run("sh", "-c", line.format(TOKEN)).returncode == 0
    gated.git("add", "-A")
    gated.refused("commit", "-m", "x")
    gated.refused("commit", "--no-verify", "-m", "x")


def test_a_file_that_is_a_secret_by_its_name_beside_one_of_the_same_bytes(gated: Gated) -> None:
    key = "9f8e7d6c5b4a" + "39281706f5e4d3c2b1a0\n"
    gated.write("a.txt", key)
    gated.write("config/master.key", key)
    gated.git("add", "-A")
    gated.refused("commit", "-m", "x")
    assert "config/master.key" in gated.refused("commit", "--no-verify", "-m", "x")
    gated.write(".sot/sot.toml", "")
    gated.git("add", "-A")
    assert "config/master.key" in gated.refused("commit", "--no-verify", "-m", "x")


def test_add_n_assume_unchanged_and_skip_worktree_do_not_count(gated: Gated) -> None:
    gated.write("planned.txt", SECRET)
    gated.git("add", "-N", "planned.txt")
    gated.git("commit", "--allow-empty", "-qm", "the blob is not there")
    gated.git("reset", "-q")
    for flag in ("assume-unchanged", "skip-worktree"):
        gated.write(f"{flag}.txt", SECRET)
        gated.git("add", f"{flag}.txt")
        gated.git("update-index", f"--{flag}", f"{flag}.txt")
        gated.write(f"{flag}.txt", "clean\n")
        gated.refused("commit", "-m", "x")
        gated.git("update-index", f"--no-{flag}", f"{flag}.txt")
        gated.git("reset", "-q")


def test_replaced_and_grafted_objects_are_seen_through(gated: Gated) -> None:
    bad, head = gated.bad_commit(), gated.git("rev-parse", "HEAD")
    clean = gated.git("commit-tree", "HEAD^{tree}", "-p", bad, "-m", "on top")
    gated.git("replace", bad, head)
    gated.refused("branch", "new", bad)
    gated.git("replace", "-d", bad)
    gated.write(".git/info/grafts", f"{clean} {head}\n")
    gated.refused("branch", "new", clean)


def test_several_refs_at_once_are_all_or_none(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.refused("update-ref", "--stdin", stdin=f"create refs/heads/a HEAD\ncreate refs/heads/b {bad}\n")


def test_a_namespaced_branch_is_guarded(gated: Gated) -> None:
    done = gated.try_git("update-ref", "refs/namespaces/n/refs/heads/x", gated.bad_commit())
    assert (done.returncode, "is refused" in done.stderr) == (128, True)


def test_what_is_not_guarded_is_let_through(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.git("update-ref", "refs/hidden/x", bad)
    gated.refused("update-ref", "refs/heads/x", "refs/hidden/x")


def test_a_ref_can_be_guarded_besides(gated: Gated) -> None:
    assert gated.sotctl("hooks", "install", "--guard", "refs/hidden/").returncode == 0
    done = gated.try_git("update-ref", "refs/hidden/x", gated.bad_commit())
    assert "is refused" in done.stderr
    assert gated.sotctl("hooks", "install").returncode == 0
    assert "refs/hidden/" in gated.hook("reference-transaction").read_text()


@pytest.mark.parametrize("name", ["refs/heads/s", "refs/tags/s", "refs/notes/s"])
@pytest.mark.parametrize("over", [(), ("refs/heads/t",)], ids=["straight", "over another"])
def test_a_symbolic_ref_to_a_ref_that_is_not_guarded_launders_nothing(
    gated: Gated, name: str, over: tuple[str, ...]
) -> None:
    bad = gated.bad_commit()
    gated.git("update-ref", "refs/foo/x", bad)
    names = (*over, name)
    for one, target in zip(names, ("refs/foo/x", *over), strict=True):
        gated.git("symbolic-ref", one, target)
    before = gated.refs()
    done = gated.try_git("branch", "y", bad)
    assert (done.returncode != 0, "is refused" in done.stderr, gated.refs()) == (True, True, before)


def test_a_symbolic_ref_to_a_guarded_ref_is_no_reason_to_look_again(gated: Gated) -> None:
    gated.git("symbolic-ref", "refs/heads/s", "refs/heads/main")
    gated.git("branch", "y")
