"""A repository has one store, and others only where the top one names them and asks for no less."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.gate_house import NAME, House
from sotctl.gate.trials import admission, encode

NOW = datetime.now(UTC)
ADMITTED = ("admitted", "admitted")
NOT_NAMED = ("invalid_admission", "store-not-named")
TOP = ".sot/sot.toml"


def second(house: House, folder: str, configuration: str = "", **values: object) -> str:
    """A store in *folder* with an admission of its own; the path of that."""
    files = {f"{folder}/{NAME}": encode(admission(NOW, **values))}
    house.commit(files | ({f"{folder}/{TOP}": configuration.encode()} if configuration else {}))
    return str(house.path / folder / NAME)


def named(house: House, *stores: str, more: str = "") -> None:
    house.commit({TOP: f"[store]\nalso = {json.dumps(stores)}\n{more}".encode()})


@pytest.mark.parametrize("written", ["team", "team/", "team/.sot", "team/.sot/", "./team"])
def test_a_store_that_the_top_names_admits(house: House, written: str) -> None:
    file = second(house, "team")
    assert house.decided("--admission-file", file) == NOT_NAMED
    named(house, written)
    assert house.decided("--admission-file", file) == ADMITTED


@pytest.mark.parametrize("written", ["tea", "Team", "team/x", "x/team", "team*"])
def test_a_store_that_is_named_otherwise_is_not_named(house: House, written: str) -> None:
    file = second(house, "team")
    named(house, written)
    assert house.decided("--admission-file", file) == NOT_NAMED


def test_a_second_store_names_nobody(house: House) -> None:
    file = second(house, "x")
    second(house, "team", '[store]\nalso = ["x"]\n')
    named(house, "team")
    assert house.decided("--admission-file", file) == NOT_NAMED


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
def test_the_settings_of_the_top_are_a_floor(house: House, top: str, own: str, approval: str, reason: str) -> None:
    source = f"{approval} X" if approval == "Any" else f"{approval} approval on {NOW.date()}"
    file = second(house, "team", f"[approval]\n{own}\n", approval_source=source)
    named(house, "team", more=f"[approval]\n{top}\n")
    assert house.decided("--admission-file", file)[1] == reason


def test_the_branch_and_the_age_that_the_top_asks_for_hold_for_every_store(house: House) -> None:
    file = second(house, "team", '[gate]\nref = "refs/heads/side"\nmax_age = "9d"\n')
    named(house, "team")
    assert house.gate("--admission-file", file)["ref"] == "refs/heads/main"
    named(house, "team", more='[gate]\nmax_age = "24h"\n')
    assert house.decided("--admission-file", file) == ("not_admitted", "clone-stale")


def test_the_only_store_is_the_top_wherever_it_lies(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    house.path.mkdir()
    house.git("init", "-q", "-b", "main")
    file = second(house, "deep/team")
    assert house.decided("--admission-file", file) == ADMITTED
    other = second(house, "a")
    assert house.decided("--admission-file", file) == NOT_NAMED
    assert house.decided("--admission-file", other) == NOT_NAMED
    house.commit({f"deep/team/{TOP}": b'[store]\nalso = ["a"]\n'})
    assert house.decided("--admission-file", file) == ADMITTED
    assert house.decided("--admission-file", other) == ADMITTED
    house.commit({f"a/{TOP}": b'[store]\nalso = ["deep/team"]\n'})
    assert house.decided("--admission-file", file) == NOT_NAMED


def test_a_store_inside_a_store_is_none(house: House) -> None:
    file = second(house, ".sot/x")
    named(house, ".sot/x")
    assert house.decided("--admission-file", file) == ("invalid_admission", "admission-misplaced")


def test_a_top_configuration_that_cannot_be_read_refuses_every_store(house: House) -> None:
    file = second(house, "team")
    house.commit({TOP: b"[stoer]\n"})
    assert house.decided("--admission-file", file) == ("invalid_admission", "configuration-invalid")
