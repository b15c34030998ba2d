"""Completion in the real shells."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from samples import Repository

pytestmark = pytest.mark.slow  # each takes little, all together take long

BIN = str(Path(sys.executable).parent)


@pytest.fixture(autouse=True)
def sotctl_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")


def shell(store: Repository, *command: str) -> str:
    done = subprocess.run(command, cwd=store.path, capture_output=True, text=True, check=True)
    return done.stdout


LINES = [
    ("sotctl dec", "decide"),
    ("sotctl issue sta", "status"),
    ("sotctl issue show CTO-WORK-02", "CTO-WORK-020"),
    ("sotctl issue status CTO-WORK-019 in_", "in_progress"),
    ("sotctl explain approval-source-m", "approval-source-missing"),
    ("sotctl schema provider-", "provider-decision"),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_bash_completes(store: Repository, line: str, expected: str) -> None:
    words = " ".join(f"'{word}'" for word in line.split(" "))
    script = (
        f"source <(sotctl completion bash); COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); "
        '_sotctl_completion sotctl; echo "${COMPREPLY[@]}"'
    )
    assert expected in shell(store, "bash", "-c", script).split()


@pytest.mark.needs("fish")
@pytest.mark.parametrize(("line", "expected"), LINES)
def test_fish_completes(store: Repository, line: str, expected: str) -> None:
    found = shell(store, "fish", "--no-config", "-c", f"sotctl completion fish | source; complete -C '{line}'")
    assert expected in [word.split("\t")[0] for word in found.split("\n")]


# Every line of above that can be completed in one way only, the whole line, and what is listed where there are two ways.
ZSH_LINES = [(line, f"{line.rpartition(' ')[0]} {word} ") for line, word in LINES if not line.endswith("-02")]


@pytest.mark.needs("zsh")
@pytest.mark.parametrize(
    ("line", "expected"), [*ZSH_LINES, ("sotctl issue show CTO-W", "sotctl issue show CTO-WORK-0")]
)
def test_zsh_completes(store: Repository, line: str, expected: str) -> None:
    terminal = pexpect.spawn(
        "zsh", ["-f", "-i"], cwd=str(store.path), encoding="utf-8", dimensions=(24, 120), timeout=30
    )
    terminal.sendline(
        "PS1='ready> '; autoload -Uz compinit; compinit -u -D; source <(sotctl completion zsh); "
        "show() { print -r -- \"${(U):-line}=[$BUFFER]\" }; zle -N show; bindkey '^T' show; echo set-up"
    )
    terminal.expect("set-up\r\n")
    terminal.expect("ready> ")
    terminal.send(f"{line}\t\x14")
    terminal.expect(r"LINE=\[(.*?)\]")
    assert terminal.match.group(1) == expected
    terminal.close(force=True)


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_every_shell_has_its_script(store: Repository, name: str) -> None:
    assert "_SOTCTL_COMPLETE" in store.done("completion", name)


def test_without_a_store_there_is_nothing_to_complete_and_no_noise(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "_SOTCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": "sotctl issue show C",
        "COMP_CWORD": "3",
    }
    done = subprocess.run(
        [sys.executable, "-m", "sotctl"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("", "")
