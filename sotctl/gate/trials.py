"""Every way in which an admission or a request can be wrong, as trials: an input and the expected answer of the gate.
`sotctl validate case-provider` and the tests run the same table. The first trial alone is admitted; without it a gate
that refuses everything would pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sotctl import variables
from sotctl.gate.verdict import Status

PROVIDER, MODEL = "openai-codex", "gpt-5.5"
_TOKEN = "sk-" + "ant-api03-" + "aB3_dE6g" * 11 + "AA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One submission and the status and reason it must get.

    `data` is None where there is no file; `form` names what replaces the file or changes it; `named` is
    false where no variable names a file.
    """

    name: str
    status: Status
    reason: str
    data: bytes | None
    provider: str | None = PROVIDER
    model: str | None = MODEL
    form: str = "file"
    named: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)


def admission(now: datetime, **changes: Any) -> dict[str, Any]:
    """The values of a good admission, with some of them changed; None takes a key out."""
    values: dict[str, Any] = {
        "status": "admitted",
        "provider": PROVIDER,
        "model": MODEL,
        "credential_source_class": "openai-codex-oauth",
        "allowed_network_class": "openai-codex-hosted",
        "approval_source": f"JP chat approval on {(now - timedelta(days=3)).date()}",
        "admission_timestamp": (now - timedelta(days=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "review_trigger": f"review by {(now + timedelta(days=365)).date()}",
        "fallback": [{"provider": "vllm", "model": "qwen3.6-35b-a3b"}],
    }
    return {key: value for key, value in (values | changes).items() if value is not None}


def encode(values: Mapping[str, Any]) -> bytes:
    """The bytes of an admission with those values."""
    return json.dumps(values, indent=2).encode() + b"\n"


def trials(now: datetime) -> list[Trial]:
    """Every trial, the admitted one first."""
    good = encode(admission(now))
    admitted = Trial(name="the admitted pair", status=Status.ADMITTED, reason="admitted", data=good)
    rest = [
        *_missing(good),
        *_not_admitted(good, now),
        *_mismatches(good),
        *_json(good),
        *_fields(now),
        *_names(now),
        *_served(now),
        *_times(now),
        *_files(good),
        *_branches(good, now),
    ]
    return [admitted, *rest]


def _missing(good: bytes) -> Iterator[Trial]:
    missing = Status.MISSING
    yield Trial(name="no variable names a file", status=missing, reason="no-admission-file", data=good, named=False)
    yield Trial(name="an empty variable", status=missing, reason="no-admission-file", data=good, form="empty name")
    yield Trial(name="a blank variable", status=missing, reason="no-admission-file", data=good, form="blank name")
    yield Trial(name="no such file", status=missing, reason="admission-file-absent", data=None)
    yield Trial(name="a dangling link", status=missing, reason="admission-file-absent", data=None, form="dangling link")


def _not_admitted(good: bytes, now: datetime) -> Iterator[Trial]:
    status = Status.NOT_ADMITTED
    yield Trial(name="revoked", status=status, reason="revoked", data=encode(admission(now, status="revoked")))
    earlier = admission(
        now - timedelta(days=40), review_trigger=f"review by {(now - timedelta(days=2)).astimezone(UTC).date()}"
    )
    yield Trial(name="review-by date passed", status=status, reason="review-date-passed", data=encode(earlier))
    for name, value in (("unset", None), ("empty", ""), ("blank", " \t")):
        yield Trial(name=f"provider {name}", status=status, reason="no-provider-requested", data=good, provider=value)
        yield Trial(name=f"model {name}", status=status, reason="no-model-requested", data=good, model=value)


def _mismatches(good: bytes) -> Iterator[Trial]:
    pairs = (
        ("another model", PROVIDER, "gpt-5.4", "other-model"),
        ("another case of letters", PROVIDER, "GPT-5.5", "other-model"),
        ("a trailing space", PROVIDER, f"{MODEL} ", "other-model"),
        ("a confusable letter", PROVIDER, "gрt-5.5", "other-model"),
        ("the pair swapped", MODEL, PROVIDER, "pair-swapped"),
        ("the fallback pair", "vllm", "qwen3.6-35b-a3b", "fallback-requested"),
        ("an alias of the provider", "openai", MODEL, "other-provider"),
        ("another provider", "anthropic", "claude-sonnet-4-6", "other-provider"),
    )
    for name, provider, model, reason in pairs:
        yield Trial(name=name, status=Status.MISMATCH, reason=reason, data=good, provider=provider, model=model)


def _json(good: bytes) -> Iterator[Trial]:
    text = good.decode()
    start = text.rstrip().removesuffix("}").rstrip()
    cases = (
        ("a key twice", f'{start}, "model": "{MODEL}"}}', "json-duplicate-key"),
        ("a key twice, once escaped", f'{start}, "mod\\u0065l": "{MODEL}"}}', "json-duplicate-key"),
        ("half a surrogate pair", f'{start}, "rationale": "\\ud800"}}', "json-surrogate"),
        ("NaN", f'{start}, "rationale": NaN}}', "json-number"),
        ("Infinity", f'{start}, "rationale": Infinity}}', "json-number"),
        ("1e400", f'{start}, "rationale": 1e400}}', "json-number"),
        ("an integer of 5000 digits", f'{start}, "rationale": {"9" * 5000}}}', "json-number"),
        ("nesting 10 000 deep", f'{start}, "rationale": {"[" * 10_000}{"]" * 10_000}}}', "json-too-deep"),
        ("text after the end", f"{text}x", "json-trailing"),
        ("a second object", f"{text}{{}}", "json-trailing"),
        ("a comment", f"// admitted\n{text}", "json-invalid"),
        ("a missing bracket", start, "json-invalid"),
        ("an empty file", "", "json-empty"),
        ("a list as root", f"[{text}]", "json-not-object"),
        ("null as root", "null", "json-not-object"),
        ("a text as root", '"admitted"', "json-not-object"),
        ("larger than 64 KiB", text + " " * 64 * 1024, "json-too-large"),
    )
    for name, content, reason in cases:
        yield Trial(name=name, status=Status.INVALID, reason=reason, data=content.encode())
    encodings = (
        ("a byte order mark", b"\xef\xbb\xbf" + good, "json-bom"),
        ("UTF-16", text.encode("utf-16"), "json-not-utf8"),
        ("bad UTF-8", good.replace(b"review", b"rev\xffew"), "json-not-utf8"),
    )
    for name, data, reason in encodings:
        yield Trial(name=name, status=Status.INVALID, reason=reason, data=data)


def _fields(now: datetime) -> Iterator[Trial]:
    def wrong(name: str, reason: str, **changes: Any) -> Trial:
        return Trial(name=name, status=Status.INVALID, reason=reason, data=encode(admission(now, **changes)))

    yield wrong("an unknown key", "field-unknown", colour="blue")
    yield wrong("`api_key` as a key", "field-unknown", api_key="none")
    for key in list(admission(now))[:8]:
        reason = "approval-source-missing" if key == "approval_source" else "field-missing"
        without = {name: value for name, value in admission(now).items() if name != key}
        yield Trial(name=f"no `{key}`", status=Status.INVALID, reason=reason, data=encode(without))
        yield wrong(f"empty `{key}`", "field-value" if key == "status" else reason, **{key: ""})
        yield Trial(name=f"null `{key}`", status=Status.INVALID, reason="field-type", data=_null(now, key))
        yield wrong(f"a list as `{key}`", "field-type", **{key: ["x"]})
        yield wrong(f"a number as `{key}`", "field-type", **{key: 5})
    for key in ("provider", "model", "credential_source_class", "allowed_network_class", "review_trigger"):
        yield wrong(f"blank `{key}`", "field-missing", **{key: "  "})
    yield wrong("blank `approval_source`", "approval-source-missing", approval_source="  ")
    yield wrong("blank `admission_timestamp`", "timestamp-invalid", admission_timestamp="  ")
    yield wrong("a capital in `status`", "field-value", status="Admitted")
    yield wrong("a class of another provider", "class-contradicts-provider", credential_source_class="anthropic-oauth")
    for placeholder in ("TBD", "n/a", "pending", "none", "-"):
        yield wrong(f"approval `{placeholder}`", "approval-source-missing", approval_source=placeholder)
    yield wrong("an unknown approver", "approval-approver-unknown", approval_source="XY chat approval on 2026-05-31")
    yield wrong("an unknown channel", "approval-channel-unknown", approval_source="JP rumour approval on 2026-05-31")
    for denial in ("not_given", "refused chat", "no", "withheld"):
        source = f"JP {denial} approval on 2026-05-31"
        yield wrong(f"the denial `{denial}`", "approval-source-invalid", approval_source=source)
    yield wrong("no channel", "approval-source-invalid", approval_source="JP approval on 2026-05-31")
    yield wrong("an approval without a day", "approval-source-invalid", approval_source="JP said so")
    yield wrong("an impossible day", "approval-date-invalid", approval_source="JP chat approval on 2026-02-30")
    future = (now + timedelta(days=9)).date()
    yield wrong("an approval in the future", "approval-date-future", approval_source=f"JP chat approval on {future}")
    for key in ("provider", "model", "credential_source_class", "review_trigger", "rationale"):
        yield wrong(f"a token in `{key}`", "secret", **{key: f"see {_TOKEN}" if key == "rationale" else _TOKEN})


def _null(now: datetime, key: str) -> bytes:
    return encode({**admission(now), key: None})


_INEXACT = (
    ("a trailing space", "gpt-5.5 ", "pair-not-exact"),
    ("a non-breaking space", "gpt-5.5\u00a0", "pair-not-exact"),
    ("NUL", "gpt\0-5.5", "pair-not-exact"),
    ("a line end", "gpt-5.5\n", "pair-not-exact"),
    ("a Cyrillic letter", "gpt-5.5-c\u043edex", "pair-not-exact"),
    ("a zero-width space", "gpt\u200b-5.5", "pair-not-exact"),
    ("a fullwidth letter", "\uff47pt-5.5", "pair-not-exact"),
    ("a bidi override", "gpt\u202e-5.5", "pair-not-exact"),
    ("an ANSI escape", "\x1b[31mgpt-5.5", "pair-not-exact"),
    ("a star", "gpt-*", "pair-not-exact"),
    ("`latest`", "latest", "pair-floating"),
    ("`latest` as a part", "gpt-5.5:latest", "pair-floating"),
    ("a path upwards", "../gpt-5.5", "pair-not-exact"),
    ("10 000 characters", "g" * 10_000, "field-value"),
)


def _names(now: datetime) -> Iterator[Trial]:
    for name, model, reason in _INEXACT:
        data = encode(admission(now, model=model))
        yield Trial(name=f"model with {name}", status=Status.INVALID, reason=reason, data=data, model=None)
        data = encode(admission(now, served_models=["gpt-5.5-2026-04-23", model]))
        yield Trial(name=f"served name with {name}", status=Status.INVALID, reason=reason, data=data)


def _served(now: datetime) -> Iterator[Trial]:
    """A served name may not be requested."""
    name = "gpt-5.5-2026-04-23"
    listed = encode(admission(now, served_models=[name]))
    yield Trial(name="a served name requested", status=Status.MISMATCH, reason="other-model", data=listed, model=name)
    for kind, value in (("text", name), ("a list of lists", [[name]]), ("a mapping", {name: name})):
        data = encode(admission(now, served_models=value))
        yield Trial(name=f"{kind} as `served_models`", status=Status.INVALID, reason="field-type", data=data)


def _times(now: datetime) -> Iterator[Trial]:
    day = (now - timedelta(days=1)).astimezone(UTC).date()
    later = (now + timedelta(hours=2)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digits = str(day).translate({ord(c): 0xFF10 + int(c) for c in "0123456789"})
    cases: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("a timestamp in the future", "timestamp-future", {"admission_timestamp": later}),
        ("a timestamp without a zone", "timestamp-invalid", {"admission_timestamp": f"{day}T12:00:00"}),
        ("30 February", "timestamp-invalid", {"admission_timestamp": "2026-02-30T12:00:00Z"}),
        ("fullwidth digits", "timestamp-invalid", {"admission_timestamp": f"{digits}T12:00:00Z"}),
        (
            "review-by before the admission",
            "review-before-admission",
            {"review_trigger": f"review by {(now - timedelta(days=9)).date()}"},
        ),
        (
            "approval after the admission",
            "approval-after-admission",
            {"admission_timestamp": f"{(now - timedelta(days=9)).astimezone(UTC).date()}T12:00:00Z"},
        ),
    )
    for name, reason, changes in cases:
        yield Trial(name=name, status=Status.INVALID, reason=reason, data=encode(admission(now, **changes)))


def _files(good: bytes) -> Iterator[Trial]:
    forms = (
        ("symbolic link", "symbolic-link"),
        ("link in the directory", "symbolic-link"),
        ("hard link", "hard-link"),
        ("fifo", "not-regular"),
        ("directory", "not-regular"),
        ("device", "not-regular"),
        ("socket", "not-regular"),
        ("world-writable", "world-writable"),
        ("edited", "admission-not-committed"),
        ("staged", "admission-not-committed"),
        ("untracked", "admission-not-committed"),
        ("ignored", "admission-not-committed"),
    )
    for form, reason in forms:
        yield Trial(name=f"file: {form}", status=Status.INVALID, reason=reason, data=good, form=form)
    yield Trial(
        name="file: outside a work tree where a committed one is required",
        status=Status.INVALID,
        reason="admission-not-committed",
        data=good,
        form="outside",
        environment={variables.REQUIRE_COMMITTED: "1"},
    )


def _branches(good: bytes, now: datetime) -> Iterator[Trial]:
    invalid, unguarded = Status.INVALID, "head-unguarded"
    yield Trial(name="a detached HEAD", status=invalid, reason=unguarded, data=good, form="detached")
    for ref in ("HEAD", "main", "refs/tags/v1", "refs/foo/x", "refs/heads/none", "refs/heads/main~0"):
        environment = {variables.REF: ref}
        yield Trial(name=f"branch: {ref}", status=invalid, reason=unguarded, data=good, environment=environment)
    yield Trial(
        name="a store that is not named", status=invalid, reason="store-not-named", data=good, form="unnamed store"
    )
    blocked = Status.NOT_ADMITTED
    yield Trial(name="revoked on a later branch", status=blocked, reason="revoked", data=good, form="revoked later")
    stale = {variables.MAX_AGE: "24h"}
    yield Trial(name="a stale clone", status=blocked, reason="clone-stale", data=good, environment=stale)
