"""Documents that come from elsewhere: flattened Markdown, and ADR folders."""

from __future__ import annotations

import json
import os

import pytest

from samples import REFERENCE, REFERENCE_NAME, REFERENCE_PATH, Repository, snapshot
from sotctl.errors import UsageError
from sotctl.issues.importing.flattened import is_flattened, unflatten
from sotctl.issues.importing.plan import document_path
from terminal import Terminal

pytestmark = pytest.mark.slow  # each takes little, all together take long

FLAT = " ".join(REFERENCE.decode().split())
DOCUMENT = ".sot/02-ISSUES/ADR.md"
RECORDS = {
    "adr/0001-keep-files.md": "# 1. Keep files\n\nDate: 2024-02-03\n\n## Status\n\nSuperceded by [2. Use git](0002-use-git.md)\n",
    "adr/0002-use-git.md": "---\nstatus: accepted\ndate: 2024-02-04\n---\n\n# Use git\n\n## Context\n\nWhy.\n",
    "adr/README.md": "# Records\n",
}
HELD = "# 3. Use make\n\n## Status\n\nOn hold\n"


@pytest.fixture
def folder(empty: Repository) -> Repository:
    """A store, and a folder of two records beside it."""
    empty.done("init")
    for name, text in RECORDS.items():
        empty.write(name, text)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "Records")
    return empty


def listed(repository: Repository) -> list[tuple[str, str, str]]:
    issues = json.loads(repository.done("issue", "list", "--json"))["issues"]
    return [(issue["id"], issue["title"], issue["status"]) for issue in issues]


BOTH = [("ADR-0001", "Keep files", "superseded"), ("ADR-0002", "Use git", "validated")]


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


def test_a_flattened_text_file_is_written_where_it_is_governed(empty: Repository) -> None:
    empty.done("init")
    empty.write("PLAN.txt", "\ufeff" + FLAT)
    empty.done("import", "PLAN.txt", "--yes", "--no-commit")
    assert empty.read(".sot/02-ISSUES/PLAN.md") == REFERENCE
    assert empty.run("import", "PLAN.txt", "--yes", "--as", "../x").returncode == 2


@pytest.mark.parametrize(
    ("name", "written"), [("PLAN", "PLAN.md"), ("PLAN.txt", "PLAN.md"), ("PLAN.MD", "PLAN.md"), ("v1.2", "v1.2.md")]
)
def test_a_document_has_the_ending_of_a_governed_one(name: str, written: str) -> None:
    assert document_path(snapshot({}), name) == f".sot/02-ISSUES/{written}"


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "", ".md", "a\nb", "a\\b", "  "])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        document_path(snapshot({}), name)


def test_against_a_document_that_is_there_only_the_difference_is_shown(store: Repository) -> None:
    store.write(REFERENCE_NAME, FLAT)
    assert "nothing would change" in store.done("import", REFERENCE_NAME, "--dry-run")
    store.write(REFERENCE_NAME, FLAT.replace("Not a Core Protocol.", "Not a protocol."))
    assert [
        line for line in store.done("import", REFERENCE_NAME, "--dry-run").splitlines() if line.startswith("+L")
    ] == ["+Local planning SOT only. Not a protocol. Not active Core authority."]


def test_an_adr_folder_becomes_an_issues_document(folder: Repository) -> None:
    done = folder.run("import", "adr", "--yes")
    assert (done.returncode, done.stderr) == (
        0,
        "ADR-0001  superseded  Keep files  (written: Superceded by 2. Use git)\n"
        "ADR-0002  validated  Use git  (written: accepted)\n"
        "left out: README.md: an index or a text about the folder, by its name\n",
    )
    assert listed(folder) == BOTH
    assert folder.run("check", "--all").returncode == 0
    again = folder.run("import", "adr", "--yes")
    assert (again.returncode, f"ADR-0001 is in {DOCUMENT}:14 already" in again.stderr) == (1, True)
    assert folder.run("import", "nowhere", "--yes").returncode == 3


def test_a_status_that_is_not_understood_is_named_and_then_said(folder: Repository) -> None:
    folder.write("adr/0003-use-make.md", HELD)
    done = folder.run("import", "adr", "--yes")
    assert done.returncode == 1
    assert (
        "not imported: 0003-use-make.md:3: the status `On hold` is not understood\n    --status 'On hold=STATUS'\n"
        in done.stderr
    )
    assert listed(folder) == BOTH
    before = folder.read(DOCUMENT)
    assert folder.run("import", "adr", "--yes", "--status", "on hold=later").returncode == 2
    assert folder.run("import", "adr", "--yes", "--status", "On hold=draft").returncode == 0
    assert listed(folder) == [*BOTH, ("ADR-0003", "Use make", "draft")]
    assert folder.read(DOCUMENT).startswith(before)
    assert folder.run("check", "--all").returncode == 0


def test_a_single_record_is_imported_and_what_cannot_be_read_is_named(folder: Repository) -> None:
    assert folder.run("import", "adr/0001-keep-files.md", "--yes").returncode == 0
    assert listed(folder) == BOTH[:1]
    os.mkfifo(folder.path / "adr" / "0003-pipe.md")
    (folder.path / "adr" / "0004-link.md").symlink_to("nowhere")
    (folder.path / "adr" / "loop").symlink_to("..")
    done = folder.run("import", "adr", "--yes")
    assert (done.returncode, done.stderr) == (
        0,
        "ADR-0002  validated  Use git  (written: accepted)\n"
        "left out: README.md: an index or a text about the folder, by its name\n"
        "left out: 0003-pipe.md: it is no file, or a link to nothing\n"
        "left out: 0004-link.md: it is no file, or a link to nothing\n"
        f"left out: 0001-keep-files.md: ADR-0001 is in {DOCUMENT}:14 already\n",
    )
    assert listed(folder) == BOTH


def test_a_terminal_asks_for_a_status_that_is_not_understood(folder: Repository) -> None:
    folder.write("adr/0003-use-make.md", HELD)
    folder.write("adr/0004-use-sh.md", "# 4. Use sh\n\nText.\n")
    terminal = Terminal(folder.path, "import", "adr", rows=60)
    terminal.answer("What does the status `On hold` stand for?", "down", "enter")
    terminal.answer("Which status has a record without one?", "up", "enter")
    terminal.answer("Write and commit this?", "down", "enter")
    assert terminal.finish() == 1
    assert listed(folder) == [*BOTH, ("ADR-0003", "Use make", "ready")]


def test_an_import_tells_a_program_what_arrived_and_what_did_not(folder: Repository) -> None:
    folder.write("adr/0003-use-make.md", HELD)
    done = folder.run("import", "adr", "--json", "--no-commit")
    told = json.loads(done.stdout)
    assert (done.returncode, told) == (
        1,
        {
            "type": "sotctl.import/v1",
            "records": [
                {
                    "id": "ADR-0001",
                    "title": "Keep files",
                    "status": "superseded",
                    "written": "Superceded by 2. Use git",
                    "source": "adr/0001-keep-files.md",
                },
                {
                    "id": "ADR-0002",
                    "title": "Use git",
                    "status": "validated",
                    "written": "accepted",
                    "source": "adr/0002-use-git.md",
                },
            ],
            "left_out": [
                {
                    "path": "README.md",
                    "line": None,
                    "reason": "an index or a text about the folder, by its name",
                    "fix": "",
                },
                {
                    "path": "0003-use-make.md",
                    "line": 3,
                    "reason": "the status `On hold` is not understood",
                    "fix": "--status 'On hold=STATUS'",
                },
            ],
            "notes": [],
            "files": [DOCUMENT],
            "commit": None,
        },
    )
