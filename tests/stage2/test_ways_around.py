"""Every way around that a program could take ends in the status and the reason that are promised."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from sotctl.stage2.verification import verify_directory
from stage2.provider import Provider
from stage2.stage_repository import MODEL, Ran, Stage

pytestmark = [pytest.mark.needs("bwrap"), pytest.mark.slow]
TOKEN = "sk-" + "ant-api03-" + "aB3_dE6g" * 11 + "AA"
TRAPS = {
    "config rewritten": ("not_admitted", "other-model-requested", {"other-pair-spawned", "case-config-other-pair"}),
    "config restored": ("not_admitted", "other-model-requested", {"other-pair-spawned"}),
    "role override": ("mismatch", "case-config-override", set()),
    "silent fallback": ("not_admitted", "other-model-requested", {"case-config-override", "other-pair-spawned"}),
    "stderr erased": ("admitted", "agent-without-request", {"agent-not-spawned", "events-other-run"}),
    "closes stderr": ("admitted", "agent-without-request", {"agent-not-spawned"}),
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


def verified(ran: Ran) -> tuple[list[str], bool]:
    found = verify_directory(ran.folder)
    return [finding.message for finding in found.findings], found.is_pass


@pytest.mark.parametrize("name", sorted(TRAPS))
def test_a_trap_fails_the_run_which_says_so_truly(stage: Stage, name: str) -> None:
    status, reason, others = TRAPS[name]
    ran = stage.run({name: True})
    assert (ran.done.returncode, ran.outcome) == (1, ("fail", status, reason))
    assert others <= ran.reasons
    assert verified(ran) == ([], False)


@pytest.mark.parametrize("models", [None, {}, {"default": None}])
def test_a_configuration_without_a_default_is_a_mismatch(stage: Stage, models: object) -> None:
    """Real Case then uses another model silently; the stand-in does the same."""
    ran = stage.run({"does": f"rewrite({models!r})"})
    assert ran.outcome == ("fail", "not_admitted", "other-model-requested")
    assert "case-config-no-default" in ran.reasons


@pytest.mark.parametrize("change", ["another port", "another host", "a second provider"])
def test_the_recorder_is_the_only_provider_before_and_after(stage: Stage, change: str) -> None:
    ran = stage.run({"models.json": change})
    assert ran.outcome == ("fail", "mismatch", "provider-entry-changed")
    assert verified(ran) == ([], False)


def test_credentials_of_pi_fail_the_run(stage: Stage) -> None:
    ran = stage.run({"auth.json": '{"anthropic": {"type": "api_key"}}'})
    assert ran.outcome == ("fail", "mismatch", "credentials-file")


def test_an_empty_file_of_credentials_holds_none(stage: Stage) -> None:
    assert stage.run({"auth.json": "{}\n"}).outcome[0] == "pass"


def test_a_run_without_a_trap_passes(stage: Stage, provider: Provider) -> None:
    ran = stage.run()
    assert (ran.outcome, ran.done.returncode) == (("pass", "admitted", "passed"), 0)
    assert verified(ran) == ([], True)
    assert {row["agent"]: row["requests"] for row in ran.report["used"]} == dict.fromkeys(
        ("implementer", "verifier", "reviewer", "closer", "retrospective"), 1
    )
    assert len(provider.seen) == 5


def test_a_run_that_never_asks_fails_whatever_its_logs_say(stage: Stage) -> None:
    """It writes the recorder's log, the event log and stderr as a run that passes has them."""
    forged = json.dumps({"seq": 1, "agent": "implementer", "requested_model": MODEL, "outcome": "answered"})
    code = f"""
for place in (run_dir / "backend", run_dir / "home"):
    try:
        place.mkdir(exist_ok=True)
        (place / "requests.jsonl").write_text({forged!r})
    except OSError:
        pass
"""
    ran = stage.run({"dry run": True, "does": code})
    assert ran.outcome == ("fail", "admitted", "no-model-request")
    assert "tail " in ran.report["next"]


REWRITES = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", '''
import time
for _ in range(200):
    for name in ("requests.jsonl", "case.stderr", "events.jsonl"):
        try:
            with open({folder!r} + "/backend/" + name, "a") as file: file.write("{{}}\\\\n")
        except OSError: pass
    try:
        with open({folder!r} + "/trace.jsonl", "a") as file: file.write("{{}}\\\\n")
    except OSError: pass
    time.sleep(0.01)
