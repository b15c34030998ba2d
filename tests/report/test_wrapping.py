"""What is printed fits the screen: broken between words, while a path or a command stays whole to be copied."""

from __future__ import annotations

import pytest

from samples import ADMISSION_PATH, REFERENCE_PATH, TOKEN, Repository
from terminal import Terminal

WIDTHS = pytest.mark.parametrize("columns", [80, 40])
SHELL = ("sotctl ", "git ", "export ", "hint: sotctl ", "next: sotctl ", "fix: sotctl ")


def too_wide(text: str, columns: int) -> list[str]:
    """The lines that do not fit, but for those that are one word, such as a path, or a command to copy."""
    lines = [line.strip() for line in text.splitlines() if len(line) > columns]
    return [line for line in lines if " " in line and not line.startswith(SHELL)]


@WIDTHS
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["health"], marks=pytest.mark.slow),
        ["explain"],
        ["explain", "case-config-override"],
        ["check", "--all"],
        ["scan", "leak"],
        ["issue", "show", "CTO-WORK-020"],
        ["issue", "status", "CTO-WORK-020", "in_progress"],
        ["issue", "status", "CTO-WORK-020", "bolcked"],
        ["admission", "list"],
        ["doctor"],
        ["due"],
        ["gates"],
    ],
    ids=" ".join,
)
@pytest.mark.decided
def test_every_line_fits_or_is_a_path_or_a_command(store: Repository, arguments: list[str], columns: int) -> None:
    store.write(".sot/02-ISSUES/A-document-that-is-broken-and-has-a-rather-long-name.md", "no header\n")
    store.write("leak/settings-of-a-service-with-a-long-name.txt", f"key {TOKEN}\n")
    done = store.run(*arguments, COLUMNS=str(columns))
    assert done.stdout + done.stderr != ""
    assert too_wide(done.stdout + done.stderr, columns) == []


@pytest.mark.decided
def test_words_paths_and_commands_stay_whole(store: Repository) -> None:
    done = store.run("issue", "status", "CTO-WORK-020", "in_progress", COLUMNS="40")
    lines = [line.strip() for line in done.stderr.splitlines()]
    assert lines[:2] == ["error: CTO-WORK-020 cannot leave blocked", "for in_progress yet"]
    assert f"{REFERENCE_PATH}:54:" in lines
    assert "sotctl issue unblock CTO-WORK-020 1 --because TEXT" in lines
    assert ADMISSION_PATH in [line.strip() for line in store.done("admission", "list", COLUMNS="40").splitlines()]
    mismatch = store.done("explain", "mismatch", COLUMNS="40").splitlines()
    assert "        `sotctl explain REASON`." in mismatch


def test_what_no_terminal_reads_is_not_broken(store: Repository) -> None:
    """A line of a log can be searched for."""
    done = store.run("issue", "status", "CTO-WORK-020", "in_progress")
    assert f"  {REFERENCE_PATH}:54: Human provider approval if an external provider such as Anthropic is selected." in (
        done.stderr.splitlines()
    )


@WIDTHS
@pytest.mark.decided
def test_a_terminal_says_how_wide_it_is(store: Repository, columns: int) -> None:
    terminal = Terminal(store.path, "explain", "mismatch", columns=columns, rows=40)
    assert terminal.finish() == 0
    assert too_wide(terminal.history.replace("\r", ""), columns) == []
    assert " ".join(terminal.screen.split()).count("all that the backend could select, is the admitted one") == 1


def test_explain_says_what_a_rule_asks(store: Repository) -> None:
    assert store.done("explain", "pair-swapped").splitlines()[2:] == [
        "  Asks  Provider and model stand in their places.",
        "  Why   The pair is compared as exact bytes, so that what runs is what was",
        "        approved and nothing that resembles it.",
        "  Fix   Exchange the two variables.",
    ]


@pytest.mark.parametrize("status", ["missing_admission", "invalid_admission", "not_admitted", "mismatch", "admitted"])
def test_a_status_of_the_gate_is_explained_as_a_reason_is(store: Repository, status: str) -> None:
    assert store.done("explain", status).splitlines()[0] == status
