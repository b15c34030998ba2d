"""A repository has one store, and others only where the top one names them and asks for no less."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.gate_repository import NAME, GateRepository
from sotctl.gate.trials import admission, encode

NOW = datetime.now(UTC)
ADMITTED = ("admitted", "admitted")
NOT_NAMED = ("invalid_admission", "store-not-named")
TOP = ".sot/sot.toml"


def second(repository: GateRepository, folder: str, configuration: str = "", **values: object) -> str:
    """A store in *folder* with an admission of its own; the path of that."""
    files = {f"{folder}/{NAME}": encode(admission(NOW, **values))}
    repository.commit(files | ({f"{folder}/{TOP}": configuration.encode()} if configuration else {}))
    return str(repository.path / folder / NAME)


def named(repository: GateRepository, *stores: str, more: str = "") -> None:
    repository.commit({TOP: f"[store]\nalso = {json.dumps(stores)}\n{more}".encode()})


@pytest.mark.parametrize("written", ["team", "team/", "team/.sot", "team/.sot/", "./team"])
def test_a_store_that_the_top_names_admits(repository: GateRepository, written: str) -> None:
    file = second(repository, "team")
    assert repository.decided("--admission-file", file) == NOT_NAMED
    named(repository, written)
    assert repository.decided("--admission-file", file) == ADMITTED


@pytest.mark.parametrize("written", ["tea", "Team", "team/x", "x/team", "team*"])
def test_a_store_that_is_named_otherwise_is_not_named(repository: GateRepository, written: str) -> None:
    file = second(repository, "team")
    named(repository, written)
    assert repository.decided("--admission-file", file) == NOT_NAMED


def test_a_second_store_names_nobody(repository: GateRepository) -> None:
    file = second(repository, "x")
    second(repository, "team", '[store]\nalso = ["x"]\n')
    named(repository, "team")
    assert repository.decided("--admission-file", file) == NOT_NAMED


@pytest.mark.parametrize(
    ("top", "own", "approval", "reason"),
    [
        ('approvers = ["Ada"]', "", "Ada chat", "admitted"),
        ('approvers = ["Ada"]', "", "JP chat", "approval-approver-unknown"),
        ('approvers = ["Ada"]', 'approvers = ["Ada", "JP"]', "JP chat", "approval-approver-unknown"),
        ('approvers = ["Ada", "JP"]', 'approvers = ["JP"]', "Ada chat", "approval-approver-unknown"),
        ('approvers = ["Ada", "JP"]', 'approvers = ["JP"]', "JP chat", "admitted"),
        ('approvers = ["Ada"]', 'approvers = ["JP"]', "JP chat", "approval-approver-unknown"),
        ("", 'channels = ["rumour"]', "JP rumour", "approval-channel-unknown"),
        ('channels = ["board"]', "", "JP board", "admitted"),
        ("", "require_signature = true", "JP chat", "signature-missing"),
        ("require_signature = true", "", "JP chat", "signature-missing"),
        ("require_signature = true", "require_signature = false", "JP chat", "signature-missing"),
        ("", 'core_route_prefix = "Any"', "Any", "approval-source-invalid"),
    ],
)
def test_the_settings_of_the_top_are_a_floor(
    repository: GateRepository, top: str, own: str, approval: str, reason: str
) -> None:
    source = f"{approval} X" if approval == "Any" else f"{approval} approval on {NOW.date()}"
    file = second(repository, "team", f"[approval]\n{own}\n", approval_source=source)
    named(repository, "team", more=f"[approval]\n{top}\n")
    assert repository.decided("--admission-file", file)[1] == reason


def test_the_branch_and_the_age_that_the_top_asks_for_hold_for_every_store(repository: GateRepository) -> None:
    file = second(repository, "team", '[gate]\nref = "refs/heads/side"\nmax_age = "9d"\n')
    named(repository, "team")
    assert repository.gate("--admission-file", file)["ref"] == "refs/heads/main"
    named(repository, "team", more='[gate]\nmax_age = "24h"\n')
    assert repository.decided("--admission-file", file) == ("not_admitted", "clone-stale")


def test_the_only_store_is_the_top_wherever_it_lies(tmp_path: Path) -> None:
    repository = GateRepository(tmp_path / "repository")
    repository.path.mkdir()
    repository.git("init", "-q", "-b", "main")
    file = second(repository, "deep/team")
    assert repository.decided("--admission-file", file) == ADMITTED
    other = second(repository, "a")
    assert repository.decided("--admission-file", file) == NOT_NAMED
    assert repository.decided("--admission-file", other) == NOT_NAMED
    repository.commit({f"deep/team/{TOP}": b'[store]\nalso = ["a"]\n'})
    assert repository.decided("--admission-file", file) == ADMITTED
    assert repository.decided("--admission-file", other) == ADMITTED
    repository.commit({f"a/{TOP}": b'[store]\nalso = ["deep/team"]\n'})
    assert repository.decided("--admission-file", file) == NOT_NAMED


def test_a_store_inside_a_store_is_none(repository: GateRepository) -> None:
    file = second(repository, ".sot/x")
    named(repository, ".sot/x")
    assert repository.decided("--admission-file", file) == ("invalid_admission", "admission-misplaced")


def test_a_top_configuration_that_cannot_be_read_refuses_every_store(repository: GateRepository) -> None:
    file = second(repository, "team")
    repository.commit({TOP: b"[stoer]\n"})
    assert repository.decided("--admission-file", file) == ("invalid_admission", "configuration-invalid")
