"""HEAD must be a branch that hooks guard, and a later branch must not have revoked what it holds."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.gate_repository import NAME, GateRepository
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


def revoke(repository: GateRepository) -> None:
    repository.commit({NAME: parse_admission(NAME, repository.file.read_bytes()).with_status("revoked")})


def test_a_detached_head_is_guarded_by_nothing(repository: GateRepository) -> None:
    repository.git("checkout", "-q", "--detach")
    assert repository.decided() == UNGUARDED


def test_a_fetched_commit_that_is_checked_out_is_guarded_by_nothing(repository: GateRepository, tmp_path: Path) -> None:
    repository.git("clone", "-q", str(repository.path), str(tmp_path / "other"))
    repository.git("fetch", "-q", str(tmp_path / "other"), "main")
    repository.git("checkout", "-q", "FETCH_HEAD")
    assert repository.decided() == UNGUARDED
    repository.git("remote", "add", "other", str(tmp_path / "other"))
    repository.git("fetch", "-q", "other")
    repository.git("symbolic-ref", "HEAD", "refs/remotes/other/main")
    assert repository.decided() == UNGUARDED


@pytest.mark.parametrize("ref", ["refs/foo/x", "refs/tags/x", "refs/stash", "refs/bisect/bad", "refs/worktree/x"])
def test_a_ref_that_is_no_branch_is_guarded_by_nothing(repository: GateRepository, ref: str) -> None:
    repository.git("update-ref", ref, "HEAD")
    repository.git("symbolic-ref", "HEAD", ref)
    assert repository.decided() == UNGUARDED


def test_a_branch_that_leads_elsewhere_is_guarded_by_nothing(repository: GateRepository) -> None:
    repository.git("update-ref", "refs/foo/x", "HEAD")
    repository.git("symbolic-ref", "refs/heads/side", "refs/foo/x")
    assert repository.decided("--ref", "refs/heads/side") == UNGUARDED
    repository.git("symbolic-ref", "HEAD", "refs/heads/side")
    assert repository.decided() == UNGUARDED


def test_a_branch_that_leads_to_a_branch_is_that_branch(repository: GateRepository) -> None:
    repository.git("symbolic-ref", "refs/heads/side", "refs/heads/main")
    repository.git("symbolic-ref", "HEAD", "refs/heads/side")
    assert repository.gate()["ref"] == "refs/heads/main"


def test_a_rebase_in_progress_is_guarded_by_nothing(repository: GateRepository) -> None:
    repository.commit({"a": b"1"})
    repository.git("checkout", "-q", "-b", "side", "HEAD~1")
    repository.commit({"a": b"2"})
    with pytest.raises(AssertionError):
        repository.git("rebase", "-q", "main")
    assert repository.decided() == UNGUARDED
    repository.git("rebase", "--abort")
    assert repository.decided() == ADMITTED


def test_the_head_of_another_work_tree_is_no_branch(repository: GateRepository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "-q", "--detach", str(tmp_path / "side"))
    assert GateRepository(tmp_path / "side").decided() == UNGUARDED
    for ref in ("worktrees/side/HEAD", "main-worktree/HEAD", "HEAD"):
        assert repository.decided("--ref", ref) == UNGUARDED


@pytest.mark.parametrize(
    "ref",
    ["main", "HEAD", "refs/heads/main~0", "refs/heads/main^{commit}", "refs/heads/main@{0}", "refs/heads/none",
     "refs/tags/v1", "refs/heads/../heads/main", "refs/heads/*", "refs/heads/Main", "-q", "refs/heads/"],
)  # fmt: skip
def test_only_the_full_name_of_a_branch_may_stand_for_head(repository: GateRepository, ref: str) -> None:
    repository.git("tag", "v1")
    repository.git("checkout", "-q", "--detach")
    assert repository.decided(f"--ref={ref}") == UNGUARDED
    assert repository.decided(SOTCTL_REF=ref) == UNGUARDED


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/remotes/origin/main", "refs/remotes/origin/HEAD"])
def test_a_named_branch_stands_for_head(repository: GateRepository, tmp_path: Path, ref: str) -> None:
    repository.git("clone", "-q", str(repository.path), str(tmp_path / "clone"))
    clone = GateRepository(tmp_path / "clone")
    clone.git("checkout", "-q", "--detach")
    clone.commit({"x": b"", CONFIGURATION: b'[approval]\napprovers = ["Eve"]\n'})
    assert clone.decided() == UNGUARDED
    assert clone.decided("--ref", ref) == ADMITTED
    assert clone.gate(SOTCTL_REF=ref)["ref"] == ref
    clone.file.write_bytes(clone.file.read_bytes() + b"\n")
    clone.git("commit", "-qam", "x")
    assert clone.decided("--ref", ref) == UNCOMMITTED


def test_the_configured_branch_goes_before_the_variable_and_behind_the_option(repository: GateRepository) -> None:
    repository.git("branch", "old")
    repository.commit({CONFIGURATION: b'[gate]\nref = "refs/heads/main"\n'})
    assert repository.gate(SOTCTL_REF="refs/heads/old")["ref"] == "refs/heads/main"
    assert repository.gate("--ref", "refs/heads/old", SOTCTL_REF="refs/heads/main")["ref"] == "refs/heads/old"
    assert repository.gate("--ref=")["ref"] == "refs/heads/main"
    repository.git("checkout", "-q", "--detach")
    assert repository.gate()["ref"] == "refs/heads/main"
    assert repository.gate(SOTCTL_REF="refs/heads/main")["ref"] == "refs/heads/main"


def test_a_commit_that_nobody_guards_names_no_remote_tracking_branch(
    repository: GateRepository, tmp_path: Path
) -> None:
    """It may be a stranger's, and so may the remote be."""
    repository.git("clone", "-q", str(repository.path), str(tmp_path / "other"))
    other = GateRepository(tmp_path / "other")
    other.commit({CONFIGURATION: b'[gate]\nref = "refs/remotes/other/main"\n'})
    repository.git("remote", "add", "other", str(other.path))
    repository.git("fetch", "-q", "other")
    repository.git("checkout", "-q", "other/main")
    assert repository.decided() == UNGUARDED
    assert repository.decided("--ref", "refs/remotes/other/main") == ADMITTED


