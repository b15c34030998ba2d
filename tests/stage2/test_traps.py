"""Every way around the gate that a backend could take ends in the status and the reason that are promised."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from evidence.forgery import seal
from sotctl.evidence.files import BLOCK
from sotctl.stage2.recompute import verify_directory
from stage2.provider import Provider
from stage2.stage_house import ASKED, MODEL, Stage

TOKEN = "sk-" + "ant-api03-" + "aB3_dE6g" * 11 + "AA"
TRAPS = {
    "config rewritten": ("not_admitted", "other-pair-spawned", {"case-config-other-pair"}),
    "config restored": ("not_admitted", "other-pair-spawned", {"other-model-requested"}),
    "role override": ("mismatch", "case-config-override", set()),
    "silent fallback": ("not_admitted", "other-pair-spawned", {"case-config-override"}),
    "stderr erased": ("admitted", "agent-not-spawned", {"agent-without-request", "events-other-run"}),
    "closes stderr": ("admitted", "agent-not-spawned", {"agent-without-request"}),
    "dry run": ("admitted", "no-model-request", set()),
    "exit 0 on failure": ("admitted", "pipeline-not-completed", set()),
    "left-over events": ("admitted", "events-missing", set()),
    "hole in the events": ("admitted", "events-sequence", set()),
    "phases left out": ("admitted", "phase-missing", set()),
    "other task": ("admitted", "events-other-run", set()),
    "outcome on stderr": ("admitted", "pipeline-not-completed", set()),
    "nothing written": ("admitted", "tests-failed", set()),
    "manifest changed": ("admitted", "manifest-changed", set()),
    "environment file": ("mismatch", "environment-file", set()),
    "bunfig": ("mismatch", "environment-file", set()),
}


@pytest.mark.parametrize("name", sorted(TRAPS))
def test_a_trap_fails_the_run(stage: Stage, name: str) -> None:
    status, reason, others = TRAPS[name]
    ran = stage.run({name: True})
    assert ran.done.returncode == 1
    assert ran.outcome == ("fail", status, reason)
    assert others <= ran.reasons


@pytest.mark.parametrize("traps", [*({name: True} for name in sorted(TRAPS)), {"never ends": True}, {"dies": True}])
def test_a_run_that_failed_and_says_so_is_verified_and_is_no_pass(stage: Stage, traps: dict[str, bool]) -> None:
    verified = verify_directory(stage.run(traps, "--timeout", "3").folder)
    assert ([finding.message for finding in verified.findings], verified.is_pass) == ([], False)


@pytest.mark.parametrize("change", ["another port", "another host", "a second provider"])
def test_the_recorder_is_the_only_provider_before_and_after(stage: Stage, change: str) -> None:
    ran = stage.run({"models.json": change})
    assert ran.outcome == ("fail", "mismatch", "provider-entry-changed")
    assert verify_directory(ran.folder).findings == ()


def test_credentials_of_pi_fail_the_run(stage: Stage) -> None:
    ran = stage.run({"auth.json": '{"anthropic": {"type": "api_key"}}'})
    assert ran.outcome == ("fail", "mismatch", "credentials-file")
    assert verify_directory(ran.folder).findings == ()


def test_an_empty_file_of_credentials_holds_none(stage: Stage) -> None:
    assert stage.run({"auth.json": "{}\n"}).outcome[0] == "pass"


@pytest.mark.parametrize("agent", ["implementer", "closer", "retrospective"])
def test_an_agent_without_a_phase_fails_the_run(stage: Stage, agent: str) -> None:
    assert stage.run({"phases left out": agent}).outcome == ("fail", "admitted", "phase-missing")


def test_a_blocked_run_is_verified_and_is_no_pass(stage: Stage) -> None:
    verified = verify_directory(stage.run(CTO_HARNESS_CASE_MODEL="another-model").folder)
    assert ([finding.message for finding in verified.findings], verified.is_pass) == ([], False)


def messages(folder: Path) -> str:
    return "\n".join(finding.message for finding in verify_directory(folder).findings)


def test_a_failed_run_may_not_name_another_reason(stage: Stage) -> None:
    folder = stage.run({"nothing written": True}).folder
    seal(folder, lambda values: values.update(reason="timeout"))
    assert "the reason is not the first of the problems" in messages(folder)


def test_a_blocked_run_may_not_be_dressed_up(stage: Stage) -> None:
    folder = stage.run(CTO_HARNESS_CASE_MODEL="another-model").folder
    (folder / BLOCK).write_text("status: admitted\n")
    (folder / "backend/case.stdout").write_text("all is well\n")
    seal(folder)
    assert "the block file does not say what the report says" in messages(folder)
    assert "the run was blocked, and there is backend/case.stdout" in messages(folder)


def test_a_run_without_a_trap_passes(stage: Stage) -> None:
    ran = stage.run()
    assert (ran.outcome, ran.done.returncode) == (("pass", "admitted", "passed"), 0)


def test_a_request_for_another_model_never_leaves(stage: Stage, provider: Provider) -> None:
    ran = stage.run({"other model asked": "another-model"})
    assert ran.outcome == ("fail", "not_admitted", "other-model-requested")
    assert (provider.seen, {record["status"] for record in ran.requests}) == ([], {403})


def test_a_server_that_answers_as_another_model_fails_the_run(stage: Stage, provider: Provider) -> None:
    provider.served_model = "another-model"
    assert stage.run().outcome == ("fail", "not_admitted", "other-model-served")


def test_an_answer_that_cannot_be_read_fails_the_run(stage: Stage, provider: Provider) -> None:
    provider.encoding = "br"
    assert stage.run().outcome == ("fail", "not_admitted", "other-model-served")


def test_answers_that_are_errors_are_no_evidence(stage: Stage, provider: Provider) -> None:
    provider.status = 500
    ran = stage.run()
    assert ran.outcome[:2] == ("fail", "admitted")
    assert "agent-without-request" in ran.reasons


def test_requests_around_the_recorder_are_no_evidence(stage: Stage, provider: Provider) -> None:
    ran = stage.run({"around the recorder": provider.url})
    assert ran.outcome == ("fail", "admitted", "no-model-request")
    assert "OAuth" in ran.report["next"]


def test_one_agent_without_a_request_fails_the_run(stage: Stage) -> None:
    assert stage.run({"no request": "reviewer"}).outcome == ("fail", "admitted", "agent-without-request")


def test_an_agent_of_the_plan_that_is_left_out_fails_the_run(stage: Stage) -> None:
    assert stage.run({"agent left out": "retrospective"}).outcome == ("fail", "admitted", "agent-not-spawned")


@pytest.mark.parametrize("cwd", ["/srv/target", "{run}/../other", "{run}-other"])
def test_a_spawn_outside_the_run_directory_fails_the_run(stage: Stage, cwd: str) -> None:
    ran = stage.run({"cwd outside": cwd.replace("{run}", str(stage.runs / "run"))})
    assert ran.outcome == ("fail", "admitted", "spawn-outside")


@pytest.mark.parametrize("target", ["/srv", "../fixture/real"])
def test_a_spawn_behind_a_link_fails_the_run(stage: Stage, target: str) -> None:
    ran = stage.run({"cwd behind a link": target})
    assert ran.outcome == ("fail", "admitted", "spawn-outside")
    assert verify_directory(ran.folder).findings == ()


def test_tests_that_the_agent_rewrote_are_not_the_ones_that_count(stage: Stage) -> None:
    ran = stage.run({"tests rewritten": True, "nothing written": True})
    assert ran.outcome == ("fail", "admitted", "tests-failed")


def test_a_leaked_environment_is_found_by_its_exact_value(stage: Stage) -> None:
    value = "plain-looking-words"
    ran = stage.run({"leaked environment": True}, "--pass-env", "VLLM_API_KEY", VLLM_API_KEY=value)
    assert ran.outcome == ("fail", "admitted", "secret-found")
    assert {finding["rule"] for finding in ran.report["secret_scan"]["findings"]} == {"handed-on-value"}
    assert value not in ran.done.stdout + ran.done.stderr + (ran.folder / "report.json").read_text()
    assert verify_directory(ran.folder).findings == ()


@pytest.mark.parametrize("trap", ["named", "file named", "other model asked"])
def test_what_sotctl_writes_repeats_no_secret(stage: Stage, trap: str) -> None:
    ran = stage.run({trap: TOKEN})
    assert ran.outcome[0] == "fail"
    written = ("report.json", "report.md", "trace.jsonl", "backend/requests.jsonl")
    assert [name for name in written if TOKEN in (ran.folder / name).read_text()] == []
    assert "Traceback" not in ran.done.stderr


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Provider, str]]:
    """A provider that speaks TLS, and the file of the authority that vouches for it."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    found = Provider(tls=context)
    yield found, str(tmp_path / "authority.pem")
    found.close()


