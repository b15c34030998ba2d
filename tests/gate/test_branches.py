"""HEAD must be a branch that hooks guard, and a later branch must not have revoked what it holds."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.gate_house import NAME, House
from sotctl.admissions.admission import parse_admission
from sotctl.gate.trials import admission, encode

NOW = datetime.now(UTC)
ADMITTED = ("admitted", "admitted")
UNGUARDED = ("invalid_admission", "head-unguarded")
UNREADABLE = ("invalid_admission", "git-unreadable")
UNCOMMITTED = ("invalid_admission", "admission-not-committed")
INVALID = ("invalid_admission", "configuration-invalid")
REVOKED = ("not_admitted", "revoked")
CONFIGURATION = ".sot/sot.toml"


def revoke(house: House) -> None:
    house.commit({NAME: parse_admission(NAME, house.file.read_bytes()).with_status("revoked")})


def test_a_detached_head_is_guarded_by_nothing(house: House) -> None:
    house.git("checkout", "-q", "--detach")
    assert house.decided() == UNGUARDED


def test_a_fetched_commit_that_is_checked_out_is_guarded_by_nothing(house: House, tmp_path: Path) -> None:
    house.git("clone", "-q", str(house.path), str(tmp_path / "other"))
    house.git("fetch", "-q", str(tmp_path / "other"), "main")
    house.git("checkout", "-q", "FETCH_HEAD")
    assert house.decided() == UNGUARDED
    house.git("remote", "add", "other", str(tmp_path / "other"))
    house.git("fetch", "-q", "other")
    house.git("symbolic-ref", "HEAD", "refs/remotes/other/main")
    assert house.decided() == UNGUARDED


@pytest.mark.parametrize("ref", ["refs/foo/x", "refs/tags/x", "refs/stash", "refs/bisect/bad", "refs/worktree/x"])
def test_a_ref_that_is_no_branch_is_guarded_by_nothing(house: House, ref: str) -> None:
    house.git("update-ref", ref, "HEAD")
    house.git("symbolic-ref", "HEAD", ref)
    assert house.decided() == UNGUARDED


def test_a_branch_that_leads_elsewhere_is_guarded_by_nothing(house: House) -> None:
    house.git("update-ref", "refs/foo/x", "HEAD")
    house.git("symbolic-ref", "refs/heads/side", "refs/foo/x")
    assert house.decided("--ref", "refs/heads/side") == UNGUARDED
    house.git("symbolic-ref", "HEAD", "refs/heads/side")
    assert house.decided() == UNGUARDED


def test_a_branch_that_leads_to_a_branch_is_that_branch(house: House) -> None:
    house.git("symbolic-ref", "refs/heads/side", "refs/heads/main")
    house.git("symbolic-ref", "HEAD", "refs/heads/side")
    assert house.gate()["ref"] == "refs/heads/main"


def test_a_rebase_in_progress_is_guarded_by_nothing(house: House) -> None:
    house.commit({"a": b"1"})
    house.git("checkout", "-q", "-b", "side", "HEAD~1")
    house.commit({"a": b"2"})
    with pytest.raises(AssertionError):
        house.git("rebase", "-q", "main")
    assert house.decided() == UNGUARDED
    house.git("rebase", "--abort")
    assert house.decided() == ADMITTED


def test_the_head_of_another_work_tree_is_no_branch(house: House, tmp_path: Path) -> None:
    house.git("worktree", "add", "-q", "--detach", str(tmp_path / "side"))
    assert House(tmp_path / "side").decided() == UNGUARDED
    for ref in ("worktrees/side/HEAD", "main-worktree/HEAD", "HEAD"):
        assert house.decided("--ref", ref) == UNGUARDED


@pytest.mark.parametrize(
    "ref",
    ["main", "HEAD", "refs/heads/main~0", "refs/heads/main^{commit}", "refs/heads/main@{0}", "refs/heads/none",
     "refs/tags/v1", "refs/heads/../heads/main", "refs/heads/*", "refs/heads/Main", "-q", "refs/heads/"],
)  # fmt: skip
def test_only_the_full_name_of_a_branch_may_stand_for_head(house: House, ref: str) -> None:
    house.git("tag", "v1")
    house.git("checkout", "-q", "--detach")
    assert house.decided(f"--ref={ref}") == UNGUARDED
    assert house.decided(SOTCTL_REF=ref) == UNGUARDED


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/remotes/origin/main", "refs/remotes/origin/HEAD"])
def test_a_named_branch_stands_for_head(house: House, tmp_path: Path, ref: str) -> None:
    house.git("clone", "-q", str(house.path), str(tmp_path / "clone"))
    clone = House(tmp_path / "clone")
    clone.git("checkout", "-q", "--detach")
    clone.commit({"x": b"", CONFIGURATION: b'[approval]\napprovers = ["Eve"]\n'})
    assert clone.decided() == UNGUARDED
    assert clone.decided("--ref", ref) == ADMITTED
    assert clone.gate(SOTCTL_REF=ref)["ref"] == ref
    clone.file.write_bytes(clone.file.read_bytes() + b"\n")
    clone.git("commit", "-qam", "x")
    assert clone.decided("--ref", ref) == UNCOMMITTED


def test_the_configured_branch_goes_before_the_variable_and_behind_the_option(house: House) -> None:
    house.git("branch", "old")
    house.commit({CONFIGURATION: b'[gate]\nref = "refs/heads/main"\n'})
    assert house.gate(SOTCTL_REF="refs/heads/old")["ref"] == "refs/heads/main"
    assert house.gate("--ref", "refs/heads/old", SOTCTL_REF="refs/heads/main")["ref"] == "refs/heads/old"
    assert house.gate("--ref=")["ref"] == "refs/heads/main"
    house.git("checkout", "-q", "--detach")
    assert house.gate()["ref"] == "refs/heads/main"
    assert house.gate(SOTCTL_REF="refs/heads/main")["ref"] == "refs/heads/main"


def test_a_commit_that_nobody_guards_names_no_remote_tracking_branch(house: House, tmp_path: Path) -> None:
    """It may be a stranger's, and so may the remote be."""
    house.git("clone", "-q", str(house.path), str(tmp_path / "other"))
    other = House(tmp_path / "other")
    other.commit({CONFIGURATION: b'[gate]\nref = "refs/remotes/other/main"\n'})
    house.git("remote", "add", "other", str(other.path))
    house.git("fetch", "-q", "other")
    house.git("checkout", "-q", "other/main")
    assert house.decided() == UNGUARDED
    assert house.decided("--ref", "refs/remotes/other/main") == ADMITTED


