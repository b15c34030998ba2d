"""Evidence is recomputed: careless edits and careful forgeries are both found."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.forgery import EDITS, copy_of, encode, seal
from sotctl.evidence.conditions import test_problems as problems_of_tests
from sotctl.evidence.files import artifacts
from sotctl.evidence.report import FixtureResult, Report
from sotctl.evidence.values import to_json
from sotctl.stage2.rundir import DiskRun
from sotctl.stage2.verification import verify_directory

pytestmark = pytest.mark.slow  # each takes little, all together take long

SEEDS = range(100)
GROUPS = 4


def rules(folder: Path) -> set[str]:
    return {finding.rule.id for finding in verify_directory(folder).findings}


def test_a_run_that_passed_is_verified(passed: Path) -> None:
    verified = verify_directory(passed)
    assert (verified.is_pass, verified.findings) == (True, ())


def test_a_run_that_was_sealed_again_unchanged_is_verified(passed: Path) -> None:
    """The forger's tool itself changes nothing, so that what the forgeries below change is what is found."""
    before = (passed / "report.json").read_bytes()
    seal(passed)
    assert (passed / "report.json").read_bytes() == before
    assert rules(passed) == set()


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_hundred_random_edits_are_all_found(
    passed_once: Path, tmp_path: Path, group: int, record_property: Callable[[str, object], None]
) -> None:
    """The count of all groups stands at the end of the output."""
    found, missed = 0, []
    for seed in SEEDS[group::GROUPS]:
        dice = random.Random(seed)
        copy = copy_of(passed_once, tmp_path / str(seed))
        edit = dice.choice(EDITS)(copy, dice)
        if rules(copy):
            found += 1
        else:
            missed.append(f"{seed}: {edit}")
    record_property("random edits found", found)
    record_property("random edits made", len(SEEDS[group::GROUPS]))
    assert missed == []


COMPUTED = {field.name: field.default for field in dataclasses.fields(Report) if field.name != "artifacts"}


@pytest.mark.parametrize("name", [name for name, default in COMPUTED.items() if default is not dataclasses.MISSING])
def test_a_field_with_a_default_is_never_believed(passed: Path, name: str) -> None:
    values = json.loads((passed / "report.json").read_bytes())
    forged: object = to_json(COMPUTED[name])
    if forged == values[name]:
        forged = {"type": f"{values['type']}x", "observed_fallback": {"provider": "x", "model": "y"}}.get(
            name, {"inspected": ["x"], "copied": []}
        )
    seal(passed, lambda values: values.update({name: forged}))
    assert rules(passed) != set()


def report(**changes: Any) -> Callable[[Path], None]:
    """A forgery of the report alone."""
    return lambda folder: seal(folder, lambda values: values.update(changes))


def edited(path: str, edit: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """A forgery of one file, with every digest made to fit."""

    def forge(folder: Path) -> None:
        (folder / path).chmod(0o600)
        (folder / path).write_bytes(edit((folder / path).read_bytes()))
        seal(folder)

    return forge


def resealed(folder: Path, key: str, value: object) -> None:
    """A part of the report alone, under digests that fit; report.md can no longer be made from it."""
    values = json.loads((folder / "report.json").read_bytes())
    (folder / "report.json").write_bytes(encode({**values, key: value}))


def without_line(number: int) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        del lines[number]
        return b"".join(lines)

    return edit


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return edit


def other_admission(folder: Path) -> None:
    path = folder / "admission.json"
    path.write_bytes(path.read_bytes().replace(b"JP chat", b"JP mail"))
    seal(folder)


UNTESTED = {"passed_before": None, "passed_after": None}


def untested(folder: Path) -> None:
    seal(folder, lambda values: values["baseline"].update(real=UNTESTED, fake=UNTESTED))


def of_other_times(folder: Path) -> None:
    """A run of 2020 with requests of 2030, made from one of today."""
    name = folder.name
    for path in folder.rglob("*"):
        if path.is_file() and name.encode() in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(name.encode(), f"2020{name[4:]}".encode()))
    trace, requests = folder / "trace.jsonl", folder / "backend/requests.jsonl"
    trace.write_bytes(re.sub(rb'"ts": "20..', b'"ts": "2020', trace.read_bytes()))
    requests.write_bytes(re.sub(rb'"started_at": "20..', b'"started_at": "2030', requests.read_bytes()))
    folder.rename(folder.with_name(f"2020{name[4:]}"))
    seal(folder.with_name(f"2020{name[4:]}"))


