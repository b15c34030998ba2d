"""Each policy rule, broken once; and the sound change that breaks none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from samples import (
    ADMISSION_PATH,
    NOW,
    RECORD_PATH,
    REFERENCE,
    REFERENCE_PATH,
    START,
    TOKEN,
    decided,
    evidence_of_a_pass,
    snapshot,
)
from sotctl import resources
from sotctl.checks.change import ChangedFile, ChangeSet
from sotctl.checks.run import check_files, check_store, policy_rules
from sotctl.checks.texts import check_message
from sotctl.decisions.revoke import plan_revoke, require_admission
from sotctl.documents.policy import Policy
from sotctl.documents.tree import DictTree, Entry
from sotctl.export.admitted import admitted
from sotctl.export.catalogue import formats
from sotctl.findings import Finding

DECIDED = {**START, **decided(START).files}
SECOND = {**DECIDED, **decided(DECIDED, supersedes="CTO-WORK-020-DR-001", model="gpt-5.6").files}
CIRCLE = (
    REFERENCE.partition(b"\n---\n")[0]
    + b"""
---

## A-1 - One

Status: blocked.

Blocked by:

- A-2

## A-2 - Two

Status: blocked.

Blocked by:

- A-1
"""
)
TEMPLATE = ".sot/templates/provider-decision.schema.json"
SECOND_RECORD = ".sot/01-DECISIONS/CTO-WORK-020-DR-002.md"
SECOND_ADMISSION = ADMISSION_PATH.replace("5.5", "5.6")


def judged(
    before: dict[str, bytes] | None, after: dict[str, bytes], modes: dict[str, str] | None = None
) -> list[Finding]:
    old = before or {}
    changed = frozenset(path for path in {*old, *after} if old.get(path) != after.get(path))
    change = ChangeSet(
        before=None if before is None else snapshot(before), after=snapshot(DictTree(after, modes)), changed=changed
    )
    return check_store(change)


def rules(before: dict[str, bytes] | None, after: dict[str, bytes], modes: dict[str, str] | None = None) -> set[str]:
    return {finding.rule.id for finding in judged(before, after, modes)}


def edited(files: dict[str, bytes], path: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[path]
    return {**files, path: files[path].replace(old, new, 1)}


def dropped(files: dict[str, bytes], *paths: str) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path not in paths}


@pytest.mark.parametrize(
    ("source", "absent"),
    [
        ("docs/nothing.md", "docs/nothing.md"),
        ("docs/nothing.md:12", "docs/nothing.md"),
        ("report.json#L3-L9", "report.json"),
        ("../outside.md", "../outside.md"),
        ("docs/there.md", None),
        ("./docs/there.md:4", None),
        ("docs/", None),
        ("https://example.com/docs/nothing.md", None),
        ("/var/runs/20260601T100000Z", None),
        ("commit deadbee", None),
        ("docs/nothing.md of the harness at f39d8ab", None),
    ],
)
def test_a_new_decision_is_warned_of_a_path_that_is_not_there(source: str, absent: str | None) -> None:
    before = {**START, "docs/there.md": b"\n"}
    after = {**before, **decided(before, evidence_sources=["commit f39d8ab", source]).files}
    message = f"`evidence_sources` names `{absent}`, which is not in this repository"
    expected = [("evidence-source-absent", "warning", 22, message)] if absent else []
    found = [(one.rule.id, str(one.severity), one.line, one.message) for one in judged(before, after)]
    assert found == expected
    assert judged(after, {**after, "x": b""}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, START), (None, DECIDED), (START, DECIDED), (DECIDED, SECOND), (None, SECOND), (DECIDED, DECIDED)],
)
def test_what_sotctl_writes_breaks_no_rule(before: dict[str, bytes] | None, after: dict[str, bytes]) -> None:
    assert judged(before, after) == []


def test_a_revocation_breaks_no_rule() -> None:
    books = snapshot(DECIDED)
    plan = plan_revoke(books, require_admission(books, None), "closed", now=NOW)
    assert judged(DECIDED, {**DECIDED, **plan.files}) == []


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        (edited(DECIDED, ADMISSION_PATH, b'"gpt-5.5"', b'"gpt-5.4"'), "admission-drift"),
        (edited(DECIDED, ADMISSION_PATH, b'"status": "admitted"', b'"status": "revoked"'), "admission-drift"),
        (edited(DECIDED, ADMISSION_PATH, b'"rationale": "The', b'"rationale": "A'), "admission-drift"),
        (edited(DECIDED, ADMISSION_PATH, b"T12:00:00", b"T12:00:01"), "admission-edited"),
        (edited(DECIDED, ADMISSION_PATH, b"{\n", b"{ \n"), "admission-edited"),
        (edited(DECIDED, ADMISSION_PATH, b"DR-001", b"DR-007"), "admission-without-record"),
        ({**DECIDED, '.sot/02-ISSUES/"x".md': REFERENCE}, "path-forbidden"),
        ({**DECIDED, ".sot/x\ny": b""}, "path-forbidden"),
        ({**DECIDED, ".sot/02-ISSUES/x.MD": REFERENCE}, "path-forbidden"),
        ({**DECIDED, ".sot/02-ISSUES/x.markdown": REFERENCE}, "path-forbidden"),
        ({**DECIDED, ".sot/caf\udce9": b""}, "path-forbidden"),
        (
            edited(DECIDED, ADMISSION_PATH, b',\n  "decision_record": "CTO-WORK-020-DR-001"', b""),
            "admission-without-record",
        ),
        (dropped(DECIDED, ADMISSION_PATH), "admission-missing"),
        (dropped(DECIDED, RECORD_PATH), "record-edited"),
        (dropped(DECIDED, RECORD_PATH), "admission-without-record"),
        (dropped(DECIDED, RECORD_PATH, ADMISSION_PATH), "admission-missing"),
        (edited(DECIDED, RECORD_PATH, b"model: gpt-5.5", b"model: gpt-5.4"), "record-edited"),
        (edited(DECIDED, RECORD_PATH, b"## Rationale", b"## Reasons"), "record-edited"),
        (edited(DECIDED, RECORD_PATH, b"last_reviewed: 2026-06-01", b"last_reviewed: 2026-06-02"), "record-edited"),
        (edited(DECIDED, RECORD_PATH, b"status: validated", b"status: draft"), "record-edited"),
        (
            edited(DECIDED, RECORD_PATH, b"approval_source: JP chat approval on 2026-05-31", b"approval_source: TBD"),
            "approval-source-missing",
        ),
        (
            edited(DECIDED, RECORD_PATH, b"approval_source: JP chat approval on 2026-05-31\n", b""),
            "approval-source-missing",
        ),
        (
            edited(DECIDED, RECORD_PATH, b"approval_source: JP chat approval on 2026-05-31", b'approval_source: ""'),
            "approval-source-missing",
        ),
        (edited(DECIDED, ADMISSION_PATH, b'"JP chat approval on 2026-05-31"', b'""'), "approval-source-missing"),
        (edited(DECIDED, ADMISSION_PATH, b'"JP chat approval on 2026-05-31"', b'" "'), "approval-source-missing"),
        (
            edited(DECIDED, ADMISSION_PATH, b'  "approval_source": "JP chat approval on 2026-05-31",\n', b""),
            "approval-source-missing",
        ),
        ({**DECIDED, SECOND_RECORD: SECOND[SECOND_RECORD]}, "admission-doubled"),
        ({**DECIDED, SECOND_RECORD: SECOND[SECOND_RECORD]}, "supersedes-broken"),
        ({**DECIDED, ADMISSION_PATH.replace("5.5", "5.6"): DECIDED[ADMISSION_PATH]}, "admission-doubled"),
        ({**DECIDED, ADMISSION_PATH.replace("5.5", "5.6"): DECIDED[ADMISSION_PATH]}, "admission-drift"),
        ({**DECIDED, ".sot/01-DECISIONS/CTO-WORK-020-DR-009.md": DECIDED[RECORD_PATH]}, "record-misnamed"),
        ({**DECIDED, ".sot/02-ISSUES/other.md": REFERENCE}, "issue-id-twice"),
        ({**DECIDED, ".sot/sot.toml": b"[approvals]\n"}, "configuration-invalid"),
        (edited(DECIDED, REFERENCE_PATH, b"Status: blocked.", b"Status: ready."), "status-move"),
        (edited(DECIDED, REFERENCE_PATH, b"Status: blocked.", b"Status: draft."), "status-move"),
        (edited(DECIDED, REFERENCE_PATH, b"## CTO-WORK-020 - Admit", b"## CTO-WORK-021 - Admit"), "status-move"),
        (dropped(DECIDED, REFERENCE_PATH), "status-move"),
        (
            edited(
                DECIDED,
                REFERENCE_PATH,
                b"- Human provider approval if an external provider such as Anthropic is selected.\n",
                b"",
            ),
            "status-move",
        ),
        (edited(DECIDED, REFERENCE_PATH, b"Blocked by:", b"Formerly blocked by:"), "status-move"),
        (edited(DECIDED, REFERENCE_PATH, b"Blocked by:", b"<p>Blocked by:</p>"), "blockers-unreadable"),
        (
            {
                **edited(SECOND, SECOND_RECORD, b"supersedes: CTO-WORK-020-DR-001\n", b""),
                SECOND_ADMISSION: SECOND[SECOND_ADMISSION].replace(b'  "supersedes": "CTO-WORK-020-DR-001",\n', b""),
            },
            "supersedes-broken",
        ),
        (dropped(SECOND, SECOND_RECORD, SECOND_ADMISSION), "supersedes-broken"),
        ({**DECIDED, TEMPLATE: b""}, "template-invalid"),
        (
            {**DECIDED, TEMPLATE: b'{"title": "x", "allOf": [{"$ref": "decision-record.schema.json"}]}'},
            "template-invalid",
        ),
        ({**DECIDED, ".sot/templates/zz.schema.json": b'{"x-decides": ["CTO-WORK-020"]}'}, "template-invalid"),
        ({**DECIDED, ".sot/templates/more/zz.schema.json": b"{}"}, "template-invalid"),
        (edited(DECIDED, REFERENCE_PATH, b"- Human provider", b"- CTO-WORK-077: human provider"), "blocker-unknown"),
        ({**DECIDED, ".sot/02-ISSUES/circle.md": CIRCLE}, "blocker-cycle"),
        ({**DECIDED, ".sot/02-ISSUES/x.md": b"version https://git-lfs.github.com/spec/v1\n"}, "store-link"),
        ({**DECIDED, ".sot/notes.md": b"", ".sot/Notes.md": b""}, "path-twin"),
        ({**DECIDED, f".sot/x/{ADMISSION_PATH}": DECIDED[ADMISSION_PATH]}, "store-nested"),
        ({**DECIDED, ".sot/caf\u00e9.txt": b"", ".sot/cafe\u0301.txt": b""}, "path-twin"),
        ({**DECIDED, ".sot/NOTES/a.txt": b"", ".sot/notes/b.txt": b""}, "path-twin"),
        ({**DECIDED, ".sot/a.txt": b"", ".sot/a.txt.": b""}, "path-twin"),
        ({**DECIDED, ".sot/a\u200db.txt": b"", ".sot/ab.txt": b""}, "path-twin"),
    ],
)
def test_a_breach_is_found(after: dict[str, bytes], rule: str) -> None:
    assert rule in rules(DECIDED, after)


UNREADABLE = edited(START, REFERENCE_PATH, b"\nBlocked by:\n\n-", b"\n<p>Blocked by:</p>\n\n-")


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        (START, UNREADABLE, "error"),
        (None, UNREADABLE, "error"),
        (UNREADABLE, edited(UNREADABLE, REFERENCE_PATH, b"then rerun Stage 2", b"and rerun Stage 2"), "error"),
        (UNREADABLE, edited(UNREADABLE, REFERENCE_PATH, b"Records observed", b"Notes observed"), "warning"),
    ],
)
def test_a_list_that_cannot_be_read_is_an_error_where_the_change_touches_its_issue(
    before: dict[str, bytes] | None, after: dict[str, bytes], severity: str
) -> None:
    found = [finding for finding in judged(before, after) if finding.rule.id == "blockers-unreadable"]
    assert [(finding.severity, finding.line, finding.message) for finding in found] == [
        (severity, 52, "HTML holds a label of a list")
    ]


def test_a_list_that_cannot_be_read_is_a_warning_of_a_store_as_it_lies() -> None:
    change = ChangeSet(before=None, after=snapshot(UNREADABLE), changed=frozenset(UNREADABLE), is_whole=True)
    assert [(finding.rule.id, finding.severity) for finding in check_store(change)] == [
        ("blockers-unreadable", "warning")
    ]


def test_two_pairs_whose_admissions_would_be_one_file_are_found() -> None:
    """`a/b-c` and `a-b/c` both lie in the file of `a-b-c`."""
    local = {"decision_status": "local_provider_required", "provider_class": "local_case_compatible"}
    first = {**START, **decided(START, **local, provider="a", model="b-c").files}
    second = edited(
        {**first, SECOND_RECORD: first[RECORD_PATH].replace(b"DR-001", b"DR-002")},
        SECOND_RECORD,
        b"provider: a\n",
        b"provider: a-b\n",
    )
    second = edited(second, SECOND_RECORD, b"model: b-c\n", b"model: c\n")
    messages = [finding.message for finding in judged(first, second) if finding.rule.id == "admission-drift"]
    assert any("a/b-c and a-b/c are two pairs" in message for message in messages)


def test_a_template_of_the_store_asks_for_more_and_not_for_less() -> None:
    shipped = resources.read("provider-decision.schema.json")
    loose = json.loads(shipped)
    del loose["properties"]["effect"]["const"]
    with_loose = {**START, TEMPLATE: json.dumps(loose).encode()}
    record = DECIDED[RECORD_PATH].replace(b"effect: CTO-WORK-020 remains blocked", b"effect: whatever remains blocked")
    assert rules(with_loose, {**with_loose, RECORD_PATH: record}) >= {"field-value"}
    kept = {**START, TEMPLATE: shipped}
    assert judged(kept, {**kept, **decided(START).files}) == []


def test_a_revoked_admission_comes_back_only_by_a_new_decision() -> None:
    books = snapshot(DECIDED)
    revoked = {**DECIDED, **plan_revoke(books, require_admission(books, None), "closed", now=NOW).files}
    assert "record-edited" in rules(revoked, DECIDED)
    only_json = {**revoked, ADMISSION_PATH: DECIDED[ADMISSION_PATH]}
    assert "admission-without-record" in rules(revoked, only_json)


def test_what_somebody_approved_who_may_not_any_more_can_be_taken_back() -> None:
    policy = Policy(approvers=("Ann",))
    books = snapshot(DECIDED, policy=policy)
    revoked = {**DECIDED, **plan_revoke(books, require_admission(books, None), "closed", now=NOW).files}
    changed = frozenset({RECORD_PATH, ADMISSION_PATH})
    after = snapshot(revoked, policy=policy)
    assert check_store(ChangeSet(before=books, after=after, changed=changed)) == []
    again = check_store(ChangeSet(before=after, after=books, changed=changed))
    assert "approval-approver-unknown" in {finding.rule.id for finding in again}


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_links_and_submodules_are_refused(mode: str) -> None:
    path = ".sot/02-ISSUES/linked"
    assert "store-link" in rules(DECIDED, {**DECIDED, path: b"elsewhere"}, {path: mode})


EVIDENCE_PATH = ".sot/04-EVIDENCE/20261123T101500Z-r1-string-slugify-4711.md"


def evidence(**changes: str) -> bytes:
    """An evidence record of a pass with the admission of DECIDED."""
    return evidence_of_a_pass(DECIDED[ADMISSION_PATH], **changes)


def test_evidence_of_a_run_with_the_admission_of_the_store_breaks_no_rule() -> None:
    assert rules(DECIDED, {**DECIDED, EVIDENCE_PATH: evidence()}) == set()


@pytest.mark.parametrize("changes", [{"admission_sha256": "cd" * 32}, {"model": "gpt-5.4"}])
def test_evidence_of_another_admission_or_pair_is_found(changes: dict[str, str]) -> None:
    assert rules(DECIDED, {**DECIDED, EVIDENCE_PATH: evidence(**changes)}) == {"evidence-foreign"}


def test_evidence_is_archived_and_neither_edited_nor_deleted() -> None:
    before = {**DECIDED, EVIDENCE_PATH: evidence()}
    assert rules(before, {**DECIDED, EVIDENCE_PATH: evidence(status="archived")}) == set()
    assert rules(before, {**DECIDED, EVIDENCE_PATH: evidence(report_sha256="cd" * 32)}) == {"evidence-edited"}
    assert rules(before, DECIDED) == {"evidence-edited"}
    archived = {**DECIDED, EVIDENCE_PATH: evidence(status="archived")}
    assert rules(archived, before) == {"evidence-edited"}


def test_a_template_of_the_store_asks_for_no_less_of_evidence_and_of_decisions_of_its_own() -> None:
    weak = b'{"title": "e", "type": "object"}'
    own = b'{"title": "o", "x-decides": ["AB-1"]}'
    templates = {".sot/templates/evidence-record.schema.json": weak, ".sot/templates/own.schema.json": own}
    before = {**DECIDED, **templates}
    thin = evidence().replace(b"run_id: 20261123T101500Z-r1-string-slugify-4711\n", b"")
    assert rules(before, {**before, EVIDENCE_PATH: thin}) == {"field-missing"}
    record = b"---\nrecord_id: AB-1-DR-001\nissue: AB-1\n---\n\n# x\n"
    assert "field-missing" in rules(before, {**before, ".sot/01-DECISIONS/AB-1-DR-001.md": record})


@pytest.mark.parametrize("status", ["ready", "in_progress", "validated"])
@pytest.mark.parametrize("before", [None, {}, {".sot/sot.toml": b""}], ids=["first commit", "no store", "store"])
def test_a_governed_issue_is_not_new_as_under_way_or_validated(before: dict[str, bytes] | None, status: str) -> None:
    born = edited(START, REFERENCE_PATH, b"Status: blocked.", f"Status: {status}.".encode())
    assert rules(before, {**(before or {}), **born}) == {"issue-new-status"}
    met = {**born, **dropped(DECIDED, REFERENCE_PATH), EVIDENCE_PATH: evidence()}
    assert rules(before, {**(before or {}), **met}) == set()
    assert rules(before, {**(before or {}), **START}) == set()


def test_an_exported_file_that_says_something_else_is_found() -> None:
    files = {**DECIDED, ".sot/sot.toml": b'[exports]\nopencode = "opencode.json"\n'}
    assert rules(DECIDED, files) == {"export-drift"}
    path = "opencode.json"
    right = formats()["opencode"].write(admitted(snapshot(files)), None, revision="").data
    assert rules(DECIDED, {**files, path: right}) == set()
    assert rules(DECIDED, {**files, path: right.replace(b"gpt-5.5", b"gpt-5.6")}) == {"export-drift"}
    assert rules(DECIDED, {**files, path: right}, {path: "120000"}) == {"export-drift", "store-link"}


def test_every_rule_is_broken_by_some_test_here() -> None:
    named = {rule.id for rule in policy_rules()}
    source = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    assert [rule for rule in sorted(named) if f'"{rule}"' not in source] == []


def files(path: str, data: bytes = b"") -> list[ChangedFile]:
    return [ChangedFile(path=path, mode="100644", oid="", chunks=lambda: iter((data,)))]


def test_a_secret_is_found_in_a_file_a_name_and_a_message_and_never_shown() -> None:
    found = [
        *check_files(files("notes.txt", f"one\nkey {TOKEN}\n".encode())),
        *check_files(files(f"a/{TOKEN}.txt")),
        *check_message(f"Use {TOKEN}"),
    ]
    assert [(finding.rule.id, finding.path, finding.line, finding.column) for finding in found] == [
        ("secret", "notes.txt", 2, 5),
        ("secret", "(path withheld)", 1, 1),
        ("secret", "commit message", 1, 5),
    ]
    assert TOKEN not in repr(found)


def test_a_twin_of_the_store_in_other_case_is_found() -> None:
    assert [finding.rule.id for finding in check_files(files(".SOT/x.md"))] == ["store-case-twin"]


def test_findings_name_the_reference_document_by_line() -> None:
    broken = edited(START, REFERENCE_PATH, b"Status: blocked.", b"Status: Blocked.")
    assert [(finding.rule.id, finding.line) for finding in judged(START, broken)] == [("issue-status-unknown", 36)]


def test_a_template_for_another_issue_breaks_no_rule() -> None:
    template = (
        b'{"title": "region decision", "x-decides": ["OPS-7"], "allOf": [{"$ref": "decision-record.schema.json"}]}'
    )
    assert rules(DECIDED, {**DECIDED, ".sot/templates/region-decision.schema.json": template}) == set()


def test_a_required_signature_is_missed_until_it_is_there_and_when_it_is_stale() -> None:
    policy = Policy(require_signature=True)

    def said(before: dict[str, bytes], after: dict[str, bytes]) -> list[tuple[str, str, str]]:
        changed = frozenset(path for path in {*before, *after} if before.get(path) != after.get(path))
        old, new = snapshot(before, policy=policy), snapshot(after, policy=policy)
        found = check_store(ChangeSet(before=old, after=new, changed=changed))
        return [(finding.rule.id, finding.severity, finding.fix) for finding in found]

    missing = [("signature-absent", "warning", "sotctl admission sign openai-codex/gpt-5.5")]
    signed = {**DECIDED, f"{ADMISSION_PATH}.sig": b"signature"}
    assert said(START, DECIDED) == missing
    assert said(START, {**DECIDED, f"{ADMISSION_PATH}.sig": b"\n"}) == missing
    assert said(START, signed) == []
    again = {**signed, **decided(signed, supersedes="CTO-WORK-020-DR-001", review_trigger="yearly").files}
    assert said(signed, again) == missing
    assert (
        said(
            signed,
            {**signed, **plan_revoke(snapshot(signed), require_admission(snapshot(signed), None), "x", now=NOW).files},
        )
        == []
    )


LOCAL = {"decision_status": "local_provider_required", "provider_class": "local_case_compatible"}


@pytest.mark.parametrize(
    ("provider", "networks", "messages"),
    [
        ("vllm", "", []),
        ("vllm", 'own = ["127.0.0.1:8000", "[::1]:8000", "localhost", "10.1.2.3", "gpu.internal", "[fd00::1]"]', []),
        ("vllm", 'own = ["gpu01:8000"]\nlocal-hosts = ["gpu01"]', []),
        ("openai", 'own = ["127.0.0.1:8000"]', []),
        ("openai", "", ["`openai` is a hosted provider, and no host shows that this one is local"]),
        ("Groq", "", ["`Groq` is a hosted provider, and no host shows that this one is local"]),
        (
            "openai",
            'own = ["127.0.0.1", "api.openai.com"]',
            ["the network class `own` of a local provider names `api.openai.com`"],
        ),
        ("vllm", 'own = ["gpu01:8000"]', ["the network class `own` of a local provider names `gpu01:8000`"]),
        (
            "vllm",
            'own = ["[::ffff:8.8.8.8]"]',
            ["the network class `own` of a local provider names `[::ffff:8.8.8.8]`"],
        ),
        ("vllm", 'own = ["2130706433"]', ["the network class `own` of a local provider names `2130706433`"]),
        ("vllm", 'own = ["100.64.0.1"]', ["the network class `own` of a local provider names `100.64.0.1`"]),
        (
            "vllm",
            'own = ["localhost.evil.com"]',
            ["the network class `own` of a local provider names `localhost.evil.com`"],
        ),
    ],
)
def test_a_local_provider_is_reached_on_hosts_of_ones_own(provider: str, networks: str, messages: list[str]) -> None:
    after = decided(START, **LOCAL, provider=provider, model="m-1", allowed_network_class="own").files
    configuration = {".sot/sot.toml": f"[networks]\n{networks}\n".encode()}
    found = judged(START, {**START, **after, **configuration})
    assert [finding.message for finding in found if finding.rule.id == "network-not-local"] == messages
    later = judged({**START, **after}, {**START, **after, **configuration})
    assert [finding.message for finding in later if finding.rule.id == "network-not-local"] == messages


class Watched(DictTree):
    """A tree that remembers which of its folders were listed."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.listed: set[str] = set()

    def entries(self, folder: str) -> Iterator[Entry]:
        self.listed.add(folder)
        return super().entries(folder)


def test_to_check_a_move_no_folder_of_documents_is_listed() -> None:
    """It would take as long as the store is large."""
    moved = REFERENCE.replace(b"Status: validated.", b"Status: in_progress.", 1)
    before, after = Watched(START), Watched({**START, REFERENCE_PATH: moved})
    change = ChangeSet(
        before=snapshot(before), after=snapshot(after), changed=frozenset({REFERENCE_PATH}), named_stores=(".sot",)
    )
    check_store(change)
    assert before.listed | after.listed <= {".sot/templates"}
