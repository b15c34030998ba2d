"""What sotctl prints holds no secret, wherever one was put."""

from __future__ import annotations

import pytest

from samples import ADMISSION_PATH, TOKEN, Repository

FORMS = ["text", "json", "sarif", "github"]


@pytest.mark.parametrize("arguments", [["issue", "list"], ["issue", "list", "--json"], ["check", "--all", "--json"]])
@pytest.mark.parametrize("place", [TOKEN, f"/{TOKEN}/store", f"made/{TOKEN}", f"linked/{TOKEN}"])
def test_the_path_of_a_store(store: Repository, arguments: list[str], place: str) -> None:
    (store.path.parent / "made" / TOKEN).mkdir(parents=True)
    (store.path.parent / "linked" / TOKEN).mkdir(parents=True)
    (store.path.parent / "linked" / TOKEN / ".sot").symlink_to(store.path)
    done = store.run(*arguments, SOTCTL_STORE=f"../{place}" if "/" in place else place)
    assert (done.returncode, TOKEN in done.stdout + done.stderr) == (3, False)
    assert "withheld" in done.stderr


@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.decided
def test_the_requested_pair(store: Repository, form: list[str]) -> None:
    pair = {"CTO_HARNESS_CASE_MODEL_PROVIDER": "openai-codex", "CTO_HARNESS_CASE_MODEL": TOKEN}
    shown = store.done("issue", "show", "CTO-WORK-020", *form, **pair)
    assert ("openai-codex/(withheld" in " ".join(shown.split()), TOKEN in shown) == (True, False)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", [f"{TOKEN}/f", f"a/{TOKEN}/b/f", f"a/{TOKEN}/{TOKEN}"])
def test_the_folder_of_a_scanned_file(store: Repository, path: str, form: str) -> None:
    store.write(path, "x\n")
    for where in (".", store.path.as_posix(), path):
        done = store.run("scan", where, "--format", form)
        assert (done.returncode, TOKEN in done.stdout) == (2 if where == path else 1, False), done.stderr
        assert ("title=secret" if form == "github" else "withheld") in done.stdout or where == path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "path", [f".sot/01-DECISIONS/{TOKEN}.md", f".sot/02-ISSUES/{TOKEN}.md", ADMISSION_PATH.replace("gpt-5.5", TOKEN)]
)
def test_the_path_that_several_findings_name(store: Repository, path: str, form: str) -> None:
    store.write(path, "---\nkind: nothing\n---\n")
    done = store.run("check", "--all", "--format", form)
    assert (done.returncode, TOKEN in done.stdout + done.stderr) == (1, False)
    assert ("title=secret" if form == "github" else "withheld") in done.stdout
    listed = store.run("issue", "list", "--json")
    assert TOKEN not in listed.stdout + listed.stderr