def linked(folder: Path) -> None:
    """The logs behind a link, where no digest pins them."""
    elsewhere = folder.parent / "elsewhere"
    (folder / "backend").rename(elsewhere)
    (folder / "backend").symlink_to(elsewhere)
    seal(folder)


def piped(folder: Path) -> None:
    os.mkfifo(folder / "home/pipe")
    seal(folder)


FORGERIES: dict[str, tuple[Callable[[Path], None], str]] = {
    "another model in the report": (report(case_model="another-model"), "evidence-report-differs"),
    "another approval": (report(approval_source="JP mail approval on 2026-05-31"), "evidence-report-differs"),
    "another admission": (other_admission, "evidence-report-differs"),
    "another use": (report(used=[]), "evidence-report-differs"),
    "another baseline": (untested, "evidence-report-differs"),
    "target paths": (report(target_repository_paths={"inspected": ["/srv"], "copied": []}), "evidence-report-differs"),
    "other hosts": (
        lambda folder: seal(folder, lambda values: values["network"].update(hosts=["10.0.0.1"])),
        "evidence-judgement-differs",
    ),
    "another class": (
        lambda folder: seal(folder, lambda values: values["network"].update({"class": "x"})),
        "evidence-report-differs",
    ),
    "a fail that is none": (report(result="fail", reason="timeout"), "evidence-judgement-differs"),
    "a block that is none": (report(result="blocked"), "evidence-report-differs"),
    "another run": (report(run_id="20261123T000000Z-r1-string-slugify-1"), "evidence-report-differs"),
    "another place": (report(run_directory="/elsewhere/run"), "evidence-report-differs"),
    "another task": (report(task_sha256="0" * 64), "evidence-report-differs"),
    "a task that nobody knows": (report(task_id="string-capitalize"), "evidence-report-broken"),
    "a backend that nobody knows": (
        lambda folder: seal(folder, lambda values: values["backend"].update(name="another")),
        "evidence-report-broken",
    ),
    "another name that may answer": (report(served_models=["another-model"]), "evidence-report-differs"),
    "another recorder's address": (
        lambda folder: seal(folder, lambda values: values["network"].update(recorder="http://127.0.0.1:1/x")),
        "evidence-judgement-differs",
    ),
    "logs behind a link": (linked, "evidence-odd-file"),
    "a pipe": (piped, "evidence-odd-file"),
    "no report at all": (lambda folder: (folder / "report.json").unlink(), "evidence-report-broken"),
    "an empty report": (lambda folder: void((folder / "report.json").write_bytes(b"{}")), "evidence-report-broken"),
    "a report without a part": (
        lambda folder: seal(folder, lambda v: void(v.pop("network"))),
        "evidence-report-broken",
    ),
    "a part of another type": (lambda folder: resealed(folder, "network", "loopback"), "evidence-report-broken"),
    "a part of a part of another type": (
        lambda folder: resealed(folder, "used", [{"agent": 1}]),
        "evidence-report-broken",
    ),
    "a request with a status in words": (
        edited("backend/requests.jsonl", swapped(b'"status": 200', b'"status": "ok"')),
        "evidence-judgement-differs",
    ),
    "a fallback that is no pair": (
        edited("admission.json", swapped(b'"fallback": [', b'"fallback": ["x", {"provider": 1},')),
        "evidence-report-differs",
    ),
    "no configuration, and no block": (
        lambda folder: void((folder / "case-data/config.json").unlink()) or seal(folder),
        "evidence-judgement-differs",
    ),
    "an event of many runs": (
        edited("backend/events.jsonl", lambda data: re.sub(rb'"runId": "[^"]*"', b'"runId": []', data, count=1)),
        "evidence-judgement-differs",
    ),
    "a request cut": (edited("backend/requests.jsonl", without_line(2)), "evidence-judgement-differs"),
    "the last request cut": (edited("backend/requests.jsonl", without_line(-1)), "evidence-judgement-differs"),
    "another model asked": (
        edited("backend/requests.jsonl", swapped(b'"requested_model": "qwen', b'"requested_model": "qwem')),
        "evidence-judgement-differs",
    ),
    "another model served": (
        edited("backend/requests.jsonl", swapped(b'"served_models": ["qwen', b'"served_models": ["qwem')),
        "evidence-judgement-differs",
    ),
    "a spawn cut": (edited("backend/case.stderr", without_line(2)), "evidence-judgement-differs"),
    "another spawn": (
        edited("backend/case.stderr", swapped(b'"model": "qwen', b'"model": "qwem')),
        "evidence-judgement-differs",
    ),
    "an event cut": (edited("backend/events.jsonl", without_line(3)), "evidence-judgement-differs"),
    "a phase that failed": (
        edited("backend/events.jsonl", swapped(b'"outcome": "completed"', b'"outcome": "failed"')),
        "evidence-judgement-differs",
    ),
    "another configuration": (edited("case-data/config.json", swapped(b"qwen", b"qwem")), "evidence-judgement-differs"),
    "another manifest": (
        edited("case-data/projects.json", swapped(b"python3", b"python")),
        "evidence-judgement-differs",
    ),
    "another provider": (
        edited("pi/models.json", swapped(b"http://127.0.0.1:", b"http://127.0.0.2:")),
        "evidence-judgement-differs",
    ),
    "another recorder": (
        edited("pi/models.json", lambda data: re.sub(rb"/[0-9a-f]{32}", b"/" + b"0" * 32, data)),
        "evidence-judgement-differs",
    ),
    "no provider": (
        lambda folder: void((folder / "pi/models.json").unlink()) or seal(folder),
        "evidence-judgement-differs",
    ),
    "credentials": (
        lambda folder: void((folder / "pi/auth.json").write_text('{"anthropic": {}}')) or seal(folder),
        "evidence-judgement-differs",
    ),
    "a digest left out": (
        lambda folder: seal(folder, lambda values: values.pop("configuration")),
        "evidence-report-broken",
    ),
    "a backend left out": (lambda folder: seal(folder, lambda values: values.pop("backend")), "evidence-report-broken"),
    "a digest of another type": (report(configuration="x"), "evidence-report-broken"),
    "work that was not done": (
        edited("fixture/real/slugify.py", lambda data: b"def slugify(title):\n    return 'hello-world'\n"),
        "evidence-judgement-differs",
    ),
    "a baseline that does not pass": (
        edited("fixture/fake/slugify.py", lambda data: b"slugify = str\n"),
        "evidence-judgement-differs",
    ),
    "a line of the trace cut": (edited("trace.jsonl", without_line(4)), "evidence-trace-broken"),
    "a trace without numbers": (
        edited("trace.jsonl", lambda data: re.sub(rb'"seq": \d+', b'"seq": 1', data)),
        "evidence-trace-broken",
    ),
    "a trace out of order": (
        edited("trace.jsonl", swapped(b"fixture_created", b"case_config_written")),
        "evidence-trace-broken",
    ),
    "a trace that goes back in time": (
        edited("trace.jsonl", lambda data: re.sub(rb'"ts": "20..', b'"ts": "2999', data, count=1)),
        "evidence-trace-broken",
    ),
    "a secret": (
        edited("backend/case.stdout", lambda data: b"sk-" + b"ant-api03-" + b"aB3_dE6g" * 11 + b"AA\n"),
        "evidence-secret",
    ),
}


