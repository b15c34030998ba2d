"""`sotctl config`, commit prefixes and trailers, and decisions on issues of one's own."""

from __future__ import annotations

import json

import pytest

from samples import ANSWERS, REFERENCE_PATH, Repository

CONFIGURATION = b"""\
# who may approve
[approval]
approvers = ["JP"]  # the CTO

[commit]
prefix = "OPS-7: "
trailers = ["Ticket: OPS-7"]
"""


def test_a_setting_changes_and_comments_stay(store: Repository) -> None:
    store.write(".sot/sot.toml", CONFIGURATION)
    store.git("add", ".sot/sot.toml")
    store.git("commit", "-qm", "Configure")
    store.done("config", "approval.approvers", "--add", "Jérôme")
    assert store.read(".sot/sot.toml") == CONFIGURATION.replace(b'["JP"]', '["JP", "Jérôme"]'.encode())
    assert store.git("log", "-1", "--format=%B").strip() == (
        "OPS-7: Set approval.approvers in sot.toml\n\nTicket: OPS-7"
    )
    assert store.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["approval.aprovers", "x"], "there is no setting `approval.aprovers`; did you mean `approval.approvers`?"),
        (["approval.require_signature", "yes"], "`approval.require_signature` is true or false, not `yes`"),
        (["approval.approvers", "--remove", "Ann"], "`approval.approvers` does not hold `Ann`"),
        (["review.warn_days", "soon"], "`review.warn_days` is a number, not `soon`"),
    ],
)
def test_a_setting_that_is_none_is_a_sentence(store: Repository, arguments: list[str], message: str) -> None:
    done = store.run("config", *arguments)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, f"error: {message}")


def test_a_value_that_breaks_a_rule_is_refused_whole(store: Repository) -> None:
    done = store.run("config", "networks.own", "--add", "*.example.com")
    assert done.returncode == 1
    assert "configuration-invalid" in done.stderr
    assert not (store.path / ".sot/sot.toml").exists()


def test_trailers_join_those_that_are_there(store: Repository) -> None:
    store.write(".sot/sot.toml", CONFIGURATION)
    store.git("add", ".sot/sot.toml")
    store.git("commit", "-qm", "Configure")
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    assert store.git("log", "-1", "--format=%B").strip() == (
        "OPS-7: CTO-WORK-019: validated -> in_progress\n\nreopened\n\nIssue: CTO-WORK-019\nTicket: OPS-7"
    )
    assert json.loads(store.done("log", "--json"))["events"][-1]["why"] == "reopened"


def test_a_shipped_template_governs_an_issue_of_ones_own(store: Repository) -> None:
    store.done("issue", "new", "OPS-1", "A pair of our own", "--in", REFERENCE_PATH)
    refused = store.run("decide", "OPS-1", "--answers", str(ANSWERS), "--yes")
    assert "hint: sotctl config decisions.provider-decision --add OPS-1" in refused.stderr
    store.done("config", "decisions.provider-decision", "--add", "OPS-1")
    store.done("decide", "OPS-1", "--answers", str(ANSWERS), "--yes")
    record = store.read(".sot/01-DECISIONS/OPS-1-DR-001.md").decode()
    assert "effect: OPS-1 remains blocked until admitted provider/model and real Stage 2 pass report exist" in record
    second = store.run("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
    assert second.returncode == 1
    assert "openai-codex/gpt-5.5 is in force for OPS-1 by OPS-1-DR-001" in second.stderr
    assert store.done("check", "--all").startswith("no findings")


def test_a_template_that_is_not_there_governs_nothing(store: Repository) -> None:
    done = store.run("config", "decisions.no-such-template", "--add", "OPS-1")
    assert done.returncode == 1
    assert "`[decisions]` names `no-such-template`, and there is no such decision template" in done.stderr
