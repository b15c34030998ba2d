"""Documents that come from elsewhere: flattened Markdown, and ADR folders of both kinds."""

from __future__ import annotations

import json

import pytest

from samples import REFERENCE, REFERENCE_NAME, REFERENCE_PATH, Repository
from sotctl.issues.adr import parse_adr
from sotctl.issues.unflatten import is_flattened, unflatten
from terminal import Terminal

FLAT = " ".join(REFERENCE.decode().split())
NYGARD = "# 7. Use git\n\nDate: 2024-01-01\n\n## Status\n\nAccepted\n\n## Context\n\nWe need history.\n\n## Decision\n\nUse git.\n"
MADR = "---\nstatus: rejected\ndate: 2024-01-02\n---\n\n# Use SVN\n\n## Context and Problem Statement\n\nHistory.\n"


def test_the_flattened_reference_document_is_restored_byte_for_byte() -> None:
    assert is_flattened(FLAT)
    assert unflatten(FLAT).encode() == REFERENCE


def test_a_document_with_lines_is_not_taken_for_a_flattened_one(store: Repository) -> None:
    assert not is_flattened(REFERENCE.decode())
    done = store.run("import", REFERENCE_PATH)
    assert (done.returncode, "neither" in done.stderr) == (2, True)


def test_a_flattened_document_is_shown_and_written_after_yes(empty: Repository) -> None:
    empty.done("init")
    empty.write(REFERENCE_NAME, FLAT)
    assert empty.run("import", REFERENCE_NAME).returncode == 2
    terminal = Terminal(empty.path, "import", REFERENCE_NAME, rows=40)
    terminal.wait("Write and commit this?")
    terminal.press("enter")
    assert terminal.finish() == 130
    terminal = Terminal(empty.path, "import", REFERENCE_NAME, rows=40)
    terminal.answer("Write and commit this?", "down", "enter")
    assert terminal.finish() == 0
    assert empty.read(REFERENCE_PATH) == REFERENCE
    assert empty.run("check", "--all").returncode == 0


def test_against_a_document_that_is_there_only_the_difference_is_shown(store: Repository) -> None:
    store.write(REFERENCE_NAME, FLAT)
    assert "nothing would change" in store.done("import", REFERENCE_NAME, "--dry-run")
    store.write(REFERENCE_NAME, FLAT.replace("Not a Core Protocol.", "Not a protocol."))
    assert [
        line for line in store.done("import", REFERENCE_NAME, "--dry-run").splitlines() if line.startswith("+L")
    ] == ["+Local planning SOT only. Not a protocol. Not active Core authority."]


@pytest.mark.parametrize(
    ("name", "text", "number", "title", "status"),
    [
        ("0007-use-git.md", NYGARD, 7, "Use git", "validated"),
        ("0008-use-svn.md", MADR, 8, "Use SVN", "rejected"),
        ("9-x.md", "# ADR-9: Late\n\n## Status\n\nSuperseded by 10\n", 9, "Late", "superseded"),
        ("10-y.md", "# Y\n\ntext\n", 10, "Y", "draft"),
    ],
)
def test_a_decision_record_is_read(name: str, text: str, number: int, title: str, status: str) -> None:
    found = parse_adr(name, text)
    assert found is not None
    assert (found.number, found.title, found.status) == (number, title, status)
    assert "Status" not in found.body


def test_files_that_are_no_records_are_left_out() -> None:
    assert parse_adr("README.md", "# Read me\n") is None
    assert parse_adr("0001-empty.md", "no heading\n") is None


def test_an_adr_folder_becomes_an_issues_document(empty: Repository) -> None:
    empty.done("init")
    empty.write("adr/0007-use-git.md", NYGARD)
    empty.write("adr/0008-use-svn.md", MADR)
    empty.write("adr/README.md", "# Records\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "Records")
    empty.done("import", "adr", "--yes")
    issues = json.loads(empty.done("issue", "list", "--json"))["issues"]
    assert [(issue["id"], issue["title"], issue["status"]) for issue in issues] == [
        ("ADR-0007", "Use git", "validated"),
        ("ADR-0008", "Use SVN", "rejected"),
    ]
    assert empty.run("check", "--all").returncode == 0
    assert empty.run("import", "adr", "--yes").returncode == 1
    assert empty.run("import", "nowhere", "--yes").returncode == 3