def void(_: object) -> None:
    """Give nothing back."""


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_a_forgery_with_every_digest_made_to_fit_is_found(passed: Path, name: str) -> None:
    forge, rule = FORGERIES[name]
    forge(passed)
    assert rule in rules(passed)


def resaid(folder: Path) -> None:
    """Another report.md than the report gives, under a digest that fits."""
    (folder / "report.md").write_text("# Passed\n")
    values = json.loads((folder / "report.json").read_bytes())
    values["artifacts"] = artifacts(DiskRun(folder))
    (folder / "report.json").write_bytes(encode(values))


def turned_around(folder: Path) -> None:
    """The artifacts in another order."""
    values = json.loads((folder / "report.json").read_bytes())
    values["artifacts"].reverse()
    (folder / "report.json").write_bytes(encode(values))


def refused(data: bytes) -> bytes:
    first, *rest = data.splitlines(keepends=True)
    return json.dumps({**json.loads(first), "outcome": "ambiguous"}).encode() + b"\n" + b"".join(rest)


def without_an_end(data: bytes) -> bytes:
    events = [json.loads(line) for line in data.splitlines()]
    events.remove(next(event for event in events if event["event"] == "phase_end"))
    return b"".join(json.dumps({**event, "sequence": at}).encode() + b"\n" for at, event in enumerate(events, 1))


