"""From a decision to evidence: what a person does until CTO-WORK-020 may leave `blocked`."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from samples import Done, Repository, document, use_own_git_settings
from sotctl.errors import SotError
from sotctl.stage2.packs import opened
from stage2.provider import Provider
from stage2.stage_repository import MODEL, NAME, NETWORKS, PROVIDER, Stage

pytestmark = pytest.mark.slow  # each takes little, all together take long

ISSUES = document(
    """\
# Issues

## CTO-WORK-020 - Admit Case Model Provider For Real Stage 2

Status: blocked.

Choose and admit the exact provider/model path.

Blocked by:

- a place to run it (cleared 2026-05-31: there is one)
""",
    title="Issues",
)
ANSWERS = {
    "decision_status": "local_provider_required",
    "provider_class": "local_case_compatible",
    "provider": PROVIDER,
    "model": MODEL,
    "approval_source": "JP chat approval on 2026-05-31",
    "credential_source_class": "local-vllm",
    "allowed_network_class": "loopback",
    "review_trigger": "when the model is replaced",
    "evidence_sources": ["commit f39d8ab"],
}


@dataclass(frozen=True)
class EvidenceStore(Repository):
    """A store in a repository, and a place for runs beside it."""

    stage: Stage

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def move(self, status: str) -> Done:
        """Stage a move of the issue and let the commit gate judge it."""
        path = self.write(".sot/02-ISSUES/issues.md", ISSUES.replace("Status: blocked.", f"Status: {status}."))
        self.git("add", str(path))
        done = self.run("check", "--staged", "--json")
        self.git("restore", "--staged", "--worktree", str(path))
        return done


@pytest.fixture(scope="session")
def evidence_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a local pair admitted by a decision; made once, and only copied."""
    place = tmp_path_factory.mktemp("store")
    found = Repository(place / "repository")
    found.write(".sot/02-ISSUES/issues.md", ISSUES)
    found.write(".sot/sot.toml", NETWORKS)
    (place / "answers.json").write_text(json.dumps(ANSWERS))
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_own_git_settings(monkeypatch, tmp_path_factory.mktemp("home"))
        found.git("init", "-q")
        found.done("init")
        found.git("add", ".")
        found.git("commit", "-qm", "a store")
        found.done("decide", "CTO-WORK-020", "--answers", str(place / "answers.json"), "--yes")
    return found.path


@pytest.fixture
def store(evidence_template: Path, tmp_path: Path, provider: Provider) -> EvidenceStore:
    """A copy of it, and a provider on loopback."""
    top = Path(shutil.copytree(evidence_template, tmp_path / "repository", symlinks=True))
    variables = {
        "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(top / NAME),
        "CTO_HARNESS_CASE_MODEL_PROVIDER": PROVIDER,
        "CTO_HARNESS_CASE_MODEL": MODEL,
    }
    return EvidenceStore(top, Stage(tmp_path, provider.url, variables))


@pytest.mark.slow
def test_a_governed_issue_leaves_blocked_only_with_evidence(store: EvidenceStore) -> None:
    refused = store.move("in_progress")
    assert (refused.returncode, [found["rule"] for found in json.loads(refused.stdout)["findings"]]) == (
        1,
        ["status-move"],
    )
    assert store.move("rejected").returncode == 0
    assert store.run("issue", "status", "CTO-WORK-020", "in_progress").returncode == 1
    ran = store.stage.run()
    assert ran.outcome[0] == "pass", ran.done.stdout + ran.done.stderr
    recorded = store.run("evidence", "record", str(ran.folder))
    assert recorded.returncode == 0, recorded.stderr
    assert recorded.stdout.splitlines()[-1] == "next      sotctl issue status CTO-WORK-020"
    assert store.git("show", "--name-only", "--format=", "HEAD") == f".sot/04-EVIDENCE/{ran.folder.name}.md\n"
    (row,) = store.json("evidence", "list")["records"]
    assert (row["counts"], row["issue"], row["provider"], row["model"]) == (True, "CTO-WORK-020", PROVIDER, MODEL)
    assert row["admission_sha256"] == ran.report["admission_sha256"]
    allowed = store.move("in_progress")
    assert allowed.returncode == 0, allowed.stdout
    moved = store.run("issue", "status", "CTO-WORK-020", "in_progress")
    assert moved.returncode == 0, moved.stderr


@pytest.mark.parametrize("name", ["report.json", "backend/requests.jsonl"])
@pytest.mark.slow
def test_a_run_that_was_edited_after_it_was_recorded_keeps_the_issue_blocked(store: EvidenceStore, name: str) -> None:
    ran = store.stage.run()
    store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    whole = (ran.folder / name).read_bytes()
    (ran.folder / name).write_bytes(whole + b" ")
    refused = store.run("issue", "status", "CTO-WORK-020", "in_progress")
    assert (refused.returncode, f"sotctl evidence verify {ran.folder}" in refused.stderr) == (1, True)
    (ran.folder / name).write_bytes(whole)
    moved = store.run("issue", "status", "CTO-WORK-020", "in_progress")
    assert moved.returncode == 0, moved.stderr


