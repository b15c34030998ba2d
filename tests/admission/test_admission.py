"""An admission is strict JSON, and everything wrong with it is named."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import ADMITTED, NOW, TOKEN
from sotctl.admissions.admission import parse_admission, problems, render
from sotctl.admissions.approval import bound_formats
from sotctl.documents.policy import Policy
from sotctl.documents.strict_json import parse_object
from sotctl.findings import RejectedError

GOOD: dict[str, Any] = {**ADMITTED, "admission_timestamp": "2026-06-01T10:00:00Z", "review_trigger": "2027-05-31"}
TEXT = render(GOOD).decode()


def rules(data: bytes | str) -> list[str]:
    data = data.encode() if isinstance(data, str) else data
    policy = Policy()
    try:
        admission = parse_admission("a.json", data)
    except RejectedError as error:
        return [finding.rule.id for finding in error.findings]
    return sorted({finding.rule.id for finding in problems(admission, policy, bound_formats(policy, now=NOW), now=NOW)})


def changed(**values: Any) -> str:
    return json.dumps({**GOOD, **values})


def without(name: str) -> str:
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


def test_the_admission_of_the_reference_document_is_sound() -> None:
    assert rules(TEXT) == []


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (TEXT.replace("{", '{"model": "x",', 1), "json-duplicate-key"),
        (TEXT.replace("{", '{"mod\\u0065l": "x",', 1), "json-duplicate-key"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "json-bom"),
        (TEXT.encode("utf-16"), "json-not-utf8"),
        (TEXT.encode("utf-16-le"), "json-not-utf8"),
        (TEXT.encode() + b"\xff", "json-not-utf8"),
        (TEXT.replace('"gpt-5.5"', '"\\ud800"'), "json-surrogate"),
        (TEXT.replace('"gpt-5.5"', "NaN"), "json-number"),
        (TEXT.replace('"gpt-5.5"', "-Infinity"), "json-number"),
        (TEXT.replace('"gpt-5.5"', "1e400"), "json-number"),
        (TEXT.replace('"gpt-5.5"', "9" * 5000), "json-number"),
        (TEXT.replace('"gpt-5.5"', "[" * 10_000 + "]" * 10_000), "json-too-deep"),
        ("[" * 10_000, "json-too-deep"),
        (TEXT + "{}", "json-trailing"),
        (TEXT + "// why", "json-trailing"),
        (TEXT.replace("{", "{ // why\n", 1), "json-invalid"),
        (TEXT.replace('"gpt-5.5"', '"gpt\n5.5"'), "json-invalid"),
        ("", "json-empty"),
        (" \n", "json-empty"),
        ("[]", "json-not-object"),
        ("null", "json-not-object"),
        ('"text"', "json-not-object"),
        (TEXT + " " * 65536, "json-too-large"),
    ],
)
def test_what_is_not_strict_json_is_named(data: bytes | str, rule: str) -> None:
    assert rules(data) == [rule]


REQUIRED = [name for name in GOOD]
EMPTY = {name: "approval-source-missing" if name == "approval_source" else "field-missing" for name in REQUIRED}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_key_that_is_absent_or_says_nothing_is_missing(name: str) -> None:
    assert EMPTY[name] in rules(without(name))
    if name != "status":
        assert EMPTY[name] in rules(changed(**{name: ""}))
    for value in (None, ["x"], 5, {}):
        assert "field-type" in rules(changed(**{name: value}))
    assert rules(changed(**{name: "   "}))


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"unknown": "x"}, "field-unknown"),
        ({"api_key": "x"}, "field-unknown"),
        ({"approval_source": "TBD"}, "approval-source-missing"),
        ({"approval_source": "n/a"}, "approval-source-missing"),
        ({"approval_source": "pending"}, "approval-source-missing"),
        ({"approval_source": "Bob chat approval on 2026-05-31"}, "approval-approver-unknown"),
        ({"approval_source": "JP chat approval on 2026-02-30"}, "approval-date-invalid"),
        ({"approval_source": "JP chat approval on 2026-06-30"}, "approval-date-future"),
        (
            {"approval_source": "JP chat approval on 2026-06-01", "admission_timestamp": "2026-05-30T12:00:00Z"},
            "approval-after-admission",
        ),
        ({"status": "Admitted"}, "field-value"),
        ({"provider": "anthropic", "model": "claude-sonnet-4-6"}, "class-contradicts-provider"),
        *(
            ({"model": model}, "pair-not-exact")
            for model in (
                "gpt-5.5 ",
                "gpt-5.5\u00a0",
                "gpt\u0000",
                "gpt\n5",
                "gpt-\u043e",
                "gpt\u200b5",
                "ｇｐｔ",
                "gpt\u202e5",
                "\x1b[31mgpt",
                "gpt-*",
                "../gpt",
                " gpt-5.5",
            )
        ),
        ({"model": "latest"}, "pair-floating"),
        ({"model": "gpt-latest"}, "pair-floating"),
        ({"model": "gpt:Default"}, "pair-floating"),
        ({"model": "x" * 10_000}, "field-value"),
        ({"model": "TBD"}, "field-missing"),
        ({"credential_source_class": "My Class"}, "field-value"),
        ({"rationale": f"see {TOKEN}"}, "secret"),
        ({"credential_source_class": TOKEN}, "secret"),
        ({"admission_timestamp": (NOW + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}, "timestamp-future"),
        ({"admission_timestamp": "2026-06-01T10:00:00"}, "timestamp-invalid"),
        ({"admission_timestamp": "2026-02-30T10:00:00Z"}, "timestamp-invalid"),
        ({"admission_timestamp": "２０２６-06-01T10:00:00Z"}, "timestamp-invalid"),
        ({"review_trigger": "2026-05-01"}, "review-before-admission"),
        ({"review_trigger": "by 2026-02-31"}, "date-invalid"),
        ({"review_trigger": "2027-01-01 or 2027-02-30"}, "date-invalid"),
        ({"review_trigger": "2027-02-30 or 2027-01-01"}, "date-invalid"),
        ({"fallback": [{"provider": "vllm"}]}, "field-missing"),
        ({"fallback": [{"provider": "vllm", "model": "q", "key": "x"}]}, "field-unknown"),
        ({"decision_record": "DR-1"}, "field-value"),
    ],
)
def test_a_value_that_breaks_a_rule_is_named(values: dict[str, Any], rule: str) -> None:
    assert rule in rules(changed(**values))


def test_a_secret_is_never_in_a_finding() -> None:
    policy = Policy()
    admission = parse_admission("a.json", changed(rationale=TOKEN, status=TOKEN).encode())
    found = list(problems(admission, policy, bound_formats(policy, now=NOW), now=NOW))
    assert len(found) >= 2
    assert TOKEN not in repr(found)


def test_revoking_changes_the_status_and_no_other_byte() -> None:
    assert parse_admission("a.json", TEXT.encode()).with_status("revoked").decode() == TEXT.replace(
        "admitted", "revoked", 1
    )


ORDER = (
    *("status", "provider", "model", "credential_source_class", "allowed_network_class", "approval_source"),
    *("admission_timestamp", "review_trigger", "served_models", "evidence_expectations", "fallback"),
    *("decision_record", "supersedes", "rationale"),
)
"""The order of docs/reference/admissions.md."""


def test_the_file_is_written_in_one_way() -> None:
    shuffled = dict(reversed(list({**GOOD, "rationale": "größer", "fallback": []}.items())))
    written = render(shuffled).decode("ascii")
    assert list(json.loads(written)) == [key for key in ORDER if key in json.loads(written)]
    assert '"fallback"' not in written
    assert written.startswith('{\n  "status": "admitted",\n')
    assert written.endswith("}\n")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-100, 100) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=6), JSON, max_size=5), st.sampled_from([None, 1, "\t"]))
@pytest.mark.slow
def test_every_value_is_found_at_its_place(values: dict[str, Any], indent: int | str | None) -> None:
    text = json.dumps(values, indent=indent)
    try:
        members = parse_object(text.encode())
    except Exception as error:  # only nesting can be refused here
        assert getattr(error, "rule", "") == "json-too-deep"
        return
    assert {key: member.value for key, member in members.items()} == values
    for member in members.values():
        assert json.loads(text[member.start : member.end]) == member.value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_rule(data: bytes) -> None:
    assert all(isinstance(rule, str) for rule in rules(data))