SAID: dict[str, tuple[Callable[[Path], None], str]] = {
    "another report.md": (resaid, "report.md does not say what report.json says"),
    "artifacts out of order": (turned_around, "listed twice or out of order"),
    "a broken admission": (edited("admission.json", lambda data: data + b"}"), "the admission: "),
    "another status": (report(case_model_admission_status="mismatch"), "`case_model_admission_status` is not what"),
    "another outcome": (
        lambda folder: seal(folder, lambda values: values["case"].update(outcome="failed")),
        "`case` is not what",
    ),
    "a broken request": (edited("backend/requests.jsonl", lambda data: data + b"{\n"), "requests-broken"),
    "a refused request": (edited("backend/requests.jsonl", refused), "request-ambiguous"),
    "other bytes of the same configuration": (
        edited("case-data/config.json", lambda data: json.dumps(json.loads(data)).encode()),
        "case-config-changed",
    ),
    "a spawn that leads upwards": (
        edited("backend/case.stderr", lambda data: re.sub(rb'("cwd": "[^"]*)"', rb'\1/../x"', data, count=1)),
        "spawn-outside",
    ),
    "a phase that never ended": (edited("backend/events.jsonl", without_an_end), "phase-not-completed"),
}


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_forgery_is_called_what_it_is(passed: Path, name: str) -> None:
    forge, message = SAID[name]
    forge(passed)
    assert message in "\n".join(finding.message for finding in verify_directory(passed).findings)


@pytest.mark.parametrize("name", ["real", "fake"])
def test_tests_that_passed_at_first_show_nothing(name: str) -> None:
    good = FixtureResult(passed_before=False, passed_after=True)

    def reasons(tests: dict[str, FixtureResult]) -> list[str]:
        return [problem.reason for problem in problems_of_tests(tests)]

    assert reasons({"real": good, "fake": good}) == []
    changed = FixtureResult(passed_before=True, passed_after=True)
    assert reasons({"real": good, "fake": good, name: changed}) == ["tests-passed-before"]


def test_a_run_from_before_its_admission_is_found(passed: Path) -> None:
    of_other_times(passed)
    folder = passed.with_name(f"2020{passed.name[4:]}")
    assert "time-order" in "\n".join(finding.message for finding in verify_directory(folder).findings)


def test_a_run_that_ends_in_the_future_is_found(passed: Path) -> None:
    edited("trace.jsonl", lambda data: re.sub(rb'"ts": "20..(?=[^\n]*run_finished)', b'"ts": "2999', data))(passed)
    assert "the trace ends in the future" in [finding.message for finding in verify_directory(passed).findings]


def test_a_run_under_another_name_is_found(passed: Path) -> None:
    other = passed.with_name("20261123T000000Z-r1-string-slugify-1")
    passed.rename(other)
    assert rules(other) >= {"evidence-report-differs", "evidence-trace-broken"}


def test_a_link_in_the_place_of_a_file_is_found(passed: Path, tmp_path: Path) -> None:
    (passed / "trace.jsonl").rename(tmp_path / "trace.jsonl")
    (passed / "trace.jsonl").symlink_to(tmp_path / "trace.jsonl")
    assert "evidence-artifact-changed" in rules(passed)


def test_the_command_tells_the_result_and_what_is_wrong(passed: Path) -> None:
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sotctl", "evidence", "verify", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = call(str(passed), "--json")
    said = json.loads(good.stdout)
    assert (good.returncode, said["verified"], said["result"], said["findings"]) == (0, True, "pass", [])
    (passed / "backend/case.stdout").write_text("more")
    bad = call(str(passed))
    assert (bad.returncode, "backend/case.stdout is not what the report says" in bad.stdout) == (1, True)
    absent = call(str(passed / "none"))
    assert (absent.returncode, " ".join(absent.stderr.split()).startswith("error: there is no run ")) == (3, True)