def test_a_named_branch_does_not_hold_a_file_outside(house: House, tmp_path: Path) -> None:
    shutil.copy(house.file, tmp_path / "outside.json")
    outside = str(tmp_path / "outside.json")
    assert house.decided("--admission-file", outside, "--ref", "refs/heads/main") == UNCOMMITTED
    assert house.decided("--admission-file", outside, SOTCTL_REF="refs/heads/main") == UNCOMMITTED


def test_what_a_later_branch_revoked_is_not_admitted_whatever_is_checked_out(house: House) -> None:
    house.git("branch", "old")
    house.commit({"a": b""})
    revoke(house)
    assert house.decided() == REVOKED
    house.git("checkout", "-q", "old")
    said = house.gate()
    assert (said["reason"], said["message"]) == (
        "revoked",
        "the admission is no longer in force on `refs/heads/main`, which contains this commit",
    )
    house.git("checkout", "-q", "--detach", "main~1")
    assert house.decided("--ref", "refs/heads/old") == REVOKED
    house.git("pack-refs", "--all")
    assert house.decided("--ref", "refs/heads/old") == REVOKED


def test_what_a_remote_tracking_branch_revoked_is_not_admitted(house: House, tmp_path: Path) -> None:
    house.git("clone", "-q", str(house.path), str(tmp_path / "clone"))
    clone = House(tmp_path / "clone")
    revoke(house)
    assert clone.decided() == ADMITTED
    clone.git("fetch", "-q")
    assert clone.decided() == REVOKED


def test_an_admission_that_a_later_branch_has_removed_or_spoilt_is_not_admitted(house: House) -> None:
    house.git("branch", "old")
    house.git("rm", "-q", NAME)
    house.git("commit", "-qm", "gone")
    house.git("checkout", "-q", "old")
    assert house.decided() == REVOKED
    house.git("checkout", "-q", "main")
    house.commit({NAME: b"{"})
    house.git("checkout", "-q", "old")
    assert house.decided() == REVOKED


def test_a_branch_that_is_older_or_has_gone_another_way_revokes_nothing(house: House) -> None:
    house.git("branch", "base")
    house.commit({"a": b""})
    house.git("checkout", "-q", "--orphan", "pages")
    house.git("rm", "-rfq", ".")
    house.commit({"index.html": b""})
    house.git("checkout", "-q", "-b", "other", "base")
    revoke(house)
    house.git("checkout", "-q", "main")
    assert house.decided() == ADMITTED


def test_a_later_decision_for_the_pair_revokes_nothing(house: House) -> None:
    house.git("branch", "old")
    revoke(house)
    house.commit({NAME: encode(admission(NOW, review_trigger="until it is revoked"))})
    house.git("checkout", "-q", "old")
    assert house.decided() == ADMITTED


@pytest.mark.parametrize("hidden", ["replace", "graft"])
def test_a_history_that_git_is_told_to_see_otherwise_hides_no_revocation(house: House, hidden: str) -> None:
    house.git("branch", "old")
    revoke(house)
    tree, tip = house.git("rev-parse", "main^{tree}").strip(), house.git("rev-parse", "main").strip()
    if hidden == "replace":
        alone = house.git("commit-tree", tree, "-m", "alone").strip()
        house.git("replace", tip, alone)
        house.git("config", "core.useReplaceRefs", "true")
    else:
        (house.path / ".git/info/grafts").write_text(f"{tip}\n")
    house.git("checkout", "-q", "old")
    assert house.decided() == REVOKED


