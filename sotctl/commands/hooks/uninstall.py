"""Remove the git hooks and restore those that were there before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.commands.hooks.status import hooks_result, place_of, repository_option
from sotctl.hooks.install import OURS, status, uninstall
from sotctl.result import Result


@verb(example="sotctl hooks uninstall", store=False)
@repository_option
def command(app: App, repo: Path | None) -> Result:
    """Remove the hooks and restore those that they were chained to."""
    git, _ = place_of(repo)
    there = {hook.name: hook for place in ("clone", "server") for hook in status(git, place=place)}
    after = uninstall(git)
    removed = [
        f"removed  {hook.name}" + (f", and the {hook.name} that was there is back" if hook.chained else "")
        for hook in there.values()
        if hook.state in OURS
    ]
    return replace(hooks_result(after), text="\n".join(removed) or "no hook of sotctl was there", exit_code=0)