def test_a_provider_behind_tls_is_reached(tmp_path: Path, secure: tuple[Provider, str]) -> None:
    provider, authority = secure
    ran = Stage.make(tmp_path, provider.url).run(SSL_CERT_FILE=authority)
    assert (ran.outcome, len(provider.seen)) == (("pass", "admitted", "passed"), 5)


def test_a_provider_that_nobody_vouches_for_is_not_reached(tmp_path: Path, secure: tuple[Provider, str]) -> None:
    provider, _ = secure
    ran = Stage.make(tmp_path, provider.url).run()
    assert (ran.outcome[0], provider.seen) == ("fail", [])
    assert "agent-without-request" in ran.reasons


BLOCKED = [
    ((*ASKED, "--model", "x"), (), "argv-not-allowed"),
    ((*ASKED, "--dry-run"), (), "argv-not-allowed"),
    ((*ASKED[:1], "--agent", "reviewer", *ASKED[1:]), (), "argv-not-allowed"),
    (("run", "a-task", "--mode", "unattended"), (), "argv-not-allowed"),
    (("-x", *ASKED), (), "argv-not-allowed"),
    *(
        (ASKED, ("--pass-env", name), "environment-not-allowed")
        for name in (
            "CASE_MODEL_OVERRIDE",
            "CASE_PACKAGE_ROOT",
            "CASE_QUIET",
            "BUN_OPTIONS",
            "HTTPS_PROXY",
            "http_proxy",
            "NODE_OPTIONS",
            "OPENAI_BASE_URL",
            "HOME",
            "XDG_CONFIG_HOME",
            "LD_PRELOAD",
        )
    ),
]