def test_a_revoked_admission_takes_the_effect_of_its_evidence_away(store: EvidenceStore) -> None:
    ran = store.stage.run()
    store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    store.run("admission", "revoke", "--reason", "the model was replaced")
    assert store.move("in_progress").returncode == 1


def test_a_run_that_did_not_pass_is_not_recorded(store: EvidenceStore) -> None:
    ran = store.stage.run({"nothing written": True})
    done = store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    assert (done.returncode, done.stderr.partition("\n")[0]) == (
        1,
        "error: the run is not evidence: its result is fail",
    )


def test_a_run_that_was_edited_is_not_recorded(store: EvidenceStore) -> None:
    ran = store.stage.run()
    (ran.folder / "backend/case.stdout").write_text("more")
    done = store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    assert (done.returncode, "case.stdout is not what the report says" in done.stderr) == (1, True)


def test_a_run_that_could_reach_other_hosts_than_the_store_allows_is_not_recorded(store: EvidenceStore) -> None:
    ran = store.stage.run()
    (store.path / ".sot/sot.toml").write_text(NETWORKS.replace("127.0.0.1", "10.0.0.1"))
    done = store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    assert (done.returncode, done.stderr.startswith("error: the run could reach 127.0.0.1")) == (1, True)


@pytest.mark.slow
def test_a_run_is_recorded_once(store: EvidenceStore) -> None:
    ran = store.stage.run()
    words = ("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    assert [store.run(*words, "--dry-run").returncode, store.run(*words).returncode] == [0, 0]
    assert store.run(*words).returncode == 1


def test_a_record_of_a_foreign_admission_or_an_edited_one_is_refused(store: EvidenceStore) -> None:
    ran = store.stage.run()
    store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    path = store.path / f".sot/04-EVIDENCE/{ran.folder.name}.md"
    text, digest = path.read_text(), ran.report["admission_sha256"]

    def rules() -> set[str]:
        store.git("add", "-A", ".sot")
        return {found["rule"] for found in json.loads(store.run("check", "--staged", "--json").stdout)["findings"]}

    path.write_text(text.replace(digest, "ab" * 32))
    assert rules() == {"evidence-edited", "evidence-foreign"}
    path.write_text(text.replace("status: validated", "status: archived"))
    assert rules() == set()
    path.unlink()
    assert rules() == {"evidence-edited"}


@pytest.mark.slow
@pytest.mark.long
def test_health_says_what_is_missing_and_what_holds(store: EvidenceStore) -> None:
    def health() -> tuple[int, dict[str, str]]:
        done = store.run("health", "--json")
        return done.returncode, {part["name"]: part["status"] for part in json.loads(done.stdout)["parts"]}

    good = dict.fromkeys(("store", "hooks", "admission", "evidence", "gate"), "pass")
    assert health() == (0, {**good, "evidence": "warn"})
    ran = store.stage.run()
    store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-020")
    assert health() == (0, good)
    (ran.folder / "backend/case.stdout").write_text("more")
    assert health() == (1, {**good, "evidence": "fail"})
    report = ran.folder / "report.json"
    report.write_text(report.read_text() + "\n")
    assert health() == (1, {**good, "evidence": "fail"})


def test_health_sees_dead_hooks_and_an_edited_admission(store: EvidenceStore) -> None:
    store.run("hooks", "uninstall")
    file = store.path / NAME
    file.write_text(file.read_text() + "\n")
    parts = {part["name"]: part["status"] for part in store.json("health")["parts"]}
    assert (parts["hooks"], parts["admission"]) == ("fail", "fail")


@pytest.mark.parametrize(("days", "state"), [(-1, "fail"), (5, "warn"), (60, "pass")])
@pytest.mark.slow
def test_health_says_when_a_review_is_due(tmp_path: Path, days: int, state: str) -> None:

    due = (datetime.now(UTC) + timedelta(days=days)).date()
    stage = Stage.make(
        tmp_path, "http://127.0.0.1:1", review_trigger=f"review by {due}", admission_timestamp="2026-06-01T00:00:00Z"
    )
    store = EvidenceStore(tmp_path / "repository", stage)
    parts = {part["name"]: part["status"] for part in store.json("health")["parts"]}
    assert parts["admission"] == state


def test_an_admission_is_signed_and_verified(store: EvidenceStore, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "jp", "-f", keys / "jp"], check=True)
    listed = " ".join((keys / "jp.pub").read_text().split()[:2])
    (keys / "signers").write_text(f"jp {listed}\n")
    (keys / "signers").chmod(0o600)
    signers = {"SOTCTL_ALLOWED_SIGNERS": str(keys / "signers")}
    assert store.run("admission", "verify", **signers).stdout.startswith("unsigned  .sot/03-PROTOCOLS/")
    assert store.run("admission", "sign").returncode == 3
    signed = store.run("admission", "sign", "--key", str(keys / "jp"))
    assert signed.returncode == 0, signed.stderr
    assert store.git("show", "--name-only", "--format=", "HEAD") == f"{NAME}.sig\n"
    verified = store.run("admission", "verify", **signers)
    assert (verified.returncode, verified.stdout.startswith("good ")) == (0, True)
    gate = store.run("gate", "--json", **store.stage.environment, **signers)
    assert json.loads(gate.stdout)["signature"]["state"] == "good"


