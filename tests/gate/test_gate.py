"""The gate beyond the table: the work tree, the configuration at HEAD, links, owners, output and options."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.gate_repository import NAME, GateRepository
from sotctl.checks.run import explanations
from sotctl.documents.strict_json import MAX_BYTES
from sotctl.gate import admission_file
from sotctl.gate.committed_file import MAX_CONFIGURATION_BYTES
from sotctl.gate.trials import admission, encode, trials

NOW = datetime.now(UTC)
ADMITTED = ("admitted", "admitted")
UNCOMMITTED = ("invalid_admission", "admission-not-committed")
LINK = ("invalid_admission", "symbolic-link")
TOKEN = "sk-" + "ant-api03-" + "aB3_dE6g" * 11 + "AA"


def test_the_admitted_pair_passes_and_everything_promised_is_said(repository: GateRepository) -> None:
    said = repository.gate()
    values = json.loads(repository.file.read_bytes())
    assert said == {
        "type": "sotctl.gate/v1",
        "case_model_admission_status": "admitted",
        "reason": "admitted",
        "message": "`openai-codex/gpt-5.5` is admitted",
        "next": "start the process with exactly this pair",
        "case_model_provider": "openai-codex",
        "case_model": "gpt-5.5",
        "served_models": [],
        "requested": {"provider": "openai-codex", "model": "gpt-5.5"},
        "admission_file": str(repository.file),
        "admission_sha256": subprocess.run(
            ["sha256sum", repository.file], capture_output=True, text=True, check=True
        ).stdout.split()[0],
        "approval_source": values["approval_source"],
        "review_trigger": values["review_trigger"],
        "committed": True,
        "ref": "refs/heads/main",
        "signature": {"state": "unsigned"},
        "findings": [],
    }


def test_options_go_before_variables_also_when_they_are_empty(repository: GateRepository) -> None:
    assert repository.decided("--model", "gpt-5.4") == ("mismatch", "other-model")
    assert repository.decided("--model=") == ("not_admitted", "no-model-requested")
    assert repository.decided("--admission-file", "") == ("missing_admission", "no-admission-file")
    assert repository.decided("--provider", "openai-codex", CTO_HARNESS_CASE_MODEL_PROVIDER="vllm") == ADMITTED


def test_the_long_way_through_click_says_the_same(repository: GateRepository) -> None:
    """`--json` before an abbreviation that only click knows is refused; the plain long way must agree."""
    code = "from sotctl.cli import main; import sys; sys.argv = ['sotctl', 'gate', '--json']; main()"
    variables = {
        "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(repository.file),
        "CTO_HARNESS_CASE_MODEL_PROVIDER": "openai-codex",
        "CTO_HARNESS_CASE_MODEL": "gpt-5.5",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, repository.gate())


def test_help_and_a_wrong_option_are_answered_as_by_every_verb(repository: GateRepository) -> None:
    assert "missing_admission" in repository.call("--help").stdout
    wrong = repository.call("--modle", "x")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("error: no such option")
    assert repository.call("--model").returncode == 2


def test_a_secret_on_the_command_line_is_refused_unprinted(repository: GateRepository) -> None:
    done = repository.call("--json", "--model", TOKEN)
    assert done.returncode == 2
    assert TOKEN not in done.stdout + done.stderr


def test_a_secret_in_a_variable_is_never_printed(repository: GateRepository, tmp_path: Path) -> None:
    done = repository.call("--json", "--run-dir", str(tmp_path / "run"), CTO_HARNESS_CASE_MODEL=TOKEN)
    written = (tmp_path / "run/backend/provider-model-not-admitted.txt").read_text()
    assert json.loads(done.stdout)["reason"] == "other-model"
    assert TOKEN not in done.stdout + done.stderr + written
    assert "withheld" in written


def test_a_secret_in_the_file_is_never_printed(repository: GateRepository) -> None:
    repository.commit({NAME: encode(admission(NOW, rationale=f"see {TOKEN}"))})
    done = repository.call("--json")
    assert json.loads(done.stdout)["reason"] == "secret"
    assert TOKEN not in done.stdout + done.stderr


def test_every_problem_of_a_bad_file_is_named(repository: GateRepository) -> None:
    repository.commit({NAME: encode(admission(NOW, approval_source="TBD", model="latest", colour="blue"))})
    assert {finding["rule"] for finding in repository.gate()["findings"]} == {
        "approval-source-missing",
        "pair-floating",
        "field-unknown",
    }


def test_variables_of_another_repository_do_not_decide(repository: GateRepository, tmp_path: Path) -> None:
    """A file that only another repository has committed is not committed here."""
    other = GateRepository(tmp_path / "other")
    other.path.mkdir()
    other.git("init", "-q")
    changed = encode(admission(NOW, review_trigger="until it is revoked"))
    other.commit({NAME: changed})
    repository.file.write_bytes(changed)
    pointing = {"GIT_DIR": str(other.path / ".git"), "GIT_WORK_TREE": str(repository.path)}
    assert repository.decided(**pointing) == UNCOMMITTED
    assert repository.decided(GIT_INDEX_FILE=str(other.path / ".git/index")) == UNCOMMITTED


def test_a_replaced_object_does_not_decide(repository: GateRepository) -> None:
    blob = repository.git("rev-parse", f"HEAD:{NAME}").strip()
    repository.file.write_bytes(encode(admission(NOW, review_trigger="until it is revoked")))
    replacement = repository.git("hash-object", "-w", NAME).strip()
    repository.git("replace", blob, replacement)
    assert repository.decided() == UNCOMMITTED


def test_a_sha256_repository_is_read_as_well(tmp_path: Path) -> None:
    found = GateRepository(tmp_path / "new")
    found.path.mkdir()
    found.git("init", "-q", "--object-format=sha256")
    found.commit({NAME: encode(admission(NOW))})
    assert found.decided() == ADMITTED


def test_a_repository_without_a_commit_has_committed_nothing(tmp_path: Path) -> None:
    found = GateRepository(tmp_path / "new")
    found.file.parent.mkdir(parents=True)
    found.git("init", "-q")
    found.file.write_bytes(encode(admission(NOW)))
    assert found.decided() == UNCOMMITTED


def test_a_broken_repository_is_refused(repository: GateRepository) -> None:
    shutil.rmtree(repository.path / ".git/objects")
    (repository.path / ".git/objects").mkdir()
    assert repository.decided()[0] == "invalid_admission"
    (repository.path / ".git/HEAD").write_text("nonsense")
    assert repository.decided() == ("invalid_admission", "git-unreadable")


def test_without_git_nothing_is_committed(repository: GateRepository, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert repository.decided(PATH=str(tmp_path / "bin")) == ("invalid_admission", "git-unreadable")


def test_a_linked_work_tree_is_a_work_tree(repository: GateRepository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")
    linked = GateRepository(tmp_path / "linked")
    assert linked.decided() == ADMITTED
    linked.file.write_bytes(linked.file.read_bytes() + b" ")
    assert linked.decided() == UNCOMMITTED


def test_an_empty_git_directory_below_the_root_hides_nothing(repository: GateRepository) -> None:
    """Git passes over a `.git` that is none, and so does the search for links."""
    (repository.path / ".sot/.git").mkdir()
    assert repository.decided() == ADMITTED


def test_outside_a_work_tree_defaults_judge_and_the_output_says_so(repository: GateRepository, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    shutil.copy(repository.file, outside)
    said = repository.gate("--admission-file", str(outside))
    assert (said["case_model_admission_status"], said["committed"]) == ("admitted", False)
    assert repository.decided("--admission-file", str(outside), SOTCTL_REQUIRE_COMMITTED="1") == UNCOMMITTED
    assert repository.decided("--admission-file", str(outside), SOTCTL_REQUIRE_COMMITTED="") == ADMITTED


def test_the_configuration_at_head_judges_and_not_the_one_on_disk(repository: GateRepository) -> None:
    repository.commit({".sot/sot.toml": b'[approval]\napprovers = ["Ada"]\n'})
    assert repository.decided() == ("invalid_admission", "approval-approver-unknown")
    (repository.path / ".sot/sot.toml").write_text('[approval]\napprovers = ["JP"]\n')
    assert repository.decided() == ("invalid_admission", "approval-approver-unknown")
    repository.git("commit", "-qam", "JP again")
    assert repository.decided() == ADMITTED


def test_a_configuration_that_is_not_valid_refuses(repository: GateRepository) -> None:
    repository.commit({".sot/sot.toml": b"[approvals]\n"})
    assert repository.decided() == ("invalid_admission", "configuration-invalid")
    repository.commit({".sot/sot.toml": b"#" * (MAX_CONFIGURATION_BYTES + 1)})
    assert repository.decided() == ("invalid_admission", "configuration-invalid")


def test_a_folder_in_the_place_of_the_configuration_refuses(repository: GateRepository) -> None:
    repository.commit({".sot/sot.toml/x": b""})
    assert repository.decided() == ("invalid_admission", "git-unreadable")


def test_the_store_that_holds_the_file_configures_it(repository: GateRepository) -> None:
    name = f"part/{NAME}"
    repository.commit(
        {
            name: repository.file.read_bytes(),
            "part/.sot/sot.toml": b'[approval]\napprovers = ["Ada"]\n',
            ".sot/sot.toml": b'[store]\nalso = ["part"]\n',
        }
    )
    inner = repository.decided("--admission-file", str(repository.path / name))
    assert (inner, repository.decided()) == (("invalid_admission", "approval-approver-unknown"), ADMITTED)


def test_a_link_above_the_repository_is_followed_and_one_at_it_is_not(
    repository: GateRepository, tmp_path: Path
) -> None:
    (tmp_path / "above").symlink_to(tmp_path)
    (tmp_path / "at").symlink_to(repository.path)
    assert repository.decided("--admission-file", str(tmp_path / "above/repository" / NAME)) == ADMITTED
    assert repository.decided("--admission-file", str(tmp_path / "at" / NAME)) == LINK


def test_a_link_from_outside_into_the_repository_is_refused(repository: GateRepository, tmp_path: Path) -> None:
    (tmp_path / "in").symlink_to(repository.file.parent)
    assert repository.decided("--admission-file", str(tmp_path / "in" / repository.file.name)) == LINK


def test_a_store_that_is_a_link_is_refused(repository: GateRepository, tmp_path: Path) -> None:
    shutil.copytree(repository.path / ".sot", tmp_path / "elsewhere")
    shutil.rmtree(repository.path / ".sot")
    (repository.path / ".sot").symlink_to(tmp_path / "elsewhere")
    assert repository.decided() == LINK


def test_a_link_below_a_store_outside_any_work_tree_is_refused(repository: GateRepository, tmp_path: Path) -> None:
    shutil.copytree(repository.path / ".sot", tmp_path / "free/.sot")
    (tmp_path / "free/.sot/linked").symlink_to("03-PROTOCOLS")
    assert repository.decided("--admission-file", str(tmp_path / "free" / NAME)) == ADMITTED
    assert repository.decided("--admission-file", str(tmp_path / "free/.sot/linked" / repository.file.name)) == LINK


def test_a_link_into_a_store_outside_any_work_tree_is_refused(repository: GateRepository, tmp_path: Path) -> None:
    shutil.copytree(repository.path / ".sot", tmp_path / "free/.sot")
    (tmp_path / "in").symlink_to(tmp_path / "free/.sot/03-PROTOCOLS")
    assert repository.decided("--admission-file", str(tmp_path / "in" / repository.file.name)) == LINK


def test_two_points_may_not_lead_through_a_link(repository: GateRepository, tmp_path: Path) -> None:
    (tmp_path / "far/deep").mkdir(parents=True)
    shutil.copy(repository.file, tmp_path / "far/03.json")
    (repository.path / "link").symlink_to(tmp_path / "far/deep")
    assert repository.decided("--admission-file", f"{repository.path}/link/../03.json") == LINK
    assert repository.decided("--admission-file", f"{repository.path}/.sot/../{NAME}") == ADMITTED


def test_a_relative_path_is_taken_from_the_working_directory(repository: GateRepository) -> None:
    assert repository.decided("--admission-file", NAME) == ADMITTED


def test_a_path_with_a_line_end_is_refused(repository: GateRepository) -> None:
    (repository.path / ".sot/a\nb.json").write_bytes(repository.file.read_bytes())
    assert repository.decided("--admission-file", ".sot/a\nb.json") == ("invalid_admission", "path-unusable")


def test_a_link_that_leads_to_itself_is_a_link(repository: GateRepository) -> None:
    (repository.path / "loop.json").symlink_to("loop.json")
    assert repository.decided("--admission-file", "loop.json") == LINK


def test_a_file_below_a_file_is_absent(repository: GateRepository) -> None:
    assert repository.decided("--admission-file", f"{NAME}/x.json") == ("missing_admission", "admission-file-absent")


def test_a_file_of_the_users_own_group_may_be_group_writable(repository: GateRepository) -> None:
    repository.file.chmod(0o664)
    assert repository.decided() == ADMITTED


def test_the_block_file_says_why_and_is_private(repository: GateRepository, tmp_path: Path) -> None:
    run = tmp_path / "run"
    repository.call("--run-dir", str(run), CTO_HARNESS_CASE_MODEL="gpt-5.4")
    block = run / "backend/provider-model-not-admitted.txt"
    assert block.read_text() == (
        "status: mismatch\nreason: other-model\n"
        "requested_provider: `openai-codex`\nrequested_model: `gpt-5.4`\n"
        "`openai-codex/gpt-5.4` was requested and `openai-codex/gpt-5.5` is admitted: the names differ\n"
    )
    assert (block.stat().st_mode & 0o777, block.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_admitted_run_leaves_no_block_file(repository: GateRepository, tmp_path: Path) -> None:
    assert repository.decided("--run-dir", str(tmp_path / "run")) == ADMITTED
    assert not (tmp_path / "run").exists()


def test_a_block_file_that_cannot_be_written_blocks_all_the_same(repository: GateRepository, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    done = repository.call("--run-dir", str(tmp_path / "run"), CTO_HARNESS_CASE_MODEL="gpt-5.4")
    assert done.returncode == 1
    assert "could not be written" in done.stderr


@pytest.mark.parametrize(("model", "status"), [("gpt-5.5", 0), ("gpt-5.4", 1)])
def test_a_reader_that_has_gone_does_not_change_the_status(repository: GateRepository, model: str, status: int) -> None:
    read, write = os.pipe()
    os.close(read)
    variables = {
        "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(repository.file),
        "CTO_HARNESS_CASE_MODEL_PROVIDER": "openai-codex",
        "CTO_HARNESS_CASE_MODEL": model,
    }
    command = [sys.executable, "-m", "sotctl", "gate"]
    try:
        done = subprocess.run(
            command, env={**os.environ, **variables}, stdout=write, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(write)
    assert done.returncode == status


@pytest.mark.parametrize(
    ("models", "reason"),
    [
        ({"default": {"provider": "openai-codex", "model": "gpt-5.5"}}, "admitted"),
        ({"default": {"provider": "openai-codex", "model": "gpt-5.4"}}, "case-config-other-pair"),
        ({"default": None}, "case-config-no-default"),
        ({"defualt": {"provider": "openai-codex", "model": "gpt-5.5"}}, "case-config-override"),
        ({}, "case-config-no-default"),
        (None, "case-config-no-default"),
        (
            {
                "default": {"provider": "openai-codex", "model": "gpt-5.5"},
                "reviewer": {"provider": "openai-codex", "model": "gpt-5.5"},
            },
            "case-config-override",
        ),
    ],
)
def test_a_backend_configuration_may_select_the_admitted_pair_alone(
    repository: GateRepository, tmp_path: Path, models: object, reason: str
) -> None:
    config = {"version": 1, "projects": "./projects.json", "models": models}
    (tmp_path / "config.json").write_text(json.dumps(config))
    status = "admitted" if reason == "admitted" else "mismatch"
    assert repository.decided("--case-config", str(tmp_path / "config.json")) == (status, reason)


def test_a_backend_configuration_that_cannot_be_parsed_is_a_mismatch(
    repository: GateRepository, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text('{"version": 1, "models": {}, "models": {}}')
    assert repository.decided("--case-config", str(tmp_path / "config.json")) == ("mismatch", "case-config-invalid")
    assert repository.decided("--case-config", str(tmp_path / "none.json")) == ("mismatch", "case-config-unreadable")


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"version": True}, {"version": None}, {"projects": "/etc"}, {"projects": None}],
)
def test_a_backend_configuration_is_of_the_one_version_and_names_the_manifest_beside_it(
    repository: GateRepository, tmp_path: Path, change: dict[str, object]
) -> None:
    models = {"default": {"provider": "openai-codex", "model": "gpt-5.5"}}
    config = {"version": 1, "projects": "./projects.json", "models": models}
    for values in ({**config, **change}, {key: value for key, value in config.items() if key not in change}):
        (tmp_path / "config.json").write_text(json.dumps(values))
        assert repository.decided("--case-config", str(tmp_path / "config.json")) == ("mismatch", "case-config-invalid")


def test_a_backend_configuration_that_is_no_regular_file_keeps_nobody_waiting(
    repository: GateRepository, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        assert repository.decided("--case-config", str(path)) == ("mismatch", "case-config-unreadable")


@pytest.mark.parametrize("place", ["", "models"])
def test_a_secret_in_a_key_of_a_backend_configuration_is_not_repeated(
    repository: GateRepository, tmp_path: Path, place: str
) -> None:
    token = "ghp" + "_" + "aB3dE6gH9" * 4
    default = {"provider": "openai-codex", "model": "gpt-5.5"}
    config: dict[str, Any] = {"version": 1, "projects": "./projects.json", "models": {"default": default}}
    (config[place] if place else config)[token] = 1
    (tmp_path / "config.json").write_text(json.dumps(config))
    said = repository.gate("--case-config", str(tmp_path / "config.json"))
    assert (said["case_model_admission_status"], token in json.dumps(said)) == ("mismatch", False)


def test_the_day_after_the_review_by_date_the_admission_is_no_longer_one(repository: GateRepository) -> None:
    today = NOW.astimezone(UTC).date()
    earlier = NOW - timedelta(days=40)
    repository.commit({NAME: encode(admission(earlier, review_trigger=f"review by {today}"))})
    assert repository.decided() == ADMITTED
    repository.commit({NAME: encode(admission(earlier, review_trigger=f"review by {today - timedelta(days=1)}"))})
    assert repository.decided() == ("not_admitted", "review-date-passed")


def test_every_reason_is_explained() -> None:
    explained = set(explanations())
    assert {trial.reason for trial in trials(NOW)} - explained == set()


def test_reader_and_parser_agree_on_the_largest_admission() -> None:
    assert admission_file.MAX_BYTES == MAX_BYTES


def test_a_bug_in_the_gate_is_status_4_and_never_0(repository: GateRepository, tmp_path: Path) -> None:
    """A package that is damaged on disk stands for any bug."""
    shutil.copytree(Path(admission_file.__file__).parents[1], tmp_path / "copy/sotctl")
    (tmp_path / "copy/sotctl/gate/verdict.py").write_text("raise RuntimeError\n")
    done = repository.spawn(
        *("gate", "--admission-file", str(repository.file), "--provider", "openai-codex", "--model", "gpt-5.5"),
        PYTHONPATH=str(tmp_path / "copy"),
    )
    assert done.returncode == 4
    assert "bug in sotctl" in done.stderr


@pytest.mark.needs_root
def test_a_file_of_another_user_is_refused(repository: GateRepository) -> None:
    os.chown(repository.file, 4321, -1)
    assert repository.decided() == ("invalid_admission", "foreign-owner")


@pytest.mark.needs_root
def test_a_file_that_another_group_may_write_is_refused(repository: GateRepository) -> None:
    os.chown(repository.file, -1, 4321)
    assert repository.decided() == ADMITTED
    repository.file.chmod(0o664)
    assert repository.decided() == ("invalid_admission", "group-writable")