@pytest.mark.parametrize(("asked", "options", "reason"), BLOCKED, ids=[" ".join(case[0] + case[1]) for case in BLOCKED])
def test_what_may_not_be_asked_is_a_mismatch_and_starts_nothing(
    stage: Stage, tmp_path: Path, asked: tuple[str, ...], options: tuple[str, ...], reason: str
) -> None:
    mark = tmp_path / "mark"
    ran = stage.run({"mark": str(mark)}, *options, asked=asked, **dict.fromkeys(options[1:], "a-value-handed-on"))
    assert ran.outcome == ("blocked", "mismatch", reason)
    assert not mark.exists()
    assert "case_process_started" not in ran.events


@pytest.mark.parametrize(
    "launcher",
    [
        ("env", "CASE_MODEL_OVERRIDE=another-model"),
        ("env", "CASE_QUIET=1"),
        ("/usr/bin/env", "HTTPS_PROXY=http://127.0.0.1:1"),
        ("CASE_QUIET=1", sys.executable),
        ("env", sys.executable),
        ("sh",),
        ("{link}",),
    ],
)
def test_what_starts_the_backend_may_not_change_its_environment(
    stage: Stage, tmp_path: Path, launcher: tuple[str, ...]
) -> None:
    mark, link = tmp_path / "mark", tmp_path / "starter"
    link.symlink_to(shutil.which("env") or "env")
    words = tuple(word.replace("{link}", str(link)) for word in launcher)
    ran = stage.run({"mark": str(mark)}, launcher=words)
    assert ran.outcome == ("blocked", "mismatch", "argv-not-allowed")
    assert not mark.exists()
    assert "case_process_started" not in ran.events


@pytest.mark.parametrize(
    ("environment", "status", "reason"),
    [
        ({"CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": ""}, "missing_admission", "no-admission-file"),
        ({"CTO_HARNESS_CASE_MODEL": "another-model"}, "mismatch", "other-model"),
        ({"CTO_HARNESS_CASE_MODEL_PROVIDER": ""}, "not_admitted", "no-provider-requested"),
        ({"CTO_HARNESS_CASE_MODEL": TOKEN}, "mismatch", "other-model"),
    ],
)
def test_a_blocked_run_starts_no_process_and_says_why(
    stage: Stage, tmp_path: Path, environment: dict[str, str], status: str, reason: str
) -> None:
    mark = tmp_path / "mark"
    ran = stage.run({"mark": str(mark)}, **environment)
    assert (ran.outcome, ran.done.returncode) == (("blocked", status, reason), 1)
    assert not mark.exists()
    assert ran.events == ["run_started", "admission_loaded", "admission_checked", "case_blocked", "run_finished"]
    assert (ran.folder / BLOCK).read_text().startswith(f"status: {status}\nreason: {reason}\n")
    assert not [path for path in ran.folder.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]


