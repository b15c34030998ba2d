"""A decision becomes a record, an admission and one commit; a second one supersedes the first."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from samples import ADMISSION_PATH, ADMITTED, NOW, RECORD_PATH, REFERENCE, START, answers, decided, snapshot
from sotctl import resources
from sotctl.admissions.admission import parse_admission
from sotctl.admissions.approval import bound_formats
from sotctl.admissions.derive import derive
from sotctl.admissions.generate import plan_generate
from sotctl.decisions.answers import answer_problems, as_answers
from sotctl.decisions.consequence import consequence
from sotctl.decisions.planning import plan_decision
from sotctl.decisions.revoke import plan_revoke, require_admission
from sotctl.documents.policy import Policy
from sotctl.errors import BlockedError, SotError
from sotctl.prompts.form import Form

DECIDED = {**START, **decided(START).files}
UNDECIDED = {"decision_status": "not_decided", "review_trigger": "when asked", "evidence_sources": ["commit a"]}


def test_the_admission_has_exactly_the_values_that_cto_work_027_lists() -> None:
    admission = json.loads(decided(START).files[ADMISSION_PATH])
    assert {name: admission[name] for name in ADMITTED} == ADMITTED
    assert admission["admission_timestamp"] == "2026-06-01T12:00:00Z"
    assert admission["fallback"] == [{"provider": "vllm", "model": "qwen3.6-35b-a3b"}]
    assert admission["evidence_expectations"] == ["real Stage 2 pass report that used only this pair"]
    for name, value in ADMITTED.items():
        assert f"`{name}`: `{value}`" in REFERENCE.decode()


def test_served_names_go_from_the_decision_into_record_and_admission() -> None:
    plan = decided(START, served_models=["gpt-5.5-2026-04-23"])
    admission = parse_admission(ADMISSION_PATH, plan.files[ADMISSION_PATH])
    assert admission.served_models == ("gpt-5.5-2026-04-23",)
    assert list(admission.values)[8] == "served_models"
    assert b"served_models:\n  - gpt-5.5-2026-04-23\n" in plan.files[RECORD_PATH]
    assert parse_admission(ADMISSION_PATH, decided(START).files[ADMISSION_PATH]).served_models == ()


@pytest.mark.parametrize("name", ["gpt-latest", "gpt-5.5 ", "gpt-*", "gpt-5.5\u200b", "TBD", "a" * 201])
def test_a_served_name_is_as_exact_as_the_model(name: str) -> None:
    schema = snapshot(START).templates.schema("provider-decision")
    found = answer_problems(schema, answers(served_models=[name]), bound_formats(Policy(), now=NOW))
    assert [problem.path[0] for problem in found] == ["served_models"]


def test_the_record_is_sound_and_approved() -> None:
    plan = decided(START)
    loaded = snapshot({**START, **plan.files}).load(RECORD_PATH)
    assert loaded.findings == ()
    assert loaded.record is not None
    assert loaded.record.is_approved
    assert loaded.record.rationale.startswith("The primary path")


def test_a_second_decision_must_name_what_it_supersedes() -> None:
    files = {**START, **decided(START).files}
    with pytest.raises(BlockedError, match="already decides"):
        decided(files)
    with pytest.raises(BlockedError, match="not CTO-WORK-020-DR-009"):
        decided(files, supersedes="CTO-WORK-020-DR-009")
    with pytest.raises(BlockedError, match="not a decision"):
        decided(START, supersedes="CTO-WORK-020-DR-001")


def test_superseding_updates_both_records_and_revokes_the_old_admission() -> None:
    files = {**START, **decided(START).files}
    plan = decided(files, supersedes="CTO-WORK-020-DR-001", model="gpt-5.6")
    second = ".sot/01-DECISIONS/CTO-WORK-020-DR-002.md"
    other = ADMISSION_PATH.replace("gpt-5.5", "gpt-5.6")
    assert sorted(plan.changed()) == sorted([RECORD_PATH, second, ADMISSION_PATH, other])
    assert plan.files[RECORD_PATH] == files[RECORD_PATH].replace(b"status: validated", b"status: superseded")
    assert plan.files[ADMISSION_PATH] == files[ADMISSION_PATH].replace(b'"admitted"', b'"revoked"')
    assert b"supersedes: CTO-WORK-020-DR-001" in plan.files[second]
    assert json.loads(plan.files[other])["supersedes"] == "CTO-WORK-020-DR-001"


def test_a_new_decision_for_the_same_pair_rewrites_the_same_file() -> None:
    files = {**START, **decided(START).files}
    plan = decided(files, supersedes="CTO-WORK-020-DR-001", review_trigger="2027-01-01")
    admission = json.loads(plan.files[ADMISSION_PATH])
    assert (admission["status"], admission["decision_record"]) == ("admitted", "CTO-WORK-020-DR-002")


def test_not_deciding_leaves_no_admission_in_force() -> None:
    files = {**START, **decided(START).files}
    plan = plan_decision(
        snapshot(files),
        "CTO-WORK-020",
        {"decision_status": "not_decided", "supersedes": "CTO-WORK-020-DR-001"},
        now=NOW,
    )
    assert json.loads(plan.files[ADMISSION_PATH])["status"] == "revoked"
    record = snapshot({**files, **plan.files}).load(".sot/01-DECISIONS/CTO-WORK-020-DR-002.md")
    assert record.findings == ()
    assert record.record is not None
    assert record.record.named == ()


def test_a_local_route_may_be_required_before_there_is_one() -> None:
    plan = plan_decision(snapshot(START), "CTO-WORK-020", {"decision_status": "local_provider_required"}, now=NOW)
    assert list(plan.files) == [RECORD_PATH]
    assert snapshot({**START, **plan.files}).load(RECORD_PATH).findings == ()
    assert b"provider_class: local_case_compatible\n" in plan.files[RECORD_PATH]


def test_two_pairs_never_share_a_file() -> None:
    first = decided(START, provider="openai-codex", model="a@b")
    files = {**START, **first.files}
    with pytest.raises(BlockedError, match="belongs to another pair"):
        decided(files, model="a_b", supersedes="CTO-WORK-020-DR-001")


def test_revoking_archives_the_record() -> None:
    files = {**START, **decided(START).files}
    books = snapshot(files)
    plan = plan_revoke(books, require_admission(books, None), "the account was closed", now=NOW)
    assert plan.files[RECORD_PATH] == files[RECORD_PATH].replace(b"status: validated", b"status: archived")
    assert json.loads(plan.files[ADMISSION_PATH])["status"] == "revoked"
    assert "the account was closed" in plan.message
    after = snapshot({**files, **plan.files})
    with pytest.raises(BlockedError, match="revoked already"):
        plan_revoke(after, require_admission(after, "openai-codex/gpt-5.5"), "again", now=NOW)
    with pytest.raises(SotError, match="no admission is in force"):
        require_admission(after, None)


def test_deriving_again_keeps_the_timestamp_while_nothing_else_changes() -> None:
    files = {**START, **decided(START).files}
    later = NOW + timedelta(days=3)
    books = snapshot(files, now=later)
    assert plan_generate(books, now=later, committed=books.tree).changed() == {}
    record = books.records()[0]
    assert derive(record, None, now=later) != files[ADMISSION_PATH]
    edited = files[ADMISSION_PATH].replace(b"gpt-5.5", b"gpt-5.4")
    assert derive(record, edited, now=later) == files[ADMISSION_PATH].replace(
        b"2026-06-01T12:00:00Z", b"2026-06-04T12:00:00Z"
    )


def test_without_an_approved_record_there_is_nothing_to_generate() -> None:
    with pytest.raises(SotError, match="no decision record approves"):
        plan_generate(snapshot(START), now=NOW, committed=snapshot(START).tree)


def test_an_unknown_issue_and_an_issue_without_a_template_are_named() -> None:
    with pytest.raises(SotError, match="did you mean `CTO-WORK-020`"):
        plan_decision(snapshot(START), "CTO-WORK-0020", {}, now=NOW)
    with pytest.raises(SotError, match="no decision template governs CTO-WORK-019"):
        plan_decision(snapshot(START), "CTO-WORK-019", {}, now=NOW)


@pytest.mark.parametrize(
    ("before", "answer", "sentence"),
    [
        (START, {}, "Admits openai-codex/gpt-5.5: nothing else may run."),
        (START, {"decision_status": "not_decided"}, "Admits nothing: nothing may run."),
        (
            DECIDED,
            {"decision_status": "not_decided"},
            "Supersedes CTO-WORK-020-DR-001 and revokes openai-codex/gpt-5.5: nothing may run.",
        ),
        (DECIDED, {}, "Supersedes CTO-WORK-020-DR-001: only openai-codex/gpt-5.5 may run, as before."),
        (
            DECIDED,
            {"model": "gpt-5.6"},
            "Supersedes CTO-WORK-020-DR-001, revokes openai-codex/gpt-5.5 and admits openai-codex/gpt-5.6: "
            "nothing else may run.",
        ),
    ],
)
def test_what_a_decision_does_is_said_in_a_sentence(
    before: dict[str, bytes], answer: dict[str, object], sentence: str
) -> None:
    supersedes = {} if before is START else {"supersedes": "CTO-WORK-020-DR-001"}
    given = UNDECIDED if answer.get("decision_status") else answers(**answer)
    plan = plan_decision(snapshot(before), "CTO-WORK-020", {**given, **supersedes}, now=NOW)
    assert consequence(snapshot(before), snapshot({**before, **plan.files}), "CTO-WORK-020") == sentence


def test_a_name_that_holds_a_backtick_stays_whole_in_markdown() -> None:
    plan = plan_decision(snapshot(START), "CTO-WORK-020", answers(model="a`b"), now=NOW)
    text = plan.files[RECORD_PATH].decode()
    assert "Approved: `openai-codex` / ``a`b``." in text
    assert "# CTO-WORK-020-DR-001 - openai-codex/a\\`b" in text
    assert "\nmodel: a`b\n" in text


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"review_trigger": "2020-01-01"}, "review_trigger", "a review-by date that has passed"),
        (
            {"fallback": [{"provider": "openai-codex", "model": "gpt-5.5"}]},
            "fallback",
            "which is what is approved",
        ),
    ],
)
def test_answers_that_do_not_fit_each_other_or_the_day_are_refused(
    changes: dict[str, object], name: str, said: str
) -> None:
    books = snapshot(START)
    schema = books.templates.schema("provider-decision")
    formats = as_answers(books.formats, now=NOW)
    found = answer_problems(schema, answers(**changes), formats)
    assert [problem.path for problem in found] == [(name,)]
    assert said in found[0].message
    assert Form(schema, formats, {**answers(), name: []}).problem(name, changes[name])


def test_each_issue_may_have_an_admission_of_its_own() -> None:
    template = resources.read("provider-decision.schema.json").decode()
    other = template.replace('["CTO-WORK-020"]', '["CTO-WORK-019"]')
    body = resources.read("provider-decision.md")
    templates = {".sot/templates/other-decision.schema.json": other.encode(), ".sot/templates/other-decision.md": body}
    files = {**DECIDED, **templates}
    plan = plan_decision(snapshot(files), "CTO-WORK-019", answers(model="gpt-5.6"), now=NOW)
    admitted = [path for path in plan.files if path.endswith(".json")]
    assert [path.startswith(".sot/03-PROTOCOLS/") for path in admitted] == [True]
    with pytest.raises(BlockedError, match="already decides"):
        plan_decision(snapshot({**files, **plan.files}), "CTO-WORK-019", answers(model="gpt-5.7"), now=NOW)