def test_a_pack_is_the_same_to_the_byte_and_held_against_its_record(store: EvidenceStore, tmp_path: Path) -> None:
    ran = store.stage.run()
    one, two = tmp_path / "one.tar.gz", tmp_path / "two.tar.gz"
    first = store.json("evidence", "pack", str(ran.folder), "--out", str(one))
    os.utime(ran.folder / "report.json", (1, 1))
    second = store.json("evidence", "pack", str(ran.folder), "--out", str(two))
    assert (first["sha256"], one.read_bytes()) == (second["sha256"], two.read_bytes())
    done = store.run("evidence", "record", str(ran.folder), "--pack", str(one))
    assert done.returncode == 0, done.stderr
    (row,) = store.json("evidence", "list")["records"]
    assert (row["location"], row["pack_sha256"]) == (str(one), first["sha256"])
    assert row["backend"] == "case (a program without a package.json)"
    name = ran.folder.name
    assert store.run("evidence", "verify", "--record", name, str(one)).returncode == 0
    two.write_bytes(gzip.compress(gzip.decompress(one.read_bytes()), mtime=7))
    refused = store.run("evidence", "verify", "--record", name, str(two))
    assert (refused.returncode, "`pack_sha256` of the record is not that of the run" in refused.stdout) == (1, True)
    other = store.stage.run()
    refused = store.run("evidence", "verify", "--record", name, str(other.folder))
    assert (refused.returncode, "`report_sha256` of the record" in refused.stdout) == (1, True)


@pytest.mark.parametrize("name", ["run/../../mark", "/mark", "run/mark"])
def test_a_pack_writes_nothing_outside_of_itself(tmp_path: Path, name: str) -> None:
    pack = tmp_path / "pack.tar.gz"
    with tarfile.open(pack, "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        if name == "run/mark":
            entry.type = tarfile.LNKTYPE
        archive.addfile(entry)
    with pytest.raises(SotError, match="holds an entry that no packed run has"), opened(pack):
        pass


def test_another_issue_than_that_of_the_admission_is_refused(store: EvidenceStore) -> None:
    ran = store.stage.run()
    done = store.run("evidence", "record", str(ran.folder), "--issue", "CTO-WORK-019")
    assert done.returncode == 2
    assert "evidence for CTO-WORK-020" in " ".join(done.stderr.split())


def test_a_run_without_isolation_is_recorded_only_where_that_is_allowed(store: EvidenceStore) -> None:
    ran = store.stage.run({}, "--no-isolation")
    assert ran.outcome[0] == "pass"
    refused = store.run("evidence", "record", str(ran.folder))
    assert (refused.returncode, "without isolation" in refused.stderr) == (1, True)
    configuration = store.path / ".sot/sot.toml"
    configuration.write_text(f'{configuration.read_text()}[evidence]\nisolation = "optional"\n')
    done = store.run("evidence", "record", str(ran.folder))
    assert done.returncode == 0, done.stderr
    (row,) = store.json("evidence", "list")["records"]
    assert row["isolation"] == "none"


def test_a_run_of_the_first_format_is_not_recorded_any_more(store: EvidenceStore, tmp_path: Path) -> None:
    with tarfile.open(Path(__file__).parents[1] / "data/stage2-v1-runs.tar.gz") as archive:
        archive.extractall(tmp_path, filter="fully_trusted")
    done = store.run("evidence", "record", str(tmp_path / "20261126T135032Z-r1-string-slugify-21106"))
    assert (done.returncode, "sotctl.stage2-report/v1 is not recorded any more" in " ".join(done.stderr.split())) == (
        1,
        True,
    )


def test_a_run_is_exported_as_statements(store: EvidenceStore) -> None:
    ran = store.stage.run()
    lines = store.run("evidence", "export", "--format", "in-toto", str(ran.folder)).stdout.splitlines()
    verdict, tests = map(json.loads, lines)
    assert verdict["_type"] == tests["_type"] == "https://in-toto.io/Statement/v1"
    assert verdict["predicateType"] == "https://in-toto.io/attestation/svr/v0.1"
    assert verdict["predicate"]["properties"] == [
        "SOTCTL_STAGE2_PASS",
        "SOTCTL_ADMITTED_PAIR_ONLY",
        "SOTCTL_ISOLATION_BWRAP",
    ]
    assert (tests["predicate"]["result"], tests["predicate"]["passedTests"]) == ("PASSED", ["real", "fake"])
    digest = hashlib.sha256((ran.folder / "report.json").read_bytes()).hexdigest()
    assert verdict["subject"] == [{"name": f"{ran.folder.name}/report.json", "digest": {"sha256": digest}}]
    (ran.folder / "backend/case.stdout").write_text("more")
    assert store.run("evidence", "export", "--format", "in-toto", str(ran.folder)).returncode == 1
