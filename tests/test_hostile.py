"""Whatever a governed file or an answer holds, no verb ends with a bug: each reports it, refuses it or passes over it."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samples import ADMISSION_PATH, ANSWERS, RECORD_PATH, REFERENCE_PATH, Repository

PLACES = (
    *(REFERENCE_PATH, RECORD_PATH, ADMISSION_PATH, f"{ADMISSION_PATH}.sig", ".sot/sot.toml"),
    *(".sot/secrets-baseline.json", ".sot/templates/provider-decision.schema.json", ".sot/04-EVIDENCE/run.md"),
    *(".sot/templates/provider-decision.md", "answers", "notes.md"),
)
VERBS = (
    *(
        ("check", "--all"),
        ("check", "--all", "--fix", "--dry-run"),
        ("check", "--staged"),
        ("check", "--range", "HEAD..HEAD"),
    ),
    *(("status",), ("log",), ("due",), ("show", "020"), ("history", "CTO-WORK-020"), ("config",), ("schema",)),
    *(
        ("issue", "list"),
        ("issue", "show", "CTO-WORK-020"),
        ("issue", "next"),
        ("issue", "graph"),
        ("explain", "secret"),
    ),
    *(
        ("issue", "status", "CTO-WORK-020", "in_progress"),
        ("issue", "accept", "CTO-WORK-020", "1", "--evidence", "f39d8ab"),
    ),
    ("issue", "unblock", "CTO-WORK-020", "1", "--because", "CTO-WORK-020-DR-001", "--dry-run"),
    *(("issue", "new", "CTO-WORK-099", "A title", "--dry-run"), ("admission", "list"), ("admission", "show")),
    *(
        ("admission", "generate", "--dry-run"),
        ("admission", "verify"),
        ("admission", "revoke", "--reason", "x", "--dry-run"),
    ),
    *(
        ("evidence", "list"),
        ("evidence", "verify", "."),
        ("evidence", "record", ".", "--dry-run"),
        ("export", "opencode"),
    ),
    *(
        ("scan", "."),
        ("import", "notes.md", "--dry-run"),
        ("import", ".", "--dry-run", "--yes"),
        ("hooks", "status"),
        ("doctor",),
    ),
    ("decide", "CTO-WORK-020", "--answers", "answers", "--yes", "--dry-run"),
    ("template", "new", "region-decision", "OPS-7", "--dry-run"),
    ("gate", "--admission-file", ADMISSION_PATH, "--provider", "openai-codex", "--model", "gpt-5.5"),
)
HEAD = b"---\ntitle: T\nstatus: draft\nlifecycle_classification: sot\n"
TEXTS = (
    *(
        b"",
        b"\0",
        b"\n",
        b"---\n",
        b"---\n---\n",
        b"---",
        b"\xff\xfe",
        b"\xef\xbb\xbf---\n---\n",
        b"\r",
        b"{",
        b"[]",
        b"null",
        b"1",
    ),
    *(
        b'"\\ud800"',
        b'{"provider": "\\ud800"}',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"a = 1\na = 2\n",
    ),
    *(
        b"[" * 20_000,
        b'{"a":' * 20_000,
        b"a = " + b"[" * 20_000,
        b"a = " + b"9" * 5000,
        HEAD + b"x: " + b"[" * 5000 + b"\n---\n",
        b"> " * 5000 + b"x\n",
    ),
    *(
        HEAD + b"owner: &a [*a]\n---\n",
        HEAD + b"a: &a [x, x]\nb: &b [*a, *a]\n---\n",
        HEAD + b"owner: !!python/object:os.system x\n---\n",
    ),
    *(
        HEAD + b"created: 0000-00-00\n---\n",
        HEAD + b"created: 99999-01-01\n---\n",
        HEAD + b"created: 2026-13-45\n---\n",
    ),
    *(
        HEAD + b"? [a]\n: b\n---\n",
        HEAD + b"1: 2\nnull: x\n---\n",
        HEAD + b"\tx: y\n---\n",
        HEAD + b"owner: \x1b[31m\n---\n",
    ),
    *(
        HEAD + b"---\n\n## CTO-WORK-020 - x\n\nStatus: \n",
        HEAD + b"---\n\n## CTO-WORK-020 - x\n\nStatus: blocked.\n\nBlocked by: CTO-WORK-020\n",
    ),
    *(HEAD + b"---\n## A-1 - x\n" * 50, HEAD + b"issue: [CTO-WORK-020]\nrecord_id: {a: b}\nsupersedes: 3\n---\n"),
    *(
        b'{"$ref": "#"}',
        b'{"allOf": [{"$ref": "provider-decision.schema.json"}]}',
        b'{"properties": {"a": 1}}',
        b'{"type": {}}',
    ),
    *(
        b"[store]\nalso = [1]\n",
        b"[gate]\nref = 3\n",
        b"[networks]\nx = {a = 1}\n",
        b"[exports]\nopencode = 1\n",
        b"[moves]\n",
    ),
    *(
        b"${x}\n",
        b"${\n",
        b"$$ ${record_id.__class__}\n",
        b"decision_status: [x]\nprovider: {a: b}\n",
        b"provider: 3\nevidence_sources: x\n",
    ),
)


@pytest.mark.slow
@pytest.mark.decided
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(PLACES), text=st.sampled_from(TEXTS) | st.binary(max_size=200), verb=st.sampled_from(VERBS)
)
@pytest.mark.long
def test_no_verb_ends_with_a_bug_on_what_a_file_holds(
    store: Repository, place: str, text: bytes, verb: tuple[str, ...]
) -> None:
    shutil.copy(ANSWERS, store.path / "answers")
    store.write(place, text)
    store.git("add", "-A", ".sot")
    try:
        done = store.run(*verb)
    finally:
        store.git("reset", "-q", "--hard")
        (store.path / "notes.md").unlink(missing_ok=True)
    assert (done.returncode in (0, 1, 2, 3), "Traceback" in done.stderr) == (True, False), done.stderr


@pytest.mark.parametrize("place", PLACES)
def test_check_and_the_gate_read_what_is_nested_deep(store: Repository, place: str) -> None:
    for text in (text for text in TEXTS if len(text) > 4000):
        store.write(place, text)
        store.git("add", "-A")
        for verb in (("check", "--staged"), ("gate", "--admission-file", place, "--provider", "a", "--model", "b")):
            done = store.run(*verb)
            assert (done.returncode in (0, 1), "Traceback" in done.stderr) == (True, False), done.stderr