def test_a_setting_that_brings_replaced_objects_back_does_not_decide(house: House) -> None:
    """Git up to 2.41 lets the setting override GIT_NO_REPLACE_OBJECTS."""
    blob = house.git("rev-parse", f"HEAD:{NAME}").strip()
    house.file.write_bytes(encode(admission(NOW, review_trigger="until it is revoked")))
    house.git("replace", blob, house.git("hash-object", "-w", NAME).strip())
    house.git("config", "core.useReplaceRefs", "true")
    assert house.decided() == UNCOMMITTED


@pytest.mark.parametrize("what", [CONFIGURATION, NAME, ".sot", ".sot/03-PROTOCOLS", ""])
def test_a_missing_object_is_never_replaced_by_a_default(house: House, what: str) -> None:
    house.commit({CONFIGURATION: b"[approval]\nrequire_signature = true\n"})
    oid = house.git("rev-parse", f"HEAD:{what}" if what else "HEAD^{tree}").strip()
    (house.path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    assert house.decided() == UNREADABLE


@pytest.mark.parametrize(
    ("what", "instead"), [(f"HEAD:{CONFIGURATION}", "HEAD:empty"), ("HEAD:.sot", "HEAD~1:.sot"), ("HEAD", "HEAD~1")]
)
def test_an_object_under_the_id_of_another_is_not_believed(house: House, what: str, instead: str) -> None:
    """Git itself takes a loose object for what its name says."""
    house.commit({CONFIGURATION: b"[approval]\nrequire_signature = true\n", "empty": b""})
    true, false = (house.git("rev-parse", name).strip() for name in (what, instead))
    true_file, false_file = (house.path / ".git/objects" / oid[:2] / oid[2:] for oid in (true, false))
    true_file.chmod(0o644)
    true_file.write_bytes(false_file.read_bytes())
    assert house.decided() == UNREADABLE


def test_the_missing_tip_of_another_branch_may_hold_a_revocation(house: House) -> None:
    house.git("branch", "old")
    revoke(house)
    tip = house.git("rev-parse", "main").strip()
    house.git("checkout", "-q", "old")
    (house.path / ".git/objects" / tip[:2] / tip[2:]).unlink()
    assert house.decided() == UNREADABLE
    (house.path / ".git/refs/heads/main").write_text("nonsense\n")
    assert house.decided() == UNREADABLE


def test_a_shallow_clone_that_holds_a_revocation_cannot_tell_whether_it_is_later(house: House, tmp_path: Path) -> None:
    house.git("branch", "old")
    house.commit({"a": b""})
    revoke(house)
    house.git(
        "clone", "-q", "--depth=1", "--no-single-branch", "-b", "old", f"file://{house.path}", str(tmp_path / "c")
    )
    clone = House(tmp_path / "c")
    said = clone.gate()
    assert (said["reason"], "shallow" in said["message"]) == ("git-unreadable", True)
    clone.git("fetch", "-q", "--unshallow")
    assert clone.decided() == REVOKED


def test_a_link_in_the_place_of_the_configuration_refuses(house: House) -> None:
    (house.path / CONFIGURATION).symlink_to("elsewhere")
    house.git("add", CONFIGURATION)
    house.git("commit", "-qm", "a link")
    assert house.decided() == UNREADABLE


def test_a_folder_of_the_store_that_looks_like_a_repository_is_none(house: House, tmp_path: Path) -> None:
    """Git would take `.sot` for a bare repository, whose HEAD could hold anything."""
    inner = House(tmp_path / "inner")
    inner.path.mkdir()
    inner.git("init", "-q", "-b", "main")
    changed = encode(admission(NOW, review_trigger="until it is revoked"))
    inner.commit({NAME: changed})
    for name in ("HEAD", "objects", "refs", "config"):
        (inner.path / ".git" / name).rename(house.path / ".sot" / name)
    with (house.path / ".sot/config").open("a") as file:
        file.write(f"[core]\n\tbare = false\n\tworktree = {house.path}\n")
    house.file.write_bytes(changed)
    assert house.decided() == UNCOMMITTED


def test_a_repository_that_git_does_not_take_is_not_searched_for_above(house: House, tmp_path: Path) -> None:
    inner = house.path / "inner"
    (inner / NAME).parent.mkdir(parents=True)
    shutil.copy(house.file, inner / NAME)
    for part in ("objects", "refs"):
        (inner / ".git" / part).mkdir(parents=True)
    (inner / ".git/HEAD").write_text("nonsense\n")
    assert house.decided("--admission-file", str(inner / NAME)) == UNREADABLE


def test_a_configuration_that_is_broken_at_the_named_branch_refuses(house: House) -> None:
    house.git("checkout", "-q", "-b", "side")
    house.commit({CONFIGURATION: b"[gate]\nref = 5\n"})
    house.git("checkout", "-q", "main")
    assert house.decided("--ref", "refs/heads/side") == INVALID
    for ref in ("main", "refs/tags/x", "HEAD", "refs/heads/a..b", "refs/heads/a b", "refs/heads/x@{1}"):
        house.commit({CONFIGURATION: f'[gate]\nref = "{ref}"\n'.encode()})
        assert house.decided() in (INVALID, UNGUARDED)
