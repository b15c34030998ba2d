"""`sotctl export`, and the files of `[exports]` in a real repository with its hooks."""

from __future__ import annotations

import json

import pytest

from export.test_opa import contents
from samples import ADMISSION_PATH, Repository

pytestmark = pytest.mark.slow  # each takes little, all together take long

TARGET = ".opencode/opencode.jsonc"
OWN = '{\n  // ours\n  "theme": "nord"\n}\n'


@pytest.fixture
def exporting(store: Repository) -> Repository:
    """A store that names a target for opencode, before any decision."""
    store.write(TARGET, OWN)
    store.write(".sot/sot.toml", f'[exports]\nopencode = "{TARGET}"\n')
    assert store.run("export", "opencode", "--no-commit").returncode == 0
    store.git("add", "-A")
    store.git("commit", "-qm", "Let opencode follow the admissions")
    return store


def target(repository: Repository) -> dict[str, object]:
    text = repository.read(TARGET).decode()
    assert "// ours" in text
    return dict(json.loads(text.replace("// ours", "")))


def test_a_decision_and_its_revocation_write_the_target_in_their_own_commit(exporting: Repository) -> None:
    assert target(exporting)["enabled_providers"] == []
    assert exporting.decide().returncode == 0
    assert target(exporting)["enabled_providers"] == ["openai-codex"]
    assert TARGET in exporting.git("show", "--name-only", "--format=", "HEAD").split()
    exporting.done("admission", "revoke", "--reason", "the account was closed")
    assert target(exporting)["enabled_providers"] == []
    assert exporting.git("status", "--porcelain") == ""
    assert exporting.run("check", "--all").returncode == 0


def test_a_target_widened_by_hand_is_refused_where_it_stands(exporting: Repository) -> None:
    assert exporting.decide().returncode == 0
    exporting.edit(TARGET, '"gpt-5.5"\n', '"gpt-5.5", "gpt-4"\n')
    line = exporting.read(TARGET).decode().splitlines().index('      "whitelist": [') + 1
    exporting.git("add", "-A")
    done = exporting.try_git("commit", "-qm", "Try another model")
    assert done.returncode == 1
    assert "`provider.openai-codex.whitelist` is not what the admissions in force say" in " ".join(done.stderr.split())
    found = json.loads(exporting.run("check", "--staged", "--json").stdout)["findings"]
    assert found == [
        {
            "rule": "export-drift",
            "severity": "error",
            "path": TARGET,
            "line": line,
            "column": 1,
            "message": "`provider.openai-codex.whitelist` is not what the admissions in force say; it allows "
            "openai-codex/gpt-4, for which there is no decision record",
            "fix": "sotctl export opencode",
        }
    ]
    exporting.done("export", "opencode")
    assert exporting.git("diff", "HEAD") == ""


def test_a_range_and_a_target_that_is_taken_away_are_held_too(exporting: Repository) -> None:
    assert exporting.decide().returncode == 0
    before = exporting.git("rev-parse", "HEAD").strip()
    exporting.edit(TARGET, '"model": "openai-codex/gpt-5.5"', '"model": "openai/gpt-4"')
    exporting.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "x")
    exporting.git("rm", "-q", TARGET)
    exporting.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "y")
    found = json.loads(exporting.run("check", "--range", f"{before}..HEAD", "--json").stdout)["findings"]
    assert [(one["rule"], one["message"].partition(";")[0]) for one in found] == [
        ("export-drift", "there is no such file"),
        ("export-drift", "`model` is not what the admissions in force say"),
    ]


def test_the_record_that_no_longer_holds_is_named(exporting: Repository) -> None:
    assert exporting.decide().returncode == 0
    open_ = exporting.read(TARGET)
    exporting.done("admission", "revoke", "--reason", "the account was closed")
    exporting.write(TARGET, open_)
    found = json.loads(exporting.run("check", "--all", "--json").stdout)["findings"]
    messages = [one["message"] for one in found if one["rule"] == "export-drift"]
    assert any("whose record CTO-WORK-020-DR-001 is archived" in message for message in messages)


@pytest.mark.parametrize("broken", ["{", "[]", '{"model": 1, "model": 2}'])
def test_a_target_that_is_not_json_is_a_sentence_and_stays(exporting: Repository, broken: str) -> None:
    exporting.write(TARGET, broken)
    done = exporting.run("export", "opencode")
    assert done.returncode == 3
    assert f"error: {TARGET}:1: " in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert exporting.read(TARGET) == broken.encode()
    found = json.loads(exporting.run("check", "--all", "--json").stdout)["findings"]
    assert [(one["rule"], one["fix"]) for one in found] == [
        ("export-drift", f"mend {TARGET} by hand, then sotctl export opencode")
    ]


@pytest.mark.decided
def test_a_file_elsewhere_follows_what_is_committed(store: Repository) -> None:
    store.edit(ADMISSION_PATH, '"model": "gpt-5.5"', '"model": "gpt-5.6"')
    store.done("export", "opencode", "--out", "made.json")
    assert json.loads(store.read("made.json"))["enabled_providers"] == ["openai-codex"]
    assert store.done("export", "opencode", "--out", "-") == store.read("made.json").decode()
    first = store.run("export", "claude-code", "--out", "-")
    assert "left out openai-codex/gpt-5.5: Claude Code runs models of anthropic only" in " ".join(first.stderr.split())


@pytest.mark.decided
def test_the_bundle_records_the_commit(store: Repository) -> None:
    store.done("export", "opa", "--out", "one.tar.gz")
    store.done("export", "opa", "--out", "two.tar.gz")
    assert store.read("one.tar.gz") == store.read("two.tar.gz")
    manifest = json.loads(contents(store.read("one.tar.gz"))["/.manifest"])
    assert manifest["revision"] == store.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("export", "opencod"), 2, "did you mean `opencode`?"),
        (("export", "litellm"), 2, "no file is named for litellm"),
        (("export", "opencode", "--out", ".sot"), 3, ".sot is not a regular file"),
    ],
)
def test_what_cannot_be_exported_is_said(
    store: Repository, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = store.run(*arguments)
    assert done.returncode == status
    assert words in " ".join(done.stderr.split())


@pytest.mark.decided
def test_a_gateway_that_would_serve_more_is_left_as_it_is(store: Repository) -> None:
    text = "general_settings:\n  store_model_in_db: true\n"
    store.write("gateway.yaml", text)
    done = store.run("export", "litellm", "--out", "gateway.yaml")
    assert done.returncode == 1
    assert "`general_settings.store_model_in_db` takes models from a database besides" in " ".join(done.stderr.split())
    assert store.read("gateway.yaml").decode() == text