def test_a_named_branch_does_not_hold_a_file_outside(repository: GateRepository, tmp_path: Path) -> None:
    shutil.copy(repository.file, tmp_path / "outside.json")
    outside = str(tmp_path / "outside.json")
    assert repository.decided("--admission-file", outside, "--ref", "refs/heads/main") == UNCOMMITTED
    assert repository.decided("--admission-file", outside, SOTCTL_REF="refs/heads/main") == UNCOMMITTED


def test_what_a_later_branch_revoked_is_not_admitted_whatever_is_checked_out(repository: GateRepository) -> None:
    repository.git("branch", "old")
    repository.commit({"a": b""})
    revoke(repository)
    assert repository.decided() == REVOKED
    repository.git("checkout", "-q", "old")
    said = repository.gate()
    assert (said["reason"], said["message"]) == (
        "revoked",
        "the admission is no longer in force on `refs/heads/main`, which contains this commit",
    )
    repository.git("checkout", "-q", "--detach", "main~1")
    assert repository.decided("--ref", "refs/heads/old") == REVOKED
    repository.git("pack-refs", "--all")
    assert repository.decided("--ref", "refs/heads/old") == REVOKED


def test_what_a_remote_tracking_branch_revoked_is_not_admitted(repository: GateRepository, tmp_path: Path) -> None:
    repository.git("clone", "-q", str(repository.path), str(tmp_path / "clone"))
    clone = GateRepository(tmp_path / "clone")
    revoke(repository)
    assert clone.decided() == ADMITTED
    clone.git("fetch", "-q")
    assert clone.decided() == REVOKED


def test_an_admission_that_a_later_branch_has_removed_or_spoilt_is_not_admitted(repository: GateRepository) -> None:
    repository.git("branch", "old")
    repository.git("rm", "-q", NAME)
    repository.git("commit", "-qm", "gone")
    repository.git("checkout", "-q", "old")
    assert repository.decided() == REVOKED
    repository.git("checkout", "-q", "main")
    repository.commit({NAME: b"{"})
    repository.git("checkout", "-q", "old")
    assert repository.decided() == REVOKED


def test_a_branch_that_is_older_or_has_gone_another_way_revokes_nothing(repository: GateRepository) -> None:
    repository.git("branch", "base")
    repository.commit({"a": b""})
    repository.git("checkout", "-q", "--orphan", "pages")
    repository.git("rm", "-rfq", ".")
    repository.commit({"index.html": b""})
    repository.git("checkout", "-q", "-b", "other", "base")
    revoke(repository)
    repository.git("checkout", "-q", "main")
    assert repository.decided() == ADMITTED


def test_a_later_decision_for_the_pair_revokes_nothing(repository: GateRepository) -> None:
    repository.git("branch", "old")
    revoke(repository)
    repository.commit({NAME: encode(admission(NOW, review_trigger="until it is revoked"))})
    repository.git("checkout", "-q", "old")
    assert repository.decided() == ADMITTED


@pytest.mark.parametrize("hidden", ["replace", "graft"])
def test_a_history_that_git_is_told_to_see_otherwise_hides_no_revocation(
    repository: GateRepository, hidden: str
) -> None:
    repository.git("branch", "old")
    revoke(repository)
    tree, tip = repository.git("rev-parse", "main^{tree}").strip(), repository.git("rev-parse", "main").strip()
    if hidden == "replace":
        alone = repository.git("commit-tree", tree, "-m", "alone").strip()
        repository.git("replace", tip, alone)
        repository.git("config", "core.useReplaceRefs", "true")
    else:
        (repository.path / ".git/info/grafts").write_text(f"{tip}\n")
    repository.git("checkout", "-q", "old")
    assert repository.decided() == REVOKED


