"""What blocks a run starts nothing, is said all at once, and each time with a command that helps."""

from __future__ import annotations

import json
import shutil
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from evidence.forgery import seal
from sotctl.evidence.files import BLOCK
from sotctl.stage2.verification import verify_directory
from stage2.provider import Provider
from stage2.stage_repository import MODEL, NETWORKS, PROVIDER, Ran, Stage, in_process

pytestmark = [pytest.mark.slow, pytest.mark.needs("bwrap")]
TOKEN = "sk-" + "ant-api03-" + "aB3_dE6g" * 11 + "AA"
BLOCKED = ["run_started", "admission_loaded", "admission_checked", "case_blocked", "run_finished"]


def assert_nothing_was_started(ran: Ran) -> None:
    assert ran.done.returncode == 1
    assert ran.events == BLOCKED
    assert sorted(path.name for path in (ran.folder / "backend").iterdir()) == [Path(BLOCK).name]
    assert [finding.message for finding in verify_directory(ran.folder).findings] == []


@pytest.mark.parametrize(
    ("environment", "status", "reason"),
    [
        ({"CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": ""}, "missing_admission", "no-admission-file"),
        ({"CTO_HARNESS_CASE_MODEL": "another-model"}, "mismatch", "other-model"),
        ({"CTO_HARNESS_CASE_MODEL_PROVIDER": ""}, "not_admitted", "no-provider-requested"),
        ({"CTO_HARNESS_CASE_MODEL": TOKEN}, "mismatch", "other-model"),
    ],
)
def test_a_pair_that_is_not_admitted_blocks_the_run(
    stage: Stage, environment: dict[str, str], status: str, reason: str
) -> None:
    ran = stage.run(**environment)
    assert ran.outcome == ("blocked", status, reason)
    assert (ran.folder / BLOCK).read_text().startswith(f"status: {status}\nreason: {reason}\n")
    assert not [path for path in ran.folder.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert_nothing_was_started(ran)


def test_the_requested_pair_may_be_given_by_options(stage: Stage) -> None:
    file = stage.environment.pop("CTO_HARNESS_CASE_MODEL_ADMISSION_FILE")
    stage.environment.clear()
    pair = ("--provider", PROVIDER, "--model", MODEL)
    assert stage.run({}, "--admission-file", file, *pair).outcome[0] == "pass"


LAUNCHERS = {
    "a model": ("{py}", "{index}", "--model", "x"),
    "an agent": ("{py}", "{index}", "--agent", "reviewer"),
    "a dry run": ("{py}", "{index}", "--dry-run"),
    "Case's own arguments": ("{py}", "{index}", "run", "--task", "{task_file}", "--mode", "unattended"),
    "a preload": ("{py}", "--preload", "x.ts", "{index}"),
    "an option": ("{py}", "-x", "{index}"),
    "another script before": ("{py}", "wrapper.py", "{index}"),
    "env": ("env", "{index}"),
    "env by its path": ("/usr/bin/env", "{index}"),
    "a variable": ("CASE_QUIET=1", "{index}"),
    "a shell": ("sh", "{index}"),
    "a link to a starter": ("{link}", "{index}"),
    "a script as the runtime": ("{script}", "{index}"),
}


@pytest.mark.parametrize("name", sorted(LAUNCHERS))
def test_a_launcher_is_a_program_and_its_entry(stage: Stage, tmp_path: Path, name: str) -> None:
    link, script, index = tmp_path / "starter", tmp_path / "script", stage.stand_in({})
    link.symlink_to(shutil.which("env") or "env")
    script.write_text(f"#!{sys.executable}\n")
    script.chmod(0o755)
    places = {"{py}": sys.executable, "{index}": str(index), "{link}": str(link), "{script}": str(script)}
    words = [places.get(word, word) for word in LAUNCHERS[name]]
    ran = stage.run_words(words)
    assert ran.outcome == ("blocked", "mismatch", "launcher-not-allowed")
    assert "-- bun ~/case/src/index.ts" in ran.report["next"]
    assert_nothing_was_started(ran)


@pytest.mark.parametrize("word", ["/nowhere/bun", "/usr", "a-program-that-nobody-has"])
def test_a_program_that_is_not_there_blocks_the_run(stage: Stage, word: str) -> None:
    ran = stage.run_words([word, str(stage.stand_in({}))])
    assert ran.outcome == ("blocked", "admitted", "program-missing")
    assert word in ran.report["message"]
    assert_nothing_was_started(ran)


def test_an_entry_that_is_a_folder_blocks_the_run(stage: Stage, tmp_path: Path) -> None:
    ran = stage.run_words([sys.executable, str(tmp_path)])
    assert (ran.outcome[2], ran.report["message"]) == ("program-missing", f"{tmp_path} is a folder")


def test_case_without_a_launcher_is_a_usage_error(stage: Stage) -> None:
    words = ["stage2", "run", "--task", "string-slugify", "--runs-dir", str(stage.runs)]
    done = in_process(words, stage.environment)
    assert done.returncode == 2
    assert "needs a launcher" in done.stderr
    assert "-- bun ~/case/src/index.ts" in done.stderr.replace("\n", " ")
    assert not stage.runs.exists()


def test_a_program_in_the_home_itself_blocks_the_run(stage: Stage) -> None:
    home = Path.home()
    (home / "index.py").write_text("print()\n")
    ran = stage.run_words([sys.executable, str(home / "index.py")])
    assert ran.outcome == ("blocked", "admitted", "launcher-too-wide")
    assert_nothing_was_started(ran)


def test_a_program_in_the_governed_repository_blocks_the_run(stage: Stage) -> None:
    place = stage.place / "repository/tool.py"
    place.write_text("print()\n")
    ran = stage.run_words([sys.executable, str(place)])
    assert ran.outcome == ("blocked", "admitted", "launcher-too-wide")


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
    ran = Stage.make(tmp_path / "none", provider.url, configuration="").run()
    assert ran.outcome == ("blocked", "admitted", "network-class-unknown")
    assert '[networks] loopback = ["HOST"]' in ran.report["next"]


@pytest.mark.parametrize("host", ["10.0.0.1", "127.0.0.1:1"])
def test_an_upstream_of_another_network_is_blocked(tmp_path: Path, provider: Provider, host: str) -> None:
    stage = Stage.make(tmp_path / "far", provider.url, configuration=f'[networks]\nloopback = ["{host}"]\n')
    ran = stage.run()
    assert ran.outcome == ("blocked", "admitted", "host-not-allowed")
    assert host in ran.report["next"]


@pytest.mark.parametrize(
    ("upstream", "credential", "local", "is_blocked"),
    [
        ("http://models.example.com/v1", "env:OWN_KEY", "", True),
        ("http://203.0.113.7:8000/v1", "env:OWN_KEY", "", True),
        ("http://gpu:8000/v1", "env:OWN_KEY", "", True),
        ("http://gpu:8000/v1", "env:OWN_KEY", "gpu", False),
        ("http://gpu:8000/v1", "env:OWN_KEY", "gpu:8000", False),
        ("http://gpu:8000/v1", "none", "", False),
        ("https://models.example.com/v1", "env:OWN_KEY", "", False),
        ("http://gpu.internal:8000/v1", "env:OWN_KEY", "", False),
        ("http://192.168.3.4:8000/v1", "env:OWN_KEY", "", False),
        ("http://127.0.0.1:8000/v1", "env:OWN_KEY", "", False),
        ("http://[::1]:8000/v1", "env:OWN_KEY", "", False),
    ],
)
def test_a_credential_is_not_sent_over_plain_http_to_a_host_that_is_not_the_users_own(
    tmp_path: Path, provider: Provider, upstream: str, credential: str, local: str, is_blocked: bool
) -> None:
    host = upstream.split("/")[2]
    configuration = (
        f"[networks]\nloopback = {json.dumps([host])}\nlocal-hosts = {json.dumps([local] if local else [])}\n"
    )
    stage = Stage.make(tmp_path / "far", upstream, configuration=configuration)
    ran = stage.run_words(["sh"], credential=credential, OWN_KEY="a-key-of-mine")  # blocked by its launcher in any case
    named = {problem["reason"]: problem["message"] for problem in ran.report["problems"]}
    assert set(named) == {"launcher-not-allowed", *(["upstream-not-encrypted"] if is_blocked else [])}
    if is_blocked:
        assert f"sent to {host.partition(':')[0]} over plain http" in named["upstream-not-encrypted"]
        assert "local-hosts" in ran.report["next"]


def test_everything_that_blocks_a_run_is_said_at_once(tmp_path: Path, provider: Provider) -> None:
    stage = Stage.make(tmp_path / "none", provider.url, configuration="")
    ran = stage.run_words(["sh"], CTO_HARNESS_CASE_MODEL="another-model", credential="env:NOT_SET")
    assert ran.outcome == ("blocked", "mismatch", "other-model")
    reasons = ["other-model", "launcher-not-allowed", "network-class-unknown", "credential-missing"]
    assert [problem["reason"] for problem in ran.report["problems"]] == reasons
    assert_nothing_was_started(ran)


def test_without_a_source_the_credential_is_unknown(stage: Stage) -> None:
    ran = stage.run_words([sys.executable, str(stage.stand_in({}))], credential="")
    assert ran.outcome == ("blocked", "admitted", "credential-source-unknown")
    assert '[credentials] local-vllm = "SOURCE"' in ran.report["next"]
    assert_nothing_was_started(ran)


def test_the_configuration_maps_the_class_of_the_credential(tmp_path: Path, provider: Provider) -> None:
    mapped = f'{NETWORKS}[credentials]\nlocal-vllm = "env:MAPPED_KEY"\n'
    stage = Stage.make(tmp_path / "mapped", provider.url, configuration=mapped)
    ran = stage.run_words([sys.executable, str(stage.stand_in({}))], credential="", MAPPED_KEY="a-key-of-mine")
    assert (ran.outcome[0], ran.report["credential"]) == ("pass", "env")


@pytest.mark.parametrize(("backend", "provider_name"), [("codex", "anthropic"), ("opencode", "openai-codex")])
def test_a_provider_that_the_backend_cannot_reach_blocks_the_run(
    tmp_path: Path, provider: Provider, backend: str, provider_name: str
) -> None:
    stage = Stage.make(tmp_path / "p", provider.url, provider=provider_name, model="m-1")
    index = stage.stand_in({})
    ran = stage.run_words([sys.executable, str(index)], "--backend", backend)
    assert ran.outcome == ("blocked", "admitted", "provider-unreachable-by-backend")
    assert_nothing_was_started(ran)


def test_without_a_sandbox_the_run_is_blocked(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("git", "python3"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    process = stage.process({}, PATH=str(tmp_path))
    report = json.loads(next(stage.runs.glob("*/report.json")).read_bytes())
    assert (process.returncode, report["reason"]) == (1, "isolation-unavailable")
    assert "--no-isolation" in report["next"]
    assert report["message"] == "there is no sandbox here: bwrap is not installed"


def test_without_a_sandbox_a_run_without_isolation_goes_on(stage: Stage, tmp_path: Path) -> None:
    for name in ("git", "python3"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    process = stage.process({}, "--no-isolation", PATH=str(tmp_path))
    report = json.loads(next(stage.runs.glob("*/report.json")).read_bytes())
    assert (process.returncode, report["result"], report["isolation"]) == (0, "pass", "none")


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
def test_an_upstream_that_is_none_is_an_error_before_anything_is_made(stage: Stage, upstream: str) -> None:
    done = in_process(stage.arguments({}, upstream=upstream), stage.environment)
    assert (done.returncode, done.stderr.startswith("error: the upstream ")) == (2, True)
    assert not stage.runs.exists()


def test_a_provider_without_a_public_address_needs_an_upstream(stage: Stage) -> None:
    done = in_process(stage.arguments({}, upstream=""), stage.environment)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (2, "error: `vllm` has no public address")
    assert not stage.runs.exists()


def test_a_blocked_run_may_not_be_dressed_up(stage: Stage) -> None:
    folder = stage.run(CTO_HARNESS_CASE_MODEL="another-model").folder
    (folder / BLOCK).write_text("status: admitted\n")
    (folder / "backend/case.stdout").write_text("all is well\n")
    seal(folder)
    messages = [finding.message for finding in verify_directory(folder).findings]
    assert "the block file does not say what the report says" in messages
    assert "the run was blocked, and there is backend/case.stdout" in messages


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
    assert (ran.outcome, provider.seen) == (("fail", "admitted", "upstream-tls"), [])


def test_a_fallback_pair_in_use_is_called_one(tmp_path: Path, provider: Provider) -> None:
    fallback = [{"provider": "vllm", "model": "another-model"}]
    stage = Stage.make(tmp_path / "f", provider.url, fallback=fallback, decision_record="CTO-WORK-020-DR-001")
    ran = stage.run({"config rewritten": True})
    assert ran.outcome[:2] == ("fail", "not_admitted")
    messages = {problem["reason"]: problem["message"] for problem in ran.report["problems"]}
    assert "CTO-WORK-020 stays blocked" in messages["fallback-used"]


def test_the_admission_is_the_same_at_the_end(stage: Stage) -> None:
    admission = stage.environment["CTO_HARNESS_CASE_MODEL_ADMISSION_FILE"]
    ran = stage.run({"writes outside": admission}, "--no-isolation")
    assert "admission-changed" in ran.reasons
    assert ran.outcome[0] == "fail"
