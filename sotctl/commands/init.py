"""Create the store in this repository and install the hooks."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.decisions.beginning import first_files
from sotctl.documents import layout
from sotctl.documents.quote import shown
from sotctl.durable import write_durably
from sotctl.errors import Command, SotError
from sotctl.git.repository import Git
from sotctl.hooks.install import install
from sotctl.hooks.work_trees import install_in_others
from sotctl.report.terminal import wrapped
from sotctl.result import Result
from sotctl.store.absent import not_checked_out
from sotctl.store.store import work_tree_of

ATTRIBUTES = b"# An admission is compared byte for byte: git must not convert its line ends.\n*.json -text\n"


GROUP = "set up"


@verb(example="sotctl init")
@click.option("--no-hooks", is_flag=True, help="Leave the git hooks out.")
def command(app: App, no_hooks: bool) -> Result:
    """Create the missing parts of the store and install the hooks.

    At a terminal a new store begins with your answers: who approves, and a first issue to edit. Files that are there
    are left as they are, and nothing is committed.
    """
    named = app.store_path or os.environ.get("SOTCTL_STORE")
    top = work_tree_of(Path(named) if named else Path.cwd())
    store = (Path(named).resolve() if named else _nearest(Path.cwd().resolve(), top)) / layout.STORE
    if store.is_symlink():
        raise SotError(f"{store} is a link, and a store is a folder", hint=f"rm {store}, then sotctl init")
    git, where = Git(top), store.relative_to(top).as_posix()
    if (error := not_checked_out(top, where)) is not None:
        raise error
    first = _first_files(app, git, store, where)
    created = [*_create(store), *_write(top, first)]
    statuses = [] if no_hooks else install(git)
    bare = [] if no_hooks else [tree.message for tree in install_in_others(git) if not tree.is_guarded]
    if ignored := _ignored(git, store):
        path = ignored.relative_to(top).as_posix()
        what = f"git ignores files such as {path}, so they cannot be committed"
        raise SotError(what, hint=Command(f"git check-ignore -v --no-index {path}"))
    hooks = [status.name for status in statuses]
    is_changed = bool(git.output("status", "--porcelain", "--untracked-files=all", "--", where))
    has_issues = any((store / layout.ISSUES).glob("*.md"))
    return Result(
        type="sotctl.init/v1",
        values={
            "store": where,
            "created": created,
            "hooks": {status.name: status.state for status in statuses},
            "ignored": False,
        },
        text="\n".join([_text(where, created, hooks, has_issues=has_issues, is_changed=is_changed), *map(shown, bare)]),
    )


def _first_files(app: App, git: Git, store: Path, where: str) -> Mapping[str, bytes]:
    """The first files of a store that is new, as a person at a terminal answers; none elsewhere."""
    is_new = not (store / layout.CONFIGURATION).exists() and not any((store / layout.ISSUES).glob("*.md"))
    if not is_new or app.as_json or not sys.stdin.isatty():
        return {}
    from sotctl.prompts.beginning import ask_beginning

    user = git.run("config", "user.name").stdout.decode("utf-8", "replace").strip()
    return first_files(where, ask_beginning(user), now=app.now)


def _write(top: Path, files: Mapping[str, bytes]) -> list[str]:
    for path, data in files.items():
        write_durably(top / path, data)
    return list(files)


def _nearest(start: Path, top: Path) -> Path:
    """The nearest folder upwards from *start* that holds a store, or else the top of the work tree."""
    above = (folder for folder in (start, *start.parents) if folder.is_relative_to(top))
    return next((folder for folder in above if (folder / layout.STORE).is_dir()), top)


def _ignored(git: Git, store: Path) -> Path | None:
    """A file that a store holds and that an ignore rule hides, if there is one."""
    kinds = {
        layout.DECISIONS: ["x.md"],
        layout.ISSUES: ["x.md"],
        layout.PROTOCOLS: ["x.json", "x.json.sig"],
        layout.EVIDENCE: ["x.md"],
        layout.TEMPLATES: ["x.md", "x.schema.json"],
    }
    names = [layout.CONFIGURATION, *(f"{folder}/{name}" for folder, some in kinds.items() for name in some)]
    hidden = (store / name for name in names if git.succeeds("check-ignore", "-q", "--no-index", str(store / name)))
    return next(hidden, None)


def _create(store: Path) -> list[str]:
    created = []
    try:
        for name in layout.DIRECTORIES:
            if not (store / name).is_dir():
                (store / name).mkdir(parents=True)
                created.append(f"{store.name}/{name}/")
        if not (store / ".gitattributes").exists():
            (store / ".gitattributes").write_bytes(ATTRIBUTES)
            created.append(f"{store.name}/.gitattributes")
    except OSError as error:
        raise SotError(f"cannot write {error.filename}: {error.strerror}") from error
    return created


def _text(where: str, created: list[str], hooks: list[str], *, has_issues: bool, is_changed: bool) -> str:
    lines = [f"store   {where}" + ("" if created else " (was there; nothing changed)")]
    lines += wrapped(", ".join(created), "created ") if created else []
    lines += wrapped(", ".join(hooks), "hooks   ") if hooks else []
    commit = f'git add {where} && git commit -m "Add the store" && ' if is_changed else ""
    after = "status" if has_issues else 'issue new WORK-001 "A title"'
    return "\n".join([*lines, f"next    {commit}sotctl {after}"])
