"""Scripts, hooks and bad input: what is refused, with which exit code, and that nothing is shown or left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from samples import ADMISSION_PATH, ANSWERS, RECORD_PATH, REFERENCE, REFERENCE_PATH, TOKEN, Repository
from sotctl.documents.strict_yaml import parse_mapping, plain

pytestmark = pytest.mark.slow  # each takes little, all together take long


def test_the_decision_of_cto_work_027_from_an_answers_file(empty: Repository) -> None:
    """The whole of it on a repository that holds only the reference document."""
    empty.write(REFERENCE_PATH, REFERENCE)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "The document")
    assert empty.done("check", "--all").startswith("no findings")
    assert empty.decide().returncode == 0
    admission = json.loads(empty.read(ADMISSION_PATH))
    assert [admission[name] for name in ("status", "provider", "model", "approval_source")] == [
        "admitted", "openai-codex", "gpt-5.5", "JP chat approval on 2026-05-31",
    ]  # fmt: skip
    assert empty.git("rev-list", "--count", "HEAD").strip() == "2"
    assert empty.git("status", "--porcelain") == ""
    assert empty.read(REFERENCE_PATH) == REFERENCE
    issues = json.loads(empty.done("issue", "list", "--json"))["issues"]
    assert [issue["status"] for issue in issues if issue["id"] == "CTO-WORK-020"] == ["blocked"]
    assert empty.run("check", "--range", "HEAD").returncode == 0


def test_without_a_terminal_every_missing_field_is_named_at_once(store: Repository) -> None:
    done = store.run("decide", "CTO-WORK-020")
    assert done.returncode == 2
    for name in ("decision_status", "provider_class", "provider", "model", "approval_source", "credential_source_class",
                 "allowed_network_class", "review_trigger", "evidence_sources"):  # fmt: skip
        assert f"`{name}` is missing" in done.stderr


def test_complete_answers_without_yes_are_not_an_approval(store: Repository) -> None:
    done = store.run("decide", "CTO-WORK-020", "--answers", str(ANSWERS))
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert not (store.path / RECORD_PATH).exists()


def test_answers_come_from_stdin_and_from_options(store: Repository) -> None:
    done = store.run(
        "decide",
        "CTO-WORK-020",
        "--answers",
        "-",
        "--yes",
        "--set",
        "model=gpt-5.6",
        "--json",
        stdin=ANSWERS.read_text(),
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["type"], result["model"], result["record_id"]) == (
        "sotctl.decide/v1",
        "gpt-5.6",
        "CTO-WORK-020-DR-001",
    )
    assert result["commit"] == store.git("rev-parse", "HEAD").strip()
    assert result["blocked_by"] != []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("modle: gpt-5.5\n", "did you mean `model`?"),
        ("model: no\n", "yaml-ambiguous"),
        ("model: [\n", "yaml-invalid"),
        ("provider: a\nmodel: no\n", "answers.yaml, line 2 of the answers: "),
        ("just text\n", "answers.yaml: the answers are not a list of `field: value` lines"),
        ("model: a\nmodel: b\n", "yaml-duplicate-key"),
        ("approval_source: TBD\n", "`approval_source` names no approval"),
        ("effect: something else\n", "`effect` must be exactly"),
    ],
)
def test_a_bad_answers_file_is_a_sentence(store: Repository, text: str, words: str) -> None:
    store.write("answers.yaml", text)
    done = store.run("decide", "CTO-WORK-020", "--answers", "answers.yaml", "--yes")
    assert done.returncode == 2
    assert words in done.stderr


def test_a_secret_in_answers_options_or_files_is_never_shown_or_kept(store: Repository) -> None:
    store.write("answers.yaml", ANSWERS.read_text().replace("Hermes commit", TOKEN))
    for done in (
        store.run("decide", "CTO-WORK-020", "--answers", "answers.yaml", "--yes"),
        store.run("decide", "CTO-WORK-020", "--set", f"model={TOKEN}"),
        store.run("issue", "show", TOKEN),
        store.run("admission", "revoke", "--reason", TOKEN),
        store.run("check", "--format", TOKEN),
    ):
        assert done.returncode == 2
        assert "secret" in done.stderr
        assert TOKEN not in done.stdout + done.stderr
    assert not [
        path for path in (store.path / ".git").rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()
    ]


def test_a_commit_with_a_secret_is_refused_and_what_remains_is_told(store: Repository) -> None:
    store.write("config.txt", f"token {TOKEN}\n")
    store.git("add", "-A")
    done = store.try_git("commit", "-m", "Add configuration")
    assert done.returncode == 1
    assert "config.txt:1:7" in done.stderr
    assert "git restore --staged config.txt" in done.stderr
    assert TOKEN not in done.stderr


def test_the_blob_decides_not_the_work_tree(store: Repository) -> None:
    store.write("config.txt", f"token {TOKEN}\n")
    store.git("add", "-A")
    store.write("config.txt", "clean\n")
    assert store.try_git("commit", "-m", "x").returncode == 1
    store.git("add", "-A")
    store.write("config.txt", f"token {TOKEN}\n")
    assert store.try_git("commit", "-m", "x").returncode == 0


def test_a_secret_in_a_message_is_refused(store: Repository) -> None:
    store.write("a.txt", "a\n")
    store.git("add", "-A")
    done = store.try_git("commit", "-m", f"Use {TOKEN}")
    assert (done.returncode, TOKEN in done.stderr) == (1, False)


@pytest.mark.parametrize("path", [RECORD_PATH, ADMISSION_PATH])
@pytest.mark.decided
def test_a_commit_that_drops_the_approval_is_refused(store: Repository, path: str) -> None:
    store.write(path, store.read(path).replace(b"JP chat approval on 2026-05-31", b"TBD"))
    store.git("add", "-A")
    done = store.try_git("commit", "-m", "x")
    assert (done.returncode, "approval-source-missing" in done.stderr) == (1, True)


def test_check_reports_as_json_with_the_promised_keys(store: Repository) -> None:
    store.write(REFERENCE_PATH, REFERENCE.replace(b"Status: blocked.", b"Status: Blocked."))
    done = store.run("check", "--all", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["type"] == "sotctl.check/v1"
    assert [(list(finding), finding["rule"], finding["line"]) for finding in report["findings"]] == [
        (["rule", "severity", "path", "line", "column", "message", "fix"], "issue-status-unknown", 36)
    ]


def test_outside_a_repository_and_without_a_store_there_is_a_sentence(tmp_path: Path, empty: Repository) -> None:
    (tmp_path / "plain").mkdir()
    plain = Repository(tmp_path / "plain")
    for verb in (["decide", "CTO-WORK-020"], ["check", "--all"], ["issue", "list"], ["admission", "list"], ["resume"]):
        done = plain.run(*verb)
        assert (done.returncode, "sotctl init" in done.stderr) == (3, True)
        assert empty.run(*verb).returncode == 3
    assert "git init" in plain.run("init").stderr
    assert plain.run("schema").returncode == 0
    assert plain.run("explain").returncode == 0
    assert "  Asks  The requested model is the admitted one.\n" in plain.run("explain", "other-model").stdout
    assert plain.run("explain", "mismatch").returncode == 0


def test_a_bare_repository_is_a_sentence(tmp_path: Path, empty: Repository) -> None:
    empty.git("init", "-q", "--bare", str(tmp_path / "bare"))
    done = Repository(tmp_path / "bare").run("init")
    assert (done.returncode, "bare" in done.stderr) == (3, True)
    for arguments in (["issue", "list"], ["--store", ".", "check", "--all"]):
        done = Repository(tmp_path / "bare").run(*arguments)
        assert done.returncode == 3
        assert "this is a bare repository" in done.stderr
        assert "hint: run it in a clone" in done.stderr


def test_init_says_when_git_ignores_the_store(empty: Repository) -> None:
    empty.write(".gitignore", ".sot/\n")
    done = empty.run("init")
    assert (done.returncode, "git ignores files such as .sot/" in done.stderr) == (3, True)


@pytest.mark.parametrize("rule", ["*.json", "01-DECISIONS/", "*.toml", "*.sig", ".sot/templates"])
def test_init_says_when_git_ignores_a_part_of_the_store(empty: Repository, rule: str) -> None:
    empty.write(".gitignore", f"{rule}\n")
    done = empty.run("init")
    assert (done.returncode, "git ignores files such as .sot/" in done.stderr) == (3, True)


def test_init_makes_no_store_behind_a_link(empty: Repository) -> None:
    (empty.path / "elsewhere").mkdir()
    (empty.path / ".sot").symlink_to("elsewhere")
    done = empty.run("init")
    assert (done.returncode, "is a link" in done.stderr) == (3, True)
    assert list((empty.path / "elsewhere").iterdir()) == []


def test_a_repository_inside_a_store_is_a_finding(store: Repository) -> None:
    (store.path / ".sot/02-ISSUES/inner").mkdir()
    store.git("init", "-q", ".sot/02-ISSUES/inner")
    store.write(".sot/02-ISSUES/inner/a.md", "no document\n")
    found = json.loads(store.run("check", "--all", "--json").stdout)["findings"]
    assert [(finding["rule"], finding["path"]) for finding in found] == [("store-link", ".sot/02-ISSUES/inner")]


@pytest.mark.parametrize("name", ["GIT_AUTHOR_NAME", "GIT_COMMITTER_EMAIL"])
def test_a_secret_in_the_name_of_who_commits_is_refused_without_hooks_too(store: Repository, name: str) -> None:
    head = store.git("rev-parse", "HEAD")
    done = store.run("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "again", **{name: TOKEN})
    assert (done.returncode, "looks like a secret" in done.stderr, TOKEN in done.stdout + done.stderr) == (
        1,
        True,
        False,
    )
    assert (store.git("rev-parse", "HEAD"), store.git("status", "--porcelain")) == (head, "")


def test_init_touches_nothing_that_is_there(store: Repository) -> None:
    store.write(".sot/.gitattributes", "mine\n")
    before = store.git("rev-parse", "HEAD")
    assert "nothing changed" in store.done("init")
    assert store.read(".sot/.gitattributes") == b"mine\n"
    assert store.git("rev-parse", "HEAD") == before


def test_hooks_run_what_was_there_first_and_uninstall_puts_it_back(empty: Repository) -> None:
    mine = empty.write(".git/hooks/pre-commit", "#!/bin/sh\necho mine >> ran\n")
    mine.chmod(0o755)
    empty.done("init")
    empty.write("a.txt", "a\n")
    empty.git("add", "a.txt")
    empty.git("commit", "-qm", "a")
    assert empty.read("ran") == b"mine\n"
    empty.done("hooks", "uninstall")
    assert mine.read_text() == "#!/bin/sh\necho mine >> ran\n"
    assert empty.run("hooks", "status").returncode == 1


def test_a_store_inside_a_folder_and_a_working_directory_inside_the_store(empty: Repository) -> None:
    empty.write(f"docs/{REFERENCE_PATH}", REFERENCE)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "x")
    inside = Repository(empty.path / "docs/.sot/02-ISSUES")
    assert inside.decide().returncode == 0
    assert (empty.path / "docs" / ADMISSION_PATH).exists()
    assert "CTO-WORK-020" in empty.done("issue", "list", "--store", "docs")
    assert "CTO-WORK-020" in empty.done("issue", "list", SOTCTL_STORE="docs/.sot")


def test_a_detached_head_can_decide(store: Repository) -> None:
    store.git("checkout", "-q", "--detach")
    assert store.decide().returncode == 0


@pytest.mark.parametrize(
    "arguments", [["issue", "list"], ["explain"], ["--help"], ["schema", "admission"], ["check", "--all"]]
)
def test_a_reader_that_leaves_early_is_no_error(store: Repository, arguments: list[str]) -> None:
    command = f"{sys.executable} -m sotctl {' '.join(arguments)} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=store.path, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_locale_without_utf8_prints_all_the_same(store: Repository) -> None:
    done = store.run("schema", "provider-decision", LC_ALL="en_US.ISO-8859-1", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_broken_configuration_is_named_with_line_and_suggestion(store: Repository) -> None:
    store.write(".sot/sot.toml", '[store]\nowner = "jp"\n\n[approval]\naprovers = ["JP"]\n')
    done = store.run("check", "--all")
    assert (done.returncode, ".sot/sot.toml:5:1" in done.stdout) == (1, True)
    assert "did you mean `approvers`?" in done.stdout
    assert store.run("decide", "CTO-WORK-020").returncode == 1


def test_an_interrupted_command_and_a_bug_have_their_own_exit_codes(store: Repository) -> None:
    script = "import sys; from sotctl import cli; cli.cli.invoke = lambda context: 1 / 0; sys.exit(cli.run(['check']))"
    done = subprocess.run([sys.executable, "-c", script], cwd=store.path, capture_output=True, text=True, check=False)
    assert (done.returncode, "ZeroDivisionError" in done.stderr) == (4, True)


@pytest.mark.decided
def test_a_merge_that_takes_the_other_side_cannot_undo_a_revocation(store: Repository) -> None:
    store.git("branch", "side")
    store.done("admission", "revoke", "--reason", "leaked")
    store.git("checkout", "-q", "side")
    store.write("z.txt", "z\n")
    store.git("add", "z.txt")
    store.git("commit", "-qm", "z")
    done = store.try_git("merge", "-s", "ours", "-m", "ours", "main")
    assert (done.returncode != 0, "also not by a merge" in done.stderr) == (True, True), done.stderr
    store.git("merge", "--abort") if (store.path / ".git/MERGE_HEAD").exists() else None
    store.git("merge", "-q", "-m", "merged", "main")
    assert b'"revoked"' in store.read(ADMISSION_PATH)


@pytest.mark.decided
def test_a_committed_admission_elsewhere_is_not_admitted(store: Repository) -> None:
    store.write("old/adm.json", store.read(ADMISSION_PATH))
    (store.path / "old/adm.json").chmod(0o644)
    store.git("add", "-A")
    store.git("commit", "-qm", "A copy")
    pair = ("--provider", "openai-codex", "--model", "gpt-5.5", "--json")
    assert (
        json.loads(store.run("gate", "--admission-file", "old/adm.json", *pair).stdout)["reason"]
        == "admission-misplaced"
    )
    assert json.loads(store.run("gate", "--admission-file", ADMISSION_PATH, *pair).stdout)["reason"] == "admitted"


@pytest.mark.decided
def test_a_second_decision_names_its_own_admission_and_history_both(store: Repository) -> None:
    done = store.decide("--set", "supersedes=CTO-WORK-020-DR-001", "--set", "model=gpt-5.6", "--json")
    assert json.loads(done.stdout)["admission"] == ADMISSION_PATH.replace("5.5", "5.6")
    events = [event["what"] for event in json.loads(store.done("history", "CTO-WORK-020", "--json"))["events"]]
    assert sum("external_provider_approved" in event for event in events) == 2
    assert any(event.startswith("CTO-WORK-020-DR-002") for event in events)


@pytest.mark.parametrize("revisions", ["mian..HEAD", "HEAD...mian", "mian"])
def test_a_mistyped_revision_is_named(store: Repository, revisions: str) -> None:
    done = store.run("check", "--range", revisions)
    assert done.returncode == 2
    assert "there is no commit `mian`" in done.stderr
    assert "shallow" not in done.stderr


def test_in_a_shallow_clone_a_commit_may_be_missing(store: Repository, tmp_path: Path) -> None:
    store.git("commit", "--allow-empty", "-qm", "Another")
    store.git("clone", "-q", "--depth=1", f"file://{store.path}", str(tmp_path / "clone"))
    done = Repository(tmp_path / "clone").run("check", "--range", "HEAD~1..HEAD")
    assert done.returncode == 3
    assert "--unshallow" in done.stderr


def test_no_hint_gives_a_field_that_does_not_exist(store: Repository) -> None:
    unknown = store.decide("--set", "foo=1", "--set", "modle=x")
    assert unknown.returncode == 2
    assert "did you mean `model`?" in unknown.stderr
    assert "hint: sotctl schema provider-decision lists the fields" in unknown.stderr
    missing = store.run("decide", "CTO-WORK-020", "--set", "foo=1")
    assert "`foo` is not a field" in missing.stderr
    assert "--set foo=" not in missing.stderr
    assert "--set decision_status=…" in missing.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("just text\n", "(standard input): the answers are not a list"),
        ("model: [\n", "(standard input), line 2 of the answers: not valid YAML"),
    ],
)
def test_bad_answers_from_standard_input_are_called_so(store: Repository, text: str, words: str) -> None:
    done = store.run("decide", "CTO-WORK-020", "--answers", "-", "--yes", stdin=text)
    assert done.returncode == 2
    assert words in done.stderr
    assert "frontmatter" not in done.stderr


def test_answers_may_be_json_with_any_character(store: Repository) -> None:
    """An emoji escaped as JSON has it is a pair of surrogates, which YAML does not know."""
    values = {**plain(parse_mapping(ANSWERS.read_text())), "rationale": "Good \U0001f600"}
    done = store.run("decide", "CTO-WORK-020", "--answers", "-", "--yes", stdin=json.dumps(values))
    assert done.returncode == 0, done.stderr
    assert "Good \U0001f600" in store.read(RECORD_PATH).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"model": "a", "model": "b"}', "json-duplicate-key"),
        ('{"model": "a"} x', "json-trailing"),
        ('{"model": "a",\n"provider": [}', "line 2 of the answers"),
        ("{model: no}", "line 1 of the answers"),
        ("{modle: a}", "did you mean `model`?"),
        ('{"rationale": ["a"]}', "`rationale` must be text"),
    ],
)
def test_bad_json_answers_are_a_sentence(store: Repository, text: str, words: str) -> None:
    done = store.run("decide", "CTO-WORK-020", "--answers", "-", "--yes", stdin=text)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("reason", ["", " ", "two\nlines", "red \x1b[31m"])
@pytest.mark.decided
def test_a_revocation_says_why_on_one_line(store: Repository, reason: str) -> None:
    done = store.run("admission", "revoke", "--reason", reason)
    assert (done.returncode, "reason" in done.stderr) == (2, True), done.stderr
    assert b'"admitted"' in store.read(ADMISSION_PATH)


def test_what_is_no_file_is_no_document(store: Repository) -> None:
    os.mkfifo(store.path / ".sot/02-ISSUES/p.md")
    before = json.loads(store.done("check", "--all", "--json"))
    (store.path / ".sot/02-ISSUES/p.md").unlink()
    assert json.loads(store.done("check", "--all", "--json")) == before


def test_check_reads_of_a_message_what_the_hook_reads(store: Repository) -> None:
    """What git tells in the comments of a message that is edited is no part of it."""
    store.write("m", f"Subject\n# renamed: {TOKEN}.txt\n")
    assert store.run("check", "--message", "m").returncode == 0
    assert store.run("check", "--message", "m", GIT_EDITOR=":").returncode == 1
    store.git("config", "core.commentChar", ";")
    assert store.run("check", "--message", "m").returncode == 1
