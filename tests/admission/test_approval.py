"""An approval is a person's word on a day, or a governed route."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import NOW
from sotctl.admissions.approval import Approval, approver_of, parse_approval
from sotctl.documents.formats import Reason
from sotctl.documents.policy import DEFAULT_CHANNELS, Policy, parse_policy
from sotctl.findings import RejectedError

POLICY = Policy(approvers=("JP", "Ada Lovelace", "Jérôme"), channels=(*DEFAULT_CHANNELS, "video call", "e-mail"))


@pytest.mark.parametrize(
    "source",
    [
        "JP chat approval on 2026-05-31",
        "JP mail approval on 2026-06-01",
        "JP call approval on 2026-06-01",
        "JP meeting approval on 2026-06-01",
        "JP issue approval on 2026-06-01",
        "JP pr approval on 2026-06-01",
        "JP video call approval on 2026-06-01",
        "Jérôme chat approval on 2026-05-31",
        "Je\u0301ro\u0302me chat approval on 2026-05-31",
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
        ("JP not_given approval on 2026-05-31", "approval-source-invalid"),
        ("JP withheld chat approval on 2026-05-31", "approval-source-invalid"),
        ("JP chat-refused approval on 2026-05-31", "approval-source-invalid"),
        ("JP doubts approval on 2026-05-31", "approval-channel-unknown"),
        ("JP asked-for approval on 2026-05-31", "approval-channel-unknown"),
        ("JP Chat approval on 2026-05-31", "approval-channel-unknown"),
        ("JP chat mail approval on 2026-05-31", "approval-channel-unknown"),
        ("JP  chat approval on 2026-05-31", "approval-source-invalid"),
        ("JP chat  approval on 2026-05-31", "approval-source-invalid"),
        ("JP chat disapproval on 2026-05-31", "approval-source-invalid"),
        ("JP chat approval on 2026-05-30 approval on 2026-05-31", "approval-channel-unknown"),
        ("JP ch\u200bat approval on 2026-05-31", "approval-source-invalid"),
        ("J\u202eP chat approval on 2026-05-31", "approval-source-invalid"),
        ("Jerome chat approval on 2026-05-31", "approval-approver-unknown"),
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
        ("JP chat approval on ２０２６-05-31", "approval-date-invalid"),
        ("JP chat approval on 31.05.2026", "approval-date-invalid"),
        ("JP chat approval on 2026-06-03", "approval-date-future"),
    ],
)
def test_what_is_no_approval_is_named(source: str, rule: str) -> None:
    outcome = parse_approval(source, POLICY, now=NOW)
    assert isinstance(outcome, Reason)
    assert outcome.rule.id == rule


@given(st.text(max_size=60))
def test_only_the_two_forms_are_ever_accepted(source: str) -> None:
    if isinstance(parse_approval(source, POLICY, now=NOW), Approval):
        assert source.startswith(("JP ", "Ada Lovelace ", "Jérôme ", "Core route "))


def test_the_line_that_accepts_a_channel_is_printed_and_accepts_it() -> None:
    source = "JP board meeting approval on 2026-05-31"
    outcome = parse_approval(source, Policy(), now=NOW)
    assert isinstance(outcome, Reason)
    assert outcome.message == (
        "was given by `board meeting`, which is no channel of this store (`chat`, `mail`, `call`, `meeting`, `issue`, "
        "`pr`); to accept it, write under [approval] in sot.toml: "
        'channels = ["chat", "mail", "call", "meeting", "issue", "pr", "board meeting"]'
    )
    line = outcome.message.partition("sot.toml: ")[2]
    policy = parse_policy("sot.toml", f"[approval]\n{line}\n".encode())
    assert parse_approval(source, policy, now=NOW) == Approval(source=source, day=date(2026, 5, 31))


@pytest.mark.parametrize("channel", ["not_given", "never", "chat refused", "won't", "TBD", "chat approval on"])
def test_a_denial_is_no_channel_that_may_be_listed(channel: str) -> None:
    with pytest.raises(RejectedError) as error:
        parse_policy("sot.toml", f'[approval]\nchannels = ["{channel}"]\n'.encode())
    assert [finding.rule.id for finding in error.value.findings] == ["configuration-invalid"]


@pytest.mark.parametrize("prefix", ["JP chat approval on", "JP approved", "No approval", "not given", "TBD"])
def test_an_approval_or_its_denial_is_no_route_prefix(prefix: str) -> None:
    with pytest.raises(RejectedError) as error:
        parse_policy("sot.toml", f'[approval]\ncore_route_prefix = "{prefix}"\n'.encode())
    assert [finding.rule.id for finding in error.value.findings] == ["configuration-invalid"]


def test_of_two_approvers_the_one_with_the_longer_name_is_meant() -> None:
    policy = Policy(approvers=("Ada", "Ada Lovelace"))
    assert approver_of("Ada Lovelace chat approval on 2026-05-31", policy) == "Ada Lovelace"
    assert approver_of("Ada chat approval on 2026-05-31", policy) == "Ada"
