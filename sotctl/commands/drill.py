"""Try known ways past the hooks on a throwaway clone of this repository."""

from __future__ import annotations

from pathlib import Path

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.git.repository import Git
from sotctl.hooks.drill import drill
from sotctl.hooks.ways_past import NEVER_CLOSED
from sotctl.report.terminal import wrapped
from sotctl.result import Result
from sotctl.store.store import work_tree_of

GROUP = "check"


@verb(example="sotctl drill", store=False)
def command(app: App) -> Result:
    """Try to get a made-up secret, or a broken document, onto a branch, and print which attempts were refused.

    The clone is thrown away; this repository is only read. Exits with 1 when an attempt succeeded.
    """
    attempts = list(drill(Git(work_tree_of(Path.cwd()))))
    past = sum(not attempt.holds for attempt in attempts)
    lines = [f"{'holds' if attempt.holds else 'PAST !'}  {attempt.name}" for attempt in attempts]
    lines.append(f"{len(attempts) - past} of {len(attempts)} hold; not tried, as no hook can stop it:")
    lines += [line for sentence in NEVER_CLOSED for line in wrapped(sentence, "  - ")]
    tried = [{"name": attempt.name, "holds": attempt.holds} for attempt in attempts]
    return Result(
        type="sotctl.drill/v1",
        values={"attempts": tried, "never_closed": NEVER_CLOSED},
        text="\n".join(lines),
        exit_code=int(past > 0),
    )