@pytest.mark.parametrize("broken", [False, True])
def test_an_admission_that_holds_a_secret_is_not_copied_into_the_run(
    tmp_path: Path, provider: Provider, broken: bool
) -> None:
    stage = Stage.make(tmp_path / "secret", provider.url, rationale=f"see {TOKEN}")
    if broken:
        file = Path(stage.environment["CTO_HARNESS_CASE_MODEL_ADMISSION_FILE"])
        file.write_bytes(file.read_bytes() + b"{}")
    ran = stage.run()
    assert ran.outcome == ("blocked", "invalid_admission", "json-trailing" if broken else "secret")
    assert not [path for path in ran.folder.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]


def test_a_network_class_without_hosts_allows_none(tmp_path: Path, provider: Provider) -> None:
    stage = Stage.make(tmp_path / "none", provider.url, configuration="")
    assert stage.run().outcome == ("blocked", "admitted", "network-class-unknown")


def test_everything_that_blocks_a_run_is_told_at_once(tmp_path: Path, provider: Provider) -> None:
    stage = Stage.make(tmp_path / "none", provider.url, configuration="")
    ran = stage.run({}, upstream="", asked=("run",), CTO_HARNESS_CASE_MODEL="another-model")
    assert ran.outcome == ("blocked", "mismatch", "other-model")
    reasons = ["other-model", "argv-not-allowed", "network-class-unknown", "upstream-missing"]
    assert [problem["reason"] for problem in ran.report["problems"]] == reasons
    assert "give --upstream URL" in ran.report["next"]
    assert "name the hosts of the class" in ran.report["next"]
    assert messages(ran.folder) == ""


def test_an_upstream_of_another_network_is_blocked(tmp_path: Path, provider: Provider) -> None:
    stage = Stage.make(tmp_path / "far", provider.url, configuration='[networks]\nloopback = ["10.0.0.1"]\n')
    assert stage.run().outcome == ("blocked", "admitted", "host-not-allowed")


def test_the_upstream_is_that_of_the_inherited_models_json(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(json.dumps({"providers": {"vllm": {"baseUrl": stage.upstream}}}))
    assert stage.run({}, upstream="", PI_CODING_AGENT_DIR=str(tmp_path)).outcome[0] == "pass"
    assert stage.run({}, upstream="").outcome == ("blocked", "admitted", "upstream-missing")


@pytest.mark.parametrize(
    "upstream",
    [
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1:x/v1",
        "http://127.0.0.1:0/v1",
        "http://[::1",
        "ftp://127.0.0.1/v1",
        "127.0.0.1:8000",
        "http://127.0.0.1/v1?x=1",
        "http://127.0.0.1/v1?",
        "http://127.0.0.1/v1#x",
        "http://ada@127.0.0.1/v1",
        "http://127.0.0.1/v 1",
    ],
)
@pytest.mark.parametrize("configured", [False, True])
def test_an_upstream_that_is_none_is_an_error_before_anything_is_made(
    stage: Stage, tmp_path: Path, upstream: str, configured: bool
) -> None:
    (tmp_path / "models.json").write_text(json.dumps({"providers": {"vllm": {"baseUrl": upstream}}}))
    done = subprocess.run(
        stage.command({}, upstream="" if configured else upstream),
        env={**os.environ, **stage.environment, "PI_CODING_AGENT_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr.startswith("error: the upstream ")) == (2, True)
    assert not stage.runs.exists()


def test_a_fallback_pair_in_use_is_called_one(tmp_path: Path, provider: Provider) -> None:
    fallback = [{"provider": "vllm", "model": "another-model"}]
    stage = Stage.make(tmp_path / "f", provider.url, fallback=fallback, decision_record="CTO-WORK-020-DR-001")
    ran = stage.run({"config rewritten": True})
    assert ran.outcome == ("fail", "not_admitted", "fallback-used")
    assert "CTO-WORK-020 stays blocked" in ran.report["message"]


def test_the_admission_is_the_same_at_the_end(stage: Stage, tmp_path: Path) -> None:
    admission = stage.environment["CTO_HARNESS_CASE_MODEL_ADMISSION_FILE"]
    ran = stage.run({"writes outside": admission})
    assert "admission-changed" in ran.reasons
    assert ran.outcome[0] == "fail"


def test_only_the_admitted_model_is_in_the_configuration(stage: Stage) -> None:
    ran = stage.run()
    config = json.loads((ran.folder / "case-data/config.json").read_bytes())
    assert config["models"] == {"default": {"provider": "vllm", "model": MODEL}}
    assert ran.report["config_sha256"]["before"] == ran.report["config_sha256"]["after"]
