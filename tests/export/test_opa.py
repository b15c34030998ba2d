"""The bundle for Open Policy Agent: its manifest, its rule in a real engine, and its bytes."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from regopy import Interpreter

from samples import START, decided, snapshot
from sotctl.export.admitted import Admitted, admitted
from sotctl.export.catalogue import formats
from sotctl.export.target import Drift

CODEX = admitted(snapshot({**START, **decided(START).files}))[0]
REVISION = "5" * 40


def bundle(pairs: list[Admitted], revision: str = REVISION) -> bytes:
    return formats()["opa"].write(pairs, None, revision=revision).data


def contents(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]


def allows(data: bytes, question: dict[str, Any]) -> bool:
    files = contents(data)
    rego = Interpreter()
    rego.add_module("admission", files["/sotctl/admission.rego"].decode())
    rego.add_data(json.loads(files["/data.json"]))
    rego.set_input(question)
    answer = json.loads(str(rego.query("answer = data.sotctl.admission.allow")))["bindings"]["answer"]
    assert isinstance(answer, bool)
    return answer


def test_the_rule_allows_the_admitted_pair_and_no_other() -> None:
    data = bundle([CODEX, replace(CODEX, provider="vllm", model="q")])
    assert allows(data, {"provider": "openai-codex", "model": "gpt-5.5"})
    assert allows(data, {"provider": "vllm", "model": "q"})
    for provider, model in (
        ("openai-codex", "q"),
        ("openai-codex", "gpt-5"),
        ("openai-codex", "GPT-5.5"),
        ("openai-codex", ""),
        ("", ""),
    ):
        assert not allows(data, {"provider": provider, "model": model})
    assert not allows(data, {})
    assert not allows(data, {"model": "gpt-5.5"})
    assert not allows(bundle([]), {"provider": "openai-codex", "model": "gpt-5.5"})


def test_an_admission_lapses_in_the_host_without_a_new_bundle() -> None:
    today = datetime.now(UTC).date()
    question = {"provider": "openai-codex", "model": "gpt-5.5"}
    assert allows(bundle([replace(CODEX, review_by=today)]), question)
    assert allows(bundle([replace(CODEX, review_by=date(9999, 12, 31))]), question)
    assert not allows(bundle([replace(CODEX, review_by=today - timedelta(days=1))]), question)


def test_the_manifest_names_the_commit_and_what_the_bundle_owns() -> None:
    files = contents(bundle([CODEX]))
    assert list(files) == ["/.manifest", "/data.json", "/sotctl/admission.rego"]
    assert json.loads(files["/.manifest"]) == {"revision": REVISION, "roots": ["sotctl"], "rego_version": 1}
    assert json.loads(files["/data.json"]) == {
        "sotctl": {
            "admissions": [
                {
                    "provider": "openai-codex",
                    "model": "gpt-5.5",
                    "issue": "CTO-WORK-020",
                    "decision_record": "CTO-WORK-020-DR-001",
                    "admission_sha256": CODEX.sha256,
                    "approval_source": "JP chat approval on 2026-05-31",
                    "credential_source_class": "hermes-openai-codex-oauth-and-local-vllm-config",
                    "allowed_network_class": "codex-oauth-hosted-model-plus-local-vllm-fallback",
                    "review_by": None,
                    "lapses_at_ns": 9223372036854775807,
                }
            ]
        }
    }


def test_the_same_commit_gives_the_same_bytes() -> None:
    assert bundle([CODEX]) == bundle([CODEX])
    assert bundle([CODEX]) != bundle([CODEX], "6" * 40)


def repacked(change: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in {**contents(bundle([CODEX])), **change}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("change", "drifts"),
    [
        ({}, ()),
        ({"/.manifest": b'{"revision": "x", "roots": ["sotctl"], "rego_version": 1}'}, ()),
        (
            {"/.manifest": b'{"revision": "x", "rego_version": 1}'},
            (Drift(line=1, message="its .manifest is not what the admissions in force say"),),
        ),
        (
            {"/data.json": b'{"sotctl": {"admissions": [{"provider": "a", "model": "b"}]}}'},
            (Drift(line=1, message="its data.json is not what the admissions in force say", pairs=("a/b",)),),
        ),
        (
            {"/sotctl/admission.rego": b"package sotctl.admission\nallow := true\n"},
            (Drift(line=1, message="its sotctl/admission.rego is not what the admissions in force say"),),
        ),
        (
            {"/sotctl/more.rego": b"package sotctl.admission\nallow := true\n"},
            (Drift(line=1, message="the bundle holds a file 'sotctl/more.rego' besides"),),
        ),
    ],
)
def test_a_bundle_that_says_something_else_is_named(change: dict[str, bytes], drifts: tuple[Drift, ...]) -> None:
    assert formats()["opa"].write([CODEX], repacked(change), revision=REVISION).drifts == drifts
