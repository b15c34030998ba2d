"""JP decides at a terminal: the right way, a wrong answer, back, Ctrl-C and resume, review and jump, refusal."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from samples import ADMISSION_PATH, ANSWERS, RECORD_PATH, TOKEN, Repository
from terminal import Terminal

pytestmark = pytest.mark.slow  # each takes little, all together take long

CLASSES = ("hermes-openai-codex-oauth-and-local-vllm-config", "codex-oauth-hosted-model-plus-local-vllm-fallback")


def begin(store: Repository, **options: object) -> Terminal:
    return Terminal(store.path, "decide", "CTO-WORK-020", **options)  # type: ignore[arg-type]


def begin_with(store: Repository, *arguments: str, **options: object) -> Terminal:
    return Terminal(store.path, "decide", "CTO-WORK-020", *arguments, **options)  # type: ignore[arg-type]


def up_to_review(terminal: Terminal) -> None:
    terminal.answer("? Decision", "down", "enter")
    terminal.answer("? Provider class", "down", "enter")
    terminal.answer("? Model", "gpt-5.5", "enter")
    terminal.answer("? Approval source", "JP chat approval on 2026-05-31", "enter")
    terminal.answer("? Credential source class", CLASSES[0], "enter")
    terminal.answer("? Allowed network class", CLASSES[1], "enter")
    terminal.answer("? Review trigger", "when the pair changes", "enter")
    terminal.answer("? Evidence sources 1", "Hermes commit f39d8ab", "enter")
    terminal.answer("? Evidence sources 2", "enter")
    terminal.answer("? Served names 1", "gpt-5.5-2026-04-23", "enter")
    terminal.answer("? Served names 2", "enter")
    terminal.answer("? Fallback pairs 1", "vllm/qwen3.6-35b-a3b", "enter")
    terminal.answer("? Fallback pairs 2", "enter")
    terminal.answer("? Rationale", "enter")
    terminal.wait("? What now?")


@pytest.mark.parametrize(
    ("columns", "environment"), [(80, {}), (40, {"NO_COLOR": "1"}), (80, {"LC_ALL": "C", "PYTHONUTF8": "0"})]
)
def test_a_decision_is_approved_by_typing_the_pair(
    store: Repository, columns: int, environment: dict[str, str]
) -> None:
    terminal = begin(store, columns=columns, **environment)
    up_to_review(terminal)
    terminal.press("down", "enter")
    terminal.answer("? Type openai-codex/gpt-5.5", "openai-codex/gpt-5.5", "enter")
    assert terminal.finish() == 0
    assert "Checks: passed" in terminal.history
    assert "CTO-WORK-020 stays blocked" in terminal.history
    assert store.git("rev-parse", "--short=9", "HEAD").strip() in terminal.history
    admission = json.loads(store.read(ADMISSION_PATH))
    assert admission["served_models"] == ["gpt-5.5-2026-04-23"]
    assert admission["fallback"] == [{"provider": "vllm", "model": "qwen3.6-35b-a3b"}]
    assert store.git("status", "--porcelain") == ""
    assert not list((store.path / ".git/sotctl/drafts").glob("*"))
    if "NO_COLOR" in environment:
        assert "\x1b[31m" not in terminal.history


def test_a_missing_git_identity_is_reported_before_the_first_question(store: Repository, tmp_path: Path) -> None:
    (tmp_path / "anonymous").write_text("[user]\nuseConfigOnly = true\n")
    terminal = begin(store, GIT_CONFIG_GLOBAL=str(tmp_path / "anonymous"))
    assert terminal.finish() == 3
    assert "? Decision" not in terminal.history
    assert "git config user.name NAME; git config user.email MAIL" in terminal.history


def test_an_admission_is_dated_by_the_instant_at_which_its_pair_was_typed(store: Repository) -> None:
    terminal = begin(store)
    up_to_review(terminal)
    terminal.press("down", "enter")
    terminal.wait("? Type openai-codex/gpt-5.5")
    time.sleep(1.1)  # timestamps have whole seconds
    typed = datetime.now(UTC).replace(microsecond=0)
    terminal.answer("? Type openai-codex/gpt-5.5", "openai-codex/gpt-5.5", "enter")
    assert terminal.finish() == 0
    assert datetime.fromisoformat(json.loads(store.read(ADMISSION_PATH))["admission_timestamp"]) >= typed


def test_nothing_is_approved_by_pressing_enter(store: Repository) -> None:
    terminal = begin(store)
    up_to_review(terminal)
    terminal.press("enter")
    terminal.answer("Which answer?", "back")
    terminal.wait("? What now?")
    terminal.press("down", "enter")
    terminal.wait("? Type openai-codex/gpt-5.5")
    terminal.press("enter")
    terminal.wait("in full to approve")
    terminal.press("openai-codex/gpt-5.4", "enter")
    terminal.wait("this is not openai-codex/gpt-5.5")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    assert not (store.path / RECORD_PATH).exists()


def test_a_wrong_answer_is_named_while_it_is_typed(store: Repository) -> None:
    terminal = begin(store)
    terminal.answer("? Decision", "down", "enter")
    terminal.answer("? Provider class", "down", "enter")
    terminal.answer("? Model", "gpt-latest")
    terminal.wait("floating name")
    terminal.press("enter", "clear", "gpt-5.5", "enter")
    terminal.answer("? Approval source", "TBD")
    terminal.wait("names no approval")
    terminal.press("clear", "Bob chat approval on 2026-05-31")
    terminal.wait("not by an approver")
    terminal.press("ctrl-d")
    assert terminal.finish() == 130


def test_a_secret_that_is_typed_is_refused_and_kept_nowhere(store: Repository) -> None:
    terminal = begin(store)
    terminal.answer("? Decision", "down", "enter")
    terminal.answer("? Provider class", "enter")
    terminal.answer("? Model", TOKEN)
    terminal.wait("looks like a secret")
    terminal.press("enter", "ctrl-c")
    assert terminal.finish() == 130
    kept = [path for path in (store.path / ".git").rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert kept == []


def test_ctrl_c_costs_nothing_and_resume_goes_on(store: Repository) -> None:
    terminal = begin(store)
    terminal.answer("? Decision", "down", "enter")
    terminal.answer("? Provider class", "down", "enter")
    terminal.answer("? Model", "gpt-5.5", "enter")
    terminal.answer("? Approval source", "ctrl-c")
    assert terminal.finish() == 130
    assert "sotctl resume" in terminal.screen
    terminal = Terminal(store.path, "resume")
    terminal.wait("3 answers kept")
    terminal.answer("? Approval source", "back")
    terminal.answer("? Model gpt-5.5", "enter")
    terminal.answer("? Approval source", "ctrl-c")
    assert terminal.finish() == 130


def test_going_back_changes_what_is_asked(store: Repository) -> None:
    terminal = begin(store)
    terminal.answer("? Decision", "down", "enter")
    terminal.answer("? Provider class", "back")
    terminal.wait("> external_provider_approved")
    terminal.press("down", "enter")
    terminal.answer("? Provider", "vllm", "enter")
    terminal.wait("? Model")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    kept = json.loads((store.path / ".git/sotctl/drafts/CTO-WORK-020.json").read_text())
    assert kept == {"decision_status": "local_provider_required", "provider": "vllm"}


def test_the_review_jumps_to_a_field_and_the_others_are_kept(store: Repository) -> None:
    terminal = begin(store)
    up_to_review(terminal)
    terminal.press("enter")
    terminal.answer("Which answer?", "down", "down", "enter")
    terminal.answer("? Model gpt-5.5", "clear", "gpt-5.6", "enter")
    terminal.wait("type openai-codex/gpt-5.6")
    terminal.press("up", "enter")
    terminal.answer("? Discard the answers?", "down", "enter")
    assert terminal.finish() == 0
    assert "discarded" in terminal.history
    assert not (store.path / ".git/sotctl/drafts/CTO-WORK-020.json").exists()


def test_answers_are_discarded_only_by_saying_so_twice(store: Repository) -> None:
    """One `up` wraps round the menu from its first line to its last."""
    terminal = begin(store)
    up_to_review(terminal)
    terminal.press("up", "enter")
    terminal.answer("? Discard the answers?", "enter")
    terminal.wait_anew("What now?")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    assert "your answers are kept" in terminal.screen


def begin_list(store: Repository) -> Terminal:
    """A decision that has come to its evidence, with two items of it given."""
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--set", "review_trigger=when asked")
    terminal.answer("? Decision", "enter")
    terminal.answer("? Evidence sources 1", "docs/first.md", "enter")
    terminal.answer("? Evidence sources 2", "docs/second.md", "enter")
    terminal.wait("? Evidence sources 3")
    return terminal


def test_ctrl_c_inside_a_list_loses_no_item(store: Repository) -> None:
    terminal = begin_list(store)
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    terminal = Terminal(store.path, "resume")
    terminal.answer("? Evidence sources 1 docs/first.md", "enter")
    terminal.answer("? Evidence sources 2 docs/second.md", "enter")
    terminal.answer("? Evidence sources 3", "enter")
    terminal.answer("? Rationale", "enter")
    terminal.wait("? What now?")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    kept = json.loads((store.path / ".git/sotctl/drafts/CTO-WORK-020.json").read_text())
    assert kept["evidence_sources"] == ["docs/first.md", "docs/second.md"]


def test_going_back_in_a_list_offers_what_was_typed(store: Repository) -> None:
    terminal = begin_list(store)
    terminal.press("back")
    terminal.answer("? Evidence sources 2 docs/second.md", "back")
    terminal.answer("? Evidence sources 1 docs/first.md", "clear", "docs/other.md", "enter")
    terminal.answer("? Evidence sources 2 docs/second.md", "back")
    terminal.answer("? Evidence sources 1 docs/other.md", "back")
    terminal.answer("? Decision", "enter")
    terminal.answer("? Evidence sources 1 docs/other.md", "ctrl-c")
    assert terminal.finish() == 130


def test_an_item_is_taken_out_of_the_middle_of_a_list(store: Repository) -> None:
    terminal = begin_list(store)
    terminal.press("docs/third.md", "enter")
    terminal.answer("? Evidence sources 4", "enter")
    terminal.answer("? Rationale", "enter")
    terminal.answer("? What now?", "enter")
    terminal.answer("Which answer?", "down", "down", "enter")
    terminal.answer("? Evidence sources 1 docs/first.md", "enter")
    terminal.answer("? Evidence sources 2 docs/second.md", "clear", "enter")
    terminal.answer("? Evidence sources 2 docs/third.md", "enter")
    terminal.answer("? Evidence sources 3", "enter")
    terminal.wait("? What now?")
    terminal.press("up", "up", "enter")
    assert terminal.finish() == 0
    kept = json.loads((store.path / ".git/sotctl/drafts/CTO-WORK-020.json").read_text())
    assert kept["evidence_sources"] == ["docs/first.md", "docs/third.md"]


def test_interrupting_before_the_first_answer_promises_nothing(store: Repository) -> None:
    terminal = begin(store)
    terminal.answer("? Decision", "ctrl-c")
    assert terminal.finish() == 130
    assert "interrupted; nothing was written" in terminal.screen
    assert "resume" not in terminal.screen


@pytest.mark.decided
def test_resume_shows_the_answers_it_goes_on_with_on_a_narrow_terminal(store: Repository) -> None:
    given = ("--set", "review_trigger=when asked", "--set", "decision_status=not_decided")
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", *given)
    terminal.answer("? Evidence sources 1", "ctrl-c")
    assert terminal.finish() == 130
    terminal = Terminal(store.path, "resume", columns=40)
    terminal.wait("? Evidence sources 1")
    lines = [line for line in terminal.history.replace("\r", "").split("\n") if line]
    assert any(line.startswith("Going on with 2 answers kept from") for line in lines)
    assert "Decision: not_decided" in lines
    assert "Review trigger: when asked" in lines
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


def test_the_network_class_is_offered_from_the_configuration_and_missed_hosts_are_said(store: Repository) -> None:
    store.write(".sot/sot.toml", '[networks]\nhosted = ["api.example.com"]\n')
    store.git("add", ".sot")
    store.git("commit", "-qm", "Name the networks")
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), rows=240)
    terminal.wait("? What now?")
    assert "the network class names no host" in terminal.screen
    terminal.press("enter")
    terminal.answer("Which answer?", *["down"] * 5, "enter")
    terminal.answer("? Allowed network class", "clear", "ho")
    terminal.wait("hosted")
    terminal.press("down", "enter")
    terminal.wait("Allowed network class    hosted")
    terminal.wait("nothing else may run")
    assert "names no host" not in terminal.screen.rpartition("Allowed network class    hosted")[2]
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


def test_known_answers_stand_below_an_empty_line_and_none_is_taken_by_enter(store: Repository) -> None:
    store.write(".sot/sot.toml", '[credentials]\nhosted-login = "codex"\n')
    store.git("add", ".sot")
    store.git("commit", "-qm", "Name the credential")
    terminal = begin(store)
    terminal.answer("? Decision", "down", "enter")
    terminal.answer("? Provider class", "down", "enter")
    terminal.wait("? Model\n         gpt-5.5\n         gpt-5.5-codex")
    terminal.press("enter")
    terminal.wait("is empty")
    terminal.press("down", "enter")
    terminal.wait("? Model gpt-5.5\n? Approval source\n")
    terminal.press("mail")
    terminal.wait("JP mail approval on ")
    terminal.press("down", "enter")
    terminal.answer("hosted-login", "down", "enter")
    terminal.wait("? Allowed network class")
    terminal.press("down", "enter")
    ahead = datetime.now(UTC) + timedelta(days=90)
    terminal.answer(f"review by {ahead:%Y-%m-%d}", "down", "enter")
    terminal.answer(f"CTO-WORK-020 at commit {store.git('rev-parse', '--short=9', 'HEAD').strip()}", "down", "enter")
    terminal.wait("? Evidence sources 2")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    kept = json.loads(store.read(".git/sotctl/drafts/CTO-WORK-020.json"))
    assert kept["credential_source_class"] == "hosted-login"
    assert kept["approval_source"].startswith("JP mail approval on ")


def test_known_answers_replace_what_was_offered(store: Repository) -> None:
    given = ("--set", "decision_status=external_provider_approved", "--set", "provider_class=external_openai_codex")
    terminal = begin_with(store, *given, "--set", "model=gpt-5.5-codex")
    terminal.answer("? Approval source", "back")
    terminal.answer("? Model gpt-5.5-codex", "down")
    terminal.wait("? Model gpt-5.5\n")
    terminal.press("enter")
    terminal.answer("? Model gpt-5.5\n? Approval source", "ctrl-c")
    assert terminal.finish() == 130


def luminance(number: int) -> float:
    """The relative luminance of a colour of the palette of 256, from 16 on. Source: WCAG 2.2."""
    levels = (0, 95, 135, 175, 215, 255)
    at = number - 16
    rgb = (levels[at // 36], levels[at // 6 % 6], levels[at % 6]) if number < 232 else (8 + 10 * (number - 232),) * 3
    linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.decided
@pytest.mark.needs("less")
def test_every_colour_is_readable_on_black_and_on_white(store: Repository) -> None:
    terminal = begin(store, NO_COLOR="")
    terminal.answer("? Decision", "enter")
    terminal.answer("? Provider class", "enter")
    terminal.answer("? Model gpt-5.5", "enter")
    terminal.answer("JP mail approval on", "down", "ctrl-c")
    assert terminal.finish() == 130
    (store.path / ".git/sotctl/drafts/CTO-WORK-020.json").unlink()
    review = begin_with(store, "--answers", str(ANSWERS), PAGER="less -RFX", NO_COLOR="", rows=120)
    review.wait("Discard the answers")
    review.press("down", "down", "enter")
    review.wait("? What now? Show the exact diff")
    review.wait("> Change an answer")  # not while the pager is there: Ctrl-C would be for it
    review.press("ctrl-c")
    assert review.finish() == 130
    printed = terminal.history + review.history
    codes = set(re.findall(r"\x1b\[([0-9;]*)m", printed))
    colours = {int(number) for code in codes for number in re.findall(r"38;5;(\d+)", code)}
    plain = {part for code in codes for part in re.sub(r"38;5;\d+", "", code).split(";") if part}
    assert colours == {29, 131}
    assert plain <= {"0", "1", "7", "22"}
    for number in (*colours, 243):
        light = luminance(number)
        assert min(1.05 / (light + 0.05), (light + 0.05) / 0.05) >= 4.5


def shown_in_the_pager(store: Repository) -> str:
    """What the choice that shows the files prints."""
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), rows=200, PAGER="cat")
    terminal.wait("? What now?")
    before = len(terminal.history)
    terminal.press("down", "down", "enter")
    terminal.wait("+++ ")
    terminal.wait("> Change an answer")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    return terminal.history[before:]


@pytest.mark.decided
def test_a_changed_admission_is_shown_whole_once(store: Repository) -> None:
    shown = shown_in_the_pager(store)
    assert shown.count('\r\n  "model": "gpt-5.5",') == 1
    assert "The admission, as it will be:" in shown


def test_a_new_admission_is_shown_once_in_its_diff(store: Repository) -> None:
    shown = shown_in_the_pager(store)
    assert shown.count('"model": "gpt-5.5",') == 1
    assert "The admission, as it will be:" not in shown


def test_a_pair_with_a_key_needs_no_adapter(store: Repository) -> None:
    key = "credential_source_class=environment-key"
    said = store.done("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes", "--set", key)
    assert "sotctl stage2 run" in said
    assert "adapter" not in said


def test_after_a_decision_every_command_that_comes_next_is_whole(store: Repository) -> None:
    said = store.decide().stdout
    unblock = "sotctl issue unblock CTO-WORK-020 1 2 --because CTO-WORK-020-DR-001"
    assert unblock in said
    lines = [line.strip() for line in said.splitlines()]
    name_host = "sotctl config networks.codex-oauth-hosted-model-plus-local-vllm-fallback --add chatgpt.com"
    run = (
        "sotctl stage2 run --task string-slugify --runs-dir ~/runs --credential codex "
        f"--admission-file {ADMISSION_PATH} --provider openai-codex --model gpt-5.5 -- bun ~/case/src/index.ts"
    )
    assert lines[lines.index("next") + 1 :] == [unblock, name_host, run]
    asked = shlex.split(run)
    assert store.run("gate", *asked[asked.index("--admission-file") : asked.index("--")]).returncode == 0
    assert store.done("status").splitlines()[-1] == f"next      {name_host}"
    store.done(*name_host.split()[1:])
    assert store.done("status").splitlines()[-1] == f"next      {run}"
    still = store.done(*unblock.split()[1:])
    assert "CTO-WORK-020 stays blocked:" in still
    assert still.splitlines()[-1] == f"next    {run}"


@pytest.mark.decided
def test_a_run_is_named_from_the_folder_that_one_stands_in(store: Repository) -> None:
    store.done("config", f"networks.{CLASSES[1]}", "--add", "chatgpt.com")
    said = Repository(store.path / ".sot/02-ISSUES").done("status")
    assert " --admission-file ../03-PROTOCOLS/" in said


@pytest.mark.decided
def test_the_variables_of_the_gate_are_shown_with_the_admission(store: Repository) -> None:
    lines = [line.strip() for line in store.done("admission", "show").splitlines()]
    exported = [line.removeprefix("export ") for line in lines if line.startswith("export ")]
    assert store.run("gate", **dict(line.split("=", 1) for line in exported)).returncode == 0


def test_a_refused_commit_keeps_the_answers(store: Repository) -> None:
    store.write(".git/hooks/prepare-commit-msg", "#!/bin/sh\necho not today >&2; exit 1\n").chmod(0o755)
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS))
    terminal.wait("? What now?")
    terminal.press("down", "enter")
    terminal.answer("? Type openai-codex/gpt-5.5", "openai-codex/gpt-5.5", "enter")
    assert terminal.finish() == 1
    assert "not today" in terminal.history
    assert "sotctl resume" in terminal.history
    (store.path / ".git/hooks/prepare-commit-msg").unlink()
    terminal = Terminal(store.path, "resume")
    terminal.wait("? What now?")
    terminal.press("down", "enter")
    terminal.answer("? Type openai-codex/gpt-5.5", "openai-codex/gpt-5.5", "enter")
    assert terminal.finish() == 0


@pytest.mark.decided
def test_a_second_decision_supersedes_the_first_by_itself(store: Repository) -> None:
    terminal = begin(store)
    terminal.wait("? Decision")
    assert "will supersede CTO-WORK-020-DR-001" in terminal.history
    terminal.press("up")
    terminal.wait("> not_decided")
    terminal.press("enter")
    terminal.answer("? Review trigger", "enter")
    terminal.answer("? Evidence sources 1", "enter")
    terminal.answer("? Evidence sources 2", "enter")
    terminal.answer("? Rationale", "enter")
    terminal.wait("Record it: type not_decided")
    said = " ".join(terminal.history.split())
    assert "Supersedes CTO-WORK-020-DR-001 and revokes openai-codex/gpt-5.5: nothing may run." in said
    terminal.press("down", "enter")
    terminal.answer("? Type not_decided", "not_decided", "enter")
    assert terminal.finish() == 0
    assert json.loads(store.read(ADMISSION_PATH))["status"] == "revoked"
    assert b"status: superseded" in store.read(RECORD_PATH)


@pytest.mark.needs("ssh-keygen")
@pytest.mark.parametrize("signs", [True, False])
def test_a_signature_is_offered_where_a_key_is_configured(store: Repository, tmp_path: Path, signs: bool) -> None:
    key = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "jp", "-f", str(key)], check=True)
    terminal = Terminal(
        store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), rows=40, SOTCTL_SIGNING_KEY=str(key)
    )
    terminal.answer("? What now?", "down", "enter")
    terminal.answer("? Type openai-codex/gpt-5.5", "openai-codex/gpt-5.5", "enter")
    terminal.answer("Sign the admission with id?", *(["down"] if signs else []), "enter")
    assert terminal.finish() == 0
    assert (store.path / f"{ADMISSION_PATH}.sig").exists() is signs
    assert store.git("rev-list", "--count", "HEAD").strip() == "2"
    assert store.git("status", "--porcelain") == ""
    if signs:
        (tmp_path / "allowed").write_text(f"JP {key.with_suffix('.pub').read_text()}")
        store.done("admission", "verify", SOTCTL_ALLOWED_SIGNERS=str(tmp_path / "allowed"))


def test_answers_in_json_may_hold_any_character(store: Repository) -> None:
    answers = {**yaml.safe_load(ANSWERS.read_text()), "rationale": "Agreed \U0001f642"}
    done = store.run("decide", "CTO-WORK-020", "--answers", "-", "--yes", stdin=json.dumps(answers, default=str))
    assert done.returncode == 0, done.stderr
    assert "Agreed \U0001f642" in store.read(".sot/01-DECISIONS/CTO-WORK-020-DR-001.md").decode()
