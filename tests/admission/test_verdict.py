"""The verdict on bytes alone, where no file is needed to ask for it."""

from __future__ import annotations

from samples import ADMISSION_PATH, NOW, START, decided
from sotctl.documents.rules import CONFIGURATION_INVALID
from sotctl.gate.verdict import Status, Submission, Verdict, decide

DECIDED = decided(START).files[ADMISSION_PATH]


def verdict(submission: Submission) -> Verdict:
    return decide(submission, provider="openai-codex", model="gpt-5.5", now=NOW)


def test_bytes_outside_a_work_tree_are_decided_on() -> None:
    assert verdict(Submission(path="a.json", data=DECIDED)).status is Status.ADMITTED


def test_a_file_that_could_be_read_and_may_not_be_used_is_not_decided_on() -> None:
    found = verdict(Submission(path="a.json", data=DECIDED, reason="hard-link", message="it has two names"))
    assert (found.status, found.reason, found.admission) == (Status.INVALID, "hard-link", None)


def test_nothing_that_was_read_is_refused_also_without_a_reason() -> None:
    found = verdict(Submission(path="a.json"))
    assert (found.status, found.reason) == (Status.INVALID, "unreadable")


def test_a_configuration_that_is_broken_refuses_what_it_cannot_judge() -> None:
    unknown = CONFIGURATION_INVALID.finding("sot.toml", "`stoer` is unknown")
    found = verdict(Submission(path="a.json", data=DECIDED, findings=(unknown,)))
    assert (found.status, found.reason, found.admission) == (Status.INVALID, "configuration-invalid", None)
