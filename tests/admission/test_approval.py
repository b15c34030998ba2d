"""An approval is a person's word on a day, or a governed route."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import NOW
from sotctl.admissions.approval import Approval, parse_approval
from sotctl.documents.formats import Reason
from sotctl.documents.policy import Policy

POLICY = Policy(approvers=("JP", "Ada Lovelace"))


@pytest.mark.parametrize(
    "source",
    [
        "JP chat approval on 2026-05-31",
        "JP written approval on 2026-06-01",
        "JP video call approval on 2026-06-01",
        "JP note approval on 2026-06-01",
        "JP pull-request approval on 2026-05-31",
        "JP merge-request review approval on 2026-05-31",
        "JP May-board-meeting approval on 2026-05-31",
        "Ada Lovelace e-mail approval on 2024-02-29",
        "Core route CTO-ROUTE-7",
        "JP chat approval on 2026-06-02",
    ],
)
def test_an_approval_is_accepted(source: str) -> None:
    assert isinstance(parse_approval(source, POLICY, now=NOW), Approval)


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        *(
            (text, "approval-source-missing")
            for text in ("", " ", "TBD", "tbd", "n/a", "N/A", "none", "pending", "-", "null", "<TBD>", "?")
        ),
        ("yes", "approval-source-invalid"),
        ("JP", "approval-source-invalid"),
        ("JP approval on 2026-05-31", "approval-source-invalid"),
        ("JP TBD approval on 2026-05-31", "approval-source-invalid"),
        ("JP chat approval", "approval-source-invalid"),
        ("JP no approval on 2026-05-31", "approval-source-invalid"),
        ("JP refused approval on 2026-05-31", "approval-source-invalid"),
        ("JP did not give approval on 2026-05-31", "approval-source-invalid"),
        ("JP didn't give approval on 2026-05-31", "approval-source-invalid"),
        ("JP pending chat approval on 2026-05-31", "approval-source-invalid"),
        ("JP chat approval on 2026-05-31 ", "approval-source-invalid"),
        ("JP chat approval on 2026-05-31\u00a0", "approval-source-invalid"),
        ("JP chat approval on 2026-05-31 and later", "approval-source-invalid"),
        ("Core route", "approval-source-invalid"),
        ("Core route TBD", "approval-source-invalid"),
        ("Core route two words", "approval-source-invalid"),
        ("Bob chat approval on 2026-05-31", "approval-approver-unknown"),
        ("JPX chat approval on 2026-05-31", "approval-approver-unknown"),
        ("jp chat approval on 2026-05-31", "approval-approver-unknown"),
        ("JP chat approval on 2026-02-30", "approval-date-invalid"),
        ("JP chat approval on ２０２６-05-31", "approval-source-invalid"),
        ("JP chat approval on 31.05.2026", "approval-date-invalid"),
        ("JP chat approval on 2026-06-03", "approval-date-future"),
    ],
)
def test_what_is_no_approval_is_named(source: str, rule: str) -> None:
    outcome = parse_approval(source, POLICY, now=NOW)
    assert isinstance(outcome, Reason)
    assert outcome.rule == rule


@given(st.text(max_size=60))
def test_only_the_two_forms_are_ever_accepted(source: str) -> None:
    if isinstance(parse_approval(source, POLICY, now=NOW), Approval):
        assert source.startswith(("JP ", "Ada Lovelace ", "Core route "))
