"""The package as a whole: its imports, its help, its documentation, and the demonstration."""

from __future__ import annotations

import json
import os
import pwd
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from samples import Repository
from sotctl import cli
from sotctl.checks.run import explanations as rules
from sotctl.hooks import hooks
from sotctl.report import known_formats

TOP = Path(__file__).parent.parent
SIGINT_AS_AT_A_TERMINAL = """\
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, os.path.dirname(sys.argv[1]))
runpy.run_path(sys.argv[1], run_name="__main__")
"""
HEAVY = ("click", "git", "questionary", "prompt_toolkit", "jinja2", "rich")


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=True).stdout.decode()
    return [TOP / name for name in listing.split("\0") if name and (TOP / name).is_file()]


def verbs(group: click.Group | None = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    group = group or cli.cli
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += verbs(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


def loaded_by(statement: str) -> set[str]:
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_no_path_of_this_machine_stands_in_the_tree() -> None:
    home = pwd.getpwuid(os.getuid()).pw_dir
    paths = [f"{place}/".encode() for place in (TOP.parent, home) if len(str(place)) > 1]
    found = [str(path) for path in tracked() if any(place in path.read_bytes() for place in paths)]
    assert found == []


@pytest.mark.parametrize("hook", sorted(hooks()))
def test_a_hook_loads_nothing_it_does_not_use(hook: str) -> None:
    module = hook.replace("-", "_")
    assert loaded_by(f"import sotctl.hooks.__main__, sotctl.hooks.git.{module}") & set(HEAVY) == set()


def test_help_loads_neither_git_nor_prompts(empty: Repository) -> None:
    statement = "from sotctl import cli; cli.run(['--help'])"
    assert loaded_by(statement) & {"git", "questionary", "prompt_toolkit", "yaml", "pyromark"} == set()


def test_a_script_loads_no_prompt() -> None:
    assert (
        loaded_by("import sotctl.commands.decide, sotctl.commands.check") & {"questionary", "prompt_toolkit", "rich"}
        == set()
    )


def help_of(verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.run([*verb, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("verb", verbs(), ids=" ".join)
def test_every_verb_has_help_json_and_a_page(verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert "--json" in help_of(verb, capsys)
    name = " ".join(verb)
    pages = "".join(path.read_text() for path in (TOP / "docs").rglob("*.md"))
    assert f"sotctl {name}" in pages
    assert f"`{name}`" in (TOP / "docs" / "reference" / "verbs.md").read_text()


@pytest.mark.parametrize("columns", ["40", "80"])
@pytest.mark.parametrize("verb", [(), *verbs()], ids=lambda verb: " ".join(verb) or "sotctl")
def test_help_fits_its_terminal_and_ends_in_examples_to_copy(
    verb: tuple[str, ...], columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One example a line, the first of the verb itself; a long one goes on after a backslash, as the shell reads it."""
    monkeypatch.setenv("COLUMNS", columns)
    text = help_of(verb, capsys)
    assert [line for line in text.splitlines() if len(line) > int(columns)] == []
    before, heading, examples = text.partition("For example:\n")
    assert heading
    assert "For example" not in before + examples
    commands = examples.replace("\\\n", "").partition("\n\n")[0].splitlines()
    assert " ".join(commands[0].split()).startswith(" ".join(["sotctl", *verb]))
    for command in commands:
        assert command.startswith("  ")
        assert re.search(r"(?:^|[\s(])sotctl ", command)
        assert shlex.split(command)[-1] != "\\"


def test_every_rule_is_in_the_documentation() -> None:
    page = (TOP / "docs" / "rules.md").read_text()
    assert [rule for rule in rules() if f"`{rule}`" not in page] == []


def named(folder: str, assigned: str) -> set[str]:
    """The names of the modules of a folder that assign a name, with hyphens."""
    paths = (TOP / "sotctl" / folder).glob("*.py")
    return {
        path.stem.replace("_", "-") for path in paths if re.search(f"^{assigned}\\b", path.read_text(), re.MULTILINE)
    }


def test_formats_and_hooks_are_found_by_their_files() -> None:
    assert set(known_formats()) == named("report/formats", "FORMAT") == {"text", "json", "sarif", "github"}
    githooks = {"pre-commit", "commit-msg", "pre-merge-commit", "pre-applypatch", "reference-transaction", "pre-push"}
    assert set(hooks("clone")) == githooks
    assert set(hooks("server")) == {"pre-receive", "reference-transaction"}
    assert githooks | {"pre-receive"} == named("hooks/git", "HOOK")


@pytest.mark.slow
@pytest.mark.needs(sys.executable, "-m", "pip", "--version")
def test_a_wheel_carries_the_templates(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(TOP)],
        check=True, capture_output=True,
    )  # fmt: skip
    import zipfile

    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert {"sotctl/templates/admission.schema.json", "sotctl/templates/provider-decision.md"} <= set(names)


def test_generated_pages_are_up_to_date() -> None:
    sys.path.insert(0, str(TOP / "docs"))
    import generate

    assert {name: (TOP / "docs" / name).read_text() for name in generate.PAGES} == {
        name: page() for name, page in generate.PAGES.items()
    }


def test_a_demonstration_that_is_left_hints_at_nothing_that_is_gone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SIGINT_AS_AT_A_TERMINAL, str(TOP / "docs" / "demo.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"},
    ) as demo:
        assert demo.stdout is not None
        assert any("$ git init" in line for line in iter(demo.stdout.readline, ""))
        os.killpg(demo.pid, signal.SIGINT)
        printed = demo.stdout.read()
    assert demo.returncode == 130
    assert printed.endswith("Its repository is gone, and the answers with it: there is nothing to resume.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_demonstration_runs_without_a_terminal_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(TOP / "docs" / "demo.py")],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is refused" in done.stderr
    assert "approval-source-missing" in done.stderr
    assert "only openai-codex/gpt-5.5 was used, and the work was done" in done.stdout
    assert "CTO-WORK-020  blocked -> in_progress" in done.stdout
    assert done.stdout.count("no findings") == 1
    assert list(tmp_path.iterdir()) == []