def test_a_setting_that_brings_replaced_objects_back_does_not_decide(repository: GateRepository) -> None:
    """Git up to 2.41 lets the setting override GIT_NO_REPLACE_OBJECTS."""
    blob = repository.git("rev-parse", f"HEAD:{NAME}").strip()
    repository.file.write_bytes(encode(admission(NOW, review_trigger="until it is revoked")))
    repository.git("replace", blob, repository.git("hash-object", "-w", NAME).strip())
    repository.git("config", "core.useReplaceRefs", "true")
    assert repository.decided() == UNCOMMITTED


@pytest.mark.parametrize("what", [CONFIGURATION, NAME, ".sot", ".sot/03-PROTOCOLS", ""])
def test_a_missing_object_is_never_replaced_by_a_default(repository: GateRepository, what: str) -> None:
    repository.commit({CONFIGURATION: b"[approval]\nrequire_signature = true\n"})
    oid = repository.git("rev-parse", f"HEAD:{what}" if what else "HEAD^{tree}").strip()
    (repository.path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    assert repository.decided() == UNREADABLE


@pytest.mark.parametrize(
    ("what", "instead"), [(f"HEAD:{CONFIGURATION}", "HEAD:empty"), ("HEAD:.sot", "HEAD~1:.sot"), ("HEAD", "HEAD~1")]
)
def test_an_object_under_the_id_of_another_is_not_believed(repository: GateRepository, what: str, instead: str) -> None:
    """Git itself takes a loose object for what its name says."""
    repository.commit({CONFIGURATION: b"[approval]\nrequire_signature = true\n", "empty": b""})
    true, false = (repository.git("rev-parse", name).strip() for name in (what, instead))
    true_file, false_file = (repository.path / ".git/objects" / oid[:2] / oid[2:] for oid in (true, false))
    true_file.chmod(0o644)
    true_file.write_bytes(false_file.read_bytes())
    assert repository.decided() == UNREADABLE


def test_the_missing_tip_of_another_branch_may_hold_a_revocation(repository: GateRepository) -> None:
    repository.git("branch", "old")
    revoke(repository)
    tip = repository.git("rev-parse", "main").strip()
    repository.git("checkout", "-q", "old")
    (repository.path / ".git/objects" / tip[:2] / tip[2:]).unlink()
    assert repository.decided() == UNREADABLE
    (repository.path / ".git/refs/heads/main").write_text("nonsense\n")
    assert repository.decided() == UNREADABLE


def test_a_shallow_clone_that_holds_a_revocation_cannot_tell_whether_it_is_later(
    repository: GateRepository, tmp_path: Path
) -> None:
    repository.git("branch", "old")
    repository.commit({"a": b""})
    revoke(repository)
    repository.git(
        "clone", "-q", "--depth=1", "--no-single-branch", "-b", "old", f"file://{repository.path}", str(tmp_path / "c")
    )
    clone = GateRepository(tmp_path / "c")
    said = clone.gate()
    assert (said["reason"], "shallow" in said["message"]) == ("git-unreadable", True)
    clone.git("fetch", "-q", "--unshallow")
    assert clone.decided() == REVOKED


def test_a_link_in_the_place_of_the_configuration_refuses(repository: GateRepository) -> None:
    (repository.path / CONFIGURATION).symlink_to("elsewhere")
    repository.git("add", CONFIGURATION)
    repository.git("commit", "-qm", "a link")
    assert repository.decided() == UNREADABLE


def test_a_folder_of_the_store_that_looks_like_a_repository_is_none(repository: GateRepository, tmp_path: Path) -> None:
    """Git would take `.sot` for a bare repository, whose HEAD could hold anything."""
    inner = GateRepository(tmp_path / "inner")
    inner.path.mkdir()
    inner.git("init", "-q", "-b", "main")
    changed = encode(admission(NOW, review_trigger="until it is revoked"))
    inner.commit({NAME: changed})
    for name in ("HEAD", "objects", "refs", "config"):
        (inner.path / ".git" / name).rename(repository.path / ".sot" / name)
    with (repository.path / ".sot/config").open("a") as file:
        file.write(f"[core]\n\tbare = false\n\tworktree = {repository.path}\n")
    repository.file.write_bytes(changed)
    assert repository.decided() == UNCOMMITTED


def test_a_repository_that_git_does_not_take_is_not_searched_for_above(
    repository: GateRepository, tmp_path: Path
) -> None:
    inner = repository.path / "inner"
    (inner / NAME).parent.mkdir(parents=True)
    shutil.copy(repository.file, inner / NAME)
    for part in ("objects", "refs"):
        (inner / ".git" / part).mkdir(parents=True)
    (inner / ".git/HEAD").write_text("nonsense\n")
    assert repository.decided("--admission-file", str(inner / NAME)) == UNREADABLE


def test_a_configuration_that_is_broken_at_the_named_branch_refuses(repository: GateRepository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({CONFIGURATION: b"[gate]\nref = 5\n"})
    repository.git("checkout", "-q", "main")
    assert repository.decided("--ref", "refs/heads/side") == INVALID
    for ref in ("main", "refs/tags/x", "HEAD", "refs/heads/a..b", "refs/heads/a b", "refs/heads/x@{1}"):
        repository.commit({CONFIGURATION: f'[gate]\nref = "{ref}"\n'.encode()})
        assert repository.decided() in (INVALID, UNGUARDED)
