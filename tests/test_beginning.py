"""A repository's first minutes: each step is the command that the step before printed."""

from __future__ import annotations

from samples import Repository
from terminal import Terminal


def test_init_asks_at_a_terminal_and_leads_to_the_first_decision(empty: Repository) -> None:
    terminal = Terminal(empty.path, "init")
    terminal.answer("? Approver", "clear", "Jérôme Petit", "enter")
    terminal.answer("? Owner", "clear", "jp", "enter")
    terminal.answer("? Route", "enter")
    terminal.answer("? First document", "enter")
    terminal.answer("? First issue", "enter")
    assert terminal.finish() == 0
    assert 'next    git add .sot && git commit -m "Add the store" && sotctl status' in terminal.screen
    assert empty.read(".sot/sot.toml").decode() == (
        '[store]\nowner = "jp"\nroute = "core"\n\n[approval]\napprovers = ["Jérôme Petit"]\n\n'
        '[decisions]\nprovider-decision = ["WORK-001"]\n'
    )
    empty.git("add", ".sot")
    empty.git("commit", "-qm", "Add the store")
    assert empty.done("check", "--all").startswith("no findings")
    assert empty.done("status").splitlines()[-1] == "next      sotctl decide WORK-001"
    assert empty.done("init").splitlines()[-1] == "next    sotctl status"


def test_init_that_is_left_writes_nothing(empty: Repository) -> None:
    terminal = Terminal(empty.path, "init")
    terminal.answer("? Approver", "enter")
    terminal.answer("? Owner", "ctrl-c")
    assert terminal.finish() == 130
    assert not (empty.path / ".sot").exists()
    assert empty.git("status", "--porcelain") == ""


def test_a_new_kind_of_decision_is_valid_as_it_is_written(store: Repository) -> None:
    said = store.done("template", "new", "region-decision", "OPS-7")
    assert said.splitlines()[-1] == 'next    sotctl issue new OPS-7 "TITLE"'
    store.done("issue", "new", "OPS-7", "Choose a region")
    given = ("decision_status=decided", "choice=eu-west-1", "evidence_sources=https://example.com/regions")
    store.done("decide", "OPS-7", *(word for one in given for word in ("--set", one)), "--yes")
    assert store.done("check", "--all").startswith("no findings")
    again = store.run("template", "new", "region-decision", "OPS-8")
    assert (again.returncode, again.stderr.splitlines()) == (
        1,
        [
            "error: there is a template region-decision already",
            "hint: sotctl config decisions.region-decision --add OPS-8",
        ],
    )
    governed = store.run("template", "new", "other-decision", "OPS-7")
    assert governed.stderr.splitlines()[0] == "error: region-decision governs OPS-7 already"
