"""Commit what is staged, with the findings shown before the message is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.checks.changes import staged_change
from sotctl.checks.run import check_change
from sotctl.findings import refuses
from sotctl.git.held import await_locks, commit_locks
from sotctl.git.repository import Git, GitMissingError, Objects
from sotctl.git.uncommitted import ACCOUNT_VARIABLE, commit_status
from sotctl.hooks.refusal import report
from sotctl.result import Result
from sotctl.store.store import work_tree_of

GROUP = "check"


@verb(example="sotctl commit\nsotctl commit -- --signoff", store=False)
@click.option("--message", "-m", metavar="TEXT", help="The message; without it, git opens the editor.")
@click.argument("git_options", nargs=-1, metavar="[-- GIT OPTIONS]", type=click.UNPROCESSED)
def command(app: App, message: str | None, git_options: tuple[str, ...]) -> Result:
    """Check what is staged, and run `git commit` if there is no error.

    A refusal comes before the message is written, so that none is lost. The hooks check the commit again.
    """
    os.chdir(work_tree_of(Path.cwd()))
    git = Git(".")
    await_locks(commit_locks(git))
    objects = Objects(git)
    try:
        findings = check_change(staged_change(git, objects, now=app.now))
    finally:
        objects.close()
    report(git, findings, "this commit")
    status = 1 if refuses(findings) else _commit(message, git_options, quiet=app.as_json)
    head = git.commit() if status == 0 else None
    return Result(
        type="sotctl.commit/v1",
        values={"commit": head, "findings": [finding.to_json() for finding in findings]},
        exit_code=status,
    )


command.context_settings = {"ignore_unknown_options": True}


def _commit(message: str | None, options: tuple[str, ...], *, quiet: bool) -> int:
    """Run `git commit` on this terminal; with *quiet* its output goes to stderr."""
    given = [*(["-m", message] if message is not None else []), *(["--quiet"] if quiet else []), *options]
    sys.stdout.flush()
    # `--quiet` does not silence git where nothing is staged.
    stdout = sys.stderr.fileno() if quiet else None
    with TemporaryDirectory(prefix="sotctl-") as folder:
        account = Path(folder) / "commit.events"
        environment = {**os.environ, ACCOUNT_VARIABLE: str(account)}
        try:
            status = subprocess.run(["git", "commit", *given], stdout=stdout, env=environment, check=False).returncode
        except FileNotFoundError:
            raise GitMissingError from None
        return commit_status(status, account)
