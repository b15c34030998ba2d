"""Write the admission of every approved decision record."""

from __future__ import annotations

from sotctl.admissions.generate import plan_generate
from sotctl.app.app import App, with_commit
from sotctl.app.verb import verb
from sotctl.result import Result


@verb(example="sotctl admission generate --dry-run", writes=True)
def command(app: App) -> Result:
    """Derive every admission from its decision record, and commit what changed.

    An admission that is right in HEAD comes back as it is there; changes to it that are not committed are lost.
    """
    plan = plan_generate(app.snapshot, now=app.now, committed=app.store.commit_tree())
    rows = [f"{'wrote' if path in plan.changed() else 'unchanged'}  {path}" for path in sorted(plan.files)]
    return app.carry_out(app.planned(plan), "sotctl.admission-generate/v1", {}, with_commit(rows))