'''], start_new_session=True)
time.sleep(0.1)
"""


def rewriting() -> dict[str, str]:
    return {"does": f"code = {REWRITES!r}\nexec(code.format(folder=str(run_dir)))"}


def test_a_background_process_does_not_reach_the_records(stage: Stage) -> None:
    ran = stage.run(rewriting())
    assert ran.outcome == ("pass", "admitted", "passed")
    assert verified(ran) == ([], True)


def test_without_isolation_a_record_that_is_rewritten_fails_the_run(stage: Stage) -> None:
    code = 'time.sleep(0.5)\nos.truncate(run_dir / "backend/case.stderr", 0)\nopen(run_dir / "trace.jsonl", "a").write("{}\\n")'
    ran = stage.run({"does": code}, "--no-isolation")
    assert ran.outcome == ("fail", "admitted", "recording-changed")
    assert ran.report["problems"][0]["count"] == 2


@pytest.mark.parametrize("name", ["report.md", "report.json", "backend/events.jsonl", "backend/requests.jsonl"])
@pytest.mark.parametrize("make", ["os.symlink('{outside}', path)", "os.mkdir(path)", "os.mkfifo(path)"])
def test_without_isolation_nothing_is_written_where_a_program_was_first(
    stage: Stage, tmp_path: Path, name: str, make: str
) -> None:
    outside = tmp_path / "outside"
    code = f"path = str(run_dir / {name!r})\n{make.replace('{outside}', str(outside))}"
    ran = stage.run({"does": code}, "--no-isolation")
    assert not outside.exists()
    if "mkfifo" in make:  # a pipe holds nothing: it is removed, and the file is written
        assert ran.outcome[0] == "pass"
        return
    assert ran.done.returncode == 3
    assert f"{ran.folder}/{name}: " in ran.done.stderr.replace("\n", "")


@pytest.mark.parametrize(
    "name", ["report.md", "backend/events.jsonl", "backend/case.stderr", "fixture/fake/slugify.py"]
)
def test_the_harness_own_files_are_not_reachable(stage: Stage, name: str) -> None:
    code = f"path = run_dir / {name!r}\ntry:\n    path.parent.mkdir(exist_ok=True); path.write_text('x')\nexcept OSError: pass"
    assert stage.run({"does": code}).outcome[0] == "pass"


def test_the_upstream_is_not_reachable_directly(stage: Stage, provider: Provider) -> None:
    ran = stage.run({"around the recorder": provider.url})
    assert ran.outcome == ("fail", "admitted", "no-model-request")
    assert provider.seen == []


def test_without_isolation_a_direct_call_has_no_credential(stage: Stage, provider: Provider) -> None:
    ran = stage.run(
        {"around the recorder": provider.url}, "--no-isolation", "--credential", "env:A_KEY", A_KEY="a-key-of-mine"
    )
    assert ran.outcome == ("fail", "admitted", "no-model-request")
    assert not [seen for seen in provider.seen if "a-key-of-mine" in str(seen.headers)]


def test_the_credential_reaches_the_provider_and_no_file(stage: Stage, provider: Provider) -> None:
    value = "vk-" + "a1b2" * 8
    ran = stage.run({"says its environment": True}, "--credential", "env:A_KEY", A_KEY=value)
    assert ran.outcome[0] == "pass"
    sent = [{name.lower(): held for name, held in seen.headers.items()} for seen in provider.seen]
    assert {headers["authorization"] for headers in sent} == {f"Bearer {value}"}
    assert not [path for path in ran.folder.rglob("*") if path.is_file() and value.encode() in path.read_bytes()]
    assert ran.report["credential"] == "env"


FIXTURES = {
    "tests rewritten": '(target / "test_slugify.py").write_text("import unittest\\n")',
    "a hook": 'hook = target / ".git/hooks/post-commit"; hook.parent.mkdir(exist_ok=True); '
    "hook.write_text('#!/bin/sh\\ntouch {mark}\\n'); hook.chmod(0o755)",
    "fsmonitor": 'open(target / ".git/config", "a").write("[core]\\n\\tfsmonitor = touch {mark}\\n")',
}


@pytest.mark.parametrize("name", sorted(FIXTURES))
def test_a_spoilt_fixture_is_not_what_counts(stage: Stage, tmp_path: Path, name: str) -> None:
    mark = tmp_path / "mark"
    ran = stage.run({"nothing written": True, "does": FIXTURES[name].replace("{mark}", str(mark))})
    assert ran.outcome == ("fail", "admitted", "tests-failed")
    assert verified(ran) == ([], False)
    assert not mark.exists()


def test_without_isolation_a_spoilt_baseline_fails_the_run(stage: Stage) -> None:
    ran = stage.run({"does": '(run_dir / "fixture/fake/slugify.py").write_text("slugify = str\\n")'}, "--no-isolation")
    assert ran.outcome == ("fail", "admitted", "baseline-failed")
    assert verified(ran) == ([], False)


def test_a_forged_line_on_stderr_names_an_agent_that_then_has_no_request(stage: Stage) -> None:
    code = """
import re
log("spawning agent", agent="auditor", cwd=str(target), timeout=9, provider="vllm", model="another-model")
"""
    ran = stage.run({"does": code})
    assert ran.outcome == ("fail", "not_admitted", "other-pair-spawned")


SELECTORS = {
    "path": {"target": "{base}/deployments/another-model/chat/completions"},
    "dots in the path": {"target": "{base}/%2e%2e/%2e%2e/another-api/chat"},
    "query": {"target": "{base}/chat/completions?model=another-model"},
    "query behind a fragment": {"target": "{base}/chat/completions#?model=another-model"},
    "absolute target": {"target": "http://elsewhere.example{base}/chat/completions"},
    "fallbacks": {"body": {"fallbacks": ["another-model"]}},
    "engine": {"body": {"engine": "another-model"}},
    "deployment_id": {"body": {"deployment_id": "another-model"}},
}


@pytest.mark.parametrize("name", sorted(SELECTORS))
def test_a_model_chosen_beside_the_body_is_refused_and_recorded(stage: Stage, provider: Provider, name: str) -> None:
    ran = stage.run({"asks": SELECTORS[name]})
    assert ran.outcome[0] == "fail"
    assert provider.seen == []
    assert {record["status"] for record in ran.requests} <= {400, 403, 404}


def test_a_header_that_names_a_model_does_not_reach_the_provider(stage: Stage, provider: Provider) -> None:
    stage.run({"asks": {"headers": {"X-Model": "another-model"}}})
    assert not [seen for seen in provider.seen if "another-model" in str(seen.headers)]


def test_a_request_for_another_model_never_leaves(stage: Stage, provider: Provider) -> None:
    ran = stage.run({"other model asked": "another-model"})
    assert ran.outcome == ("fail", "not_admitted", "other-model-requested")
    assert (provider.seen, {record["status"] for record in ran.requests}) == ([], {403})


def test_a_server_that_answers_as_another_model_fails_the_run(stage: Stage, provider: Provider) -> None:
    provider.served_model = "another-model"
    assert stage.run().outcome == ("fail", "not_admitted", "other-model-served")


def test_an_answer_that_cannot_be_read_fails_the_run(stage: Stage, provider: Provider) -> None:
    provider.encoding = "br"
    assert stage.run().outcome == ("fail", "not_admitted", "answer-unreadable")


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_a_refusal_of_the_provider_is_the_cause(stage: Stage, provider: Provider, status: int) -> None:
    provider.status = status
    ran = stage.run()
    assert ran.outcome == ("fail", "admitted", "provider-refused")
    assert str(status) in ran.report["message"]


def test_an_upstream_that_is_not_there_is_the_cause(stage: Stage) -> None:
    ran = stage.run({}, upstream="http://127.0.0.1:1/v1")
    assert ran.outcome == ("fail", "admitted", "upstream-unreachable")


def test_one_agent_without_a_request_fails_the_run(stage: Stage) -> None:
    assert stage.run({"no request": "reviewer"}).outcome == ("fail", "admitted", "agent-without-request")


def test_an_agent_of_the_plan_that_is_left_out_fails_the_run(stage: Stage) -> None:
    ran = stage.run({"agent left out": "retrospective"})
    assert ran.outcome[:2] == ("fail", "admitted")
    assert {"agent-not-spawned", "agent-without-request"} <= ran.reasons


@pytest.mark.parametrize("agent", ["implementer", "closer", "retrospective"])
def test_an_agent_without_a_phase_fails_the_run(stage: Stage, agent: str) -> None:
    assert stage.run({"phases left out": agent}).outcome == ("fail", "admitted", "phase-missing")


@pytest.mark.parametrize("cwd", ["/srv/target", "{run}/../other", "{run}-other"])
def test_a_spawn_outside_the_run_directory_fails_the_run(stage: Stage, cwd: str) -> None:
    ran = stage.run({"cwd outside": cwd.replace("{run}", str(stage.runs / "run"))})
    assert ran.outcome == ("fail", "admitted", "spawn-outside")


@pytest.mark.parametrize("linked", ["/srv", "../fixture/real"])
def test_a_spawn_behind_a_link_fails_the_run(stage: Stage, linked: str) -> None:
    ran = stage.run({"cwd behind a link": linked})
    assert ran.outcome == ("fail", "admitted", "spawn-outside")
    assert verified(ran) == ([], False)


def test_a_pipe_that_a_program_leaves_is_removed(stage: Stage) -> None:
    ran = stage.run({"does": 'os.mkfifo(run_dir / "home/pipe")'})
    assert ran.outcome[0] == "pass"
    assert verified(ran) == ([], True)


@pytest.mark.parametrize("trap", ["named", "file named", "other model asked"])
def test_what_sotctl_writes_repeats_no_secret(stage: Stage, trap: str) -> None:
    ran = stage.run({trap: TOKEN})
    assert ran.outcome[0] == "fail"
    written = ("report.json", "report.md", "trace.jsonl", "backend/requests.jsonl")
    assert [name for name in written if TOKEN in (ran.folder / name).read_text()] == []


def test_a_secret_in_a_file_is_the_reason(stage: Stage) -> None:
    ran = stage.run({"does": f'(run_dir / "home/notes").write_text({TOKEN!r})'})
    assert ran.outcome == ("fail", "admitted", "secret-found")
    assert verified(ran) == ([], False)


def test_a_stranger_at_the_recorder_is_not_counted(stage: Stage) -> None:
    """Without isolation the recorder listens on the machine's own loopback."""
    code = """
base = next(iter(json.loads((Path(os.environ["PI_CODING_AGENT_DIR"]) / "models.json").read_text())["providers"].values()))
parts = urllib.parse.urlsplit(base["baseUrl"])
connection = http.client.HTTPConnection(parts.hostname, parts.port)
connection.request("POST", "/v1/chat/completions", b'{"model": "another-model"}')
assert connection.getresponse().status == 404
"""
    ran = stage.run({"does": code}, "--no-isolation")
    assert ran.outcome[0] == "pass"
    assert "without isolation" in ran.report["message"]
    assert re.search("does not show", (ran.folder / "report.md").read_text())


def test_only_the_admitted_model_is_in_the_configuration(stage: Stage) -> None:
    ran = stage.run()
    config = json.loads((ran.folder / "case-data/config.json").read_bytes())
    assert config["models"] == {"default": {"provider": "vllm", "model": MODEL}}
    assert [entry for entry in ran.report["configuration"] if entry["before"] != entry["after"]] == []


def test_without_isolation_a_fixture_behind_a_link_is_no_work(stage: Stage, tmp_path: Path) -> None:
    code = f"import shutil\nshutil.move(target, {str(tmp_path / 'elsewhere')!r})\ntarget.symlink_to({str(tmp_path / 'elsewhere')!r})"
    ran = stage.run({"does": code}, "--no-isolation")
    assert ran.outcome[0] == "fail"
    assert "tests-failed" in ran.reasons
    assert "evidence-odd-file" in {finding.rule.id for finding in verify_directory(ran.folder).findings}


def test_a_program_beside_the_store_of_the_credential_is_not_started(stage: Stage, tmp_path: Path) -> None:
    index = stage.stand_in({})
    store = index.with_name("auth.json")
    store.write_text(json.dumps({"vllm": {"type": "api_key", "key": "a-key-of-mine-alone"}}))
    store.chmod(0o600)
    ran = stage.run_words([sys.executable, str(index)], credential=f"pi:{store}")
    assert ran.outcome == ("blocked", "admitted", "launcher-too-wide")
