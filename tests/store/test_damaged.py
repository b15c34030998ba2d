"""What sotctl keeps in the git directory is damaged: a sentence that names the file, or no trouble at all."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from samples import Repository
from terminal import Terminal

pytestmark = pytest.mark.slow  # each takes little, all together take long

MOVE = ("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
EMPTY = '"made": [], "commits": true, "subject": "x"'
JOURNALS = [
    "",
    "{",
    "[]",
    "null",
    "\N{BROKEN BAR}",
    f'{{"before": {{}}, {EMPTY}}}',
    f'{{"before": {{"a": 1}}, "after": {{"a": 1}}, {EMPTY}}}',
    f'{{"before": {{"a": "!"}}, "after": {{"a": "!"}}, {EMPTY}}}',
    f'{{"before": {{}}, "after": {{"a": ""}}, {EMPTY}}}',
    f'{{"before": {{}}, "after": {{}}, {EMPTY.replace("true", "1")}}}',
    f'{{"before": {{}}, "after": {{}}, {EMPTY.replace("[]", "[1]")}}}',
]
DRAFTS = ["", "{", "[]", "null", '{"provider": 5}', '{"(open)": {}}', '{"fallback": [{"provider": 1}]}']


def journal(store: Repository, text: str) -> Path:
    return store.write(".git/sotctl/journal.json", text.encode("latin-1"))


@pytest.mark.parametrize("text", JOURNALS)
def test_a_damaged_journal_is_named_where_something_may_be_half_done(store: Repository, text: str) -> None:
    store.write(".sot/04-EVIDENCE/half.md", "half done\n")
    path = journal(store, text)
    for verb in (("issue", "list"), MOVE):
        done = store.run(*verb)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith(f"error: {path} is damaged, so what a command that was cut off left half done")
        assert f"then rm -r {path}\n" in done.stderr
    assert path.exists()


@pytest.mark.parametrize("text", JOURNALS)
def test_a_damaged_journal_goes_where_everything_is_as_committed(store: Repository, text: str) -> None:
    path = journal(store, text)
    done = store.run(*MOVE)
    assert done.returncode == 0
    assert "nothing was half done" in done.stderr
    assert not path.exists()


def test_a_file_that_git_ignores_may_be_half_done_too(store: Repository) -> None:
    store.write(".git/info/exclude", "half.md\n")
    store.write(".sot/04-EVIDENCE/half.md", "half done\n")
    journal(store, "")
    assert store.run("issue", "list").returncode == 3


def test_a_folder_in_place_of_the_journal_is_named(store: Repository) -> None:
    (store.path / ".git/sotctl/journal.json").mkdir(parents=True)
    done = store.run("issue", "list")
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    assert "journal.json is damaged" in done.stderr


@pytest.mark.parametrize("text", DRAFTS)
def test_damaged_answers_are_named_and_kept(store: Repository, text: str) -> None:
    path = store.write(".git/sotctl/drafts/CTO-WORK-020.json", text)
    terminal = Terminal(store.path, "resume")
    assert terminal.finish() == 3
    assert "the answers kept for CTO-WORK-020 cannot be read" in terminal.screen
    assert path.read_text() == text


@pytest.mark.parametrize("name", ["lock", "index", "commit.events", "index.token", ".journal.json.sotctl-new"])
def test_a_folder_in_place_of_a_file_is_named_and_nothing_is_changed(store: Repository, name: str) -> None:
    folder = store.path / ".git/sotctl" / name
    folder.unlink(missing_ok=True)
    folder.mkdir(parents=True)
    done = store.run(*MOVE)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    assert str(folder) in done.stderr
    assert store.git("rev-list", "--count", "HEAD") == "1\n"


def test_a_file_in_place_of_the_folder_is_named(store: Repository) -> None:
    store.write("other", "")
    folder = store.path / ".git/sotctl"
    if folder.is_dir():
        folder.rename(store.path / ".git/away")
    folder.write_text("")
    for verb in (("issue", "list"), MOVE):
        done = store.run(*verb)
        assert done.returncode == 3
        assert done.stderr.startswith(f"error: {folder} is no folder")


@pytest.mark.long
def test_what_a_lock_holds_is_only_ever_words(store: Repository) -> None:
    path = store.write(".git/sotctl/lock", b"\x1b[31m\x00 no words")
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = store.run(*MOVE)
    assert (done.returncode, "locked by [31m no words" in done.stderr, "\x1b" in done.stderr) == (3, True, False)


def test_every_command_takes_the_rules_that_are_kept(store: Repository, tmp_path: Path) -> None:
    cache = tmp_path / "cache/sotctl/secrets.hs"
    store.write("large.txt", " ".join(f"{number * number:x}" for number in range(1 << 18)))  # nothing repeats itself
    store.git("add", "large.txt")
    for verb in (("check", "--staged"), ("check", "--all"), ("scan", "large.txt")):
        assert store.spawn(*verb, XDG_CACHE_HOME=str(tmp_path / "cache")).returncode == 0
        assert cache.stat().st_size > 100_000, verb
        cache.unlink()


@pytest.mark.parametrize("kept", [b"garbage", None], ids=["garbage", "folder"])
def test_a_database_that_does_not_load_is_built_again(store: Repository, kept: bytes | None, tmp_path: Path) -> None:
    cache = tmp_path / "cache/sotctl/secrets.hs"
    store.write("large.txt", "word " * (1 << 20))
    assert store.spawn("scan", ".", XDG_CACHE_HOME=str(tmp_path / "cache")).returncode == 0
    whole = cache.read_bytes()
    cache.unlink()
    if kept is None:
        cache.mkdir()
    else:
        cache.write_bytes(kept)
    assert store.spawn("scan", ".", XDG_CACHE_HOME=str(tmp_path / "cache")).returncode == 0
    assert kept is None or cache.read_bytes() == whole
