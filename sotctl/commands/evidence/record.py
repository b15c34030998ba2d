"""Record a verified pass in the store."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from sotctl.app.app import App, with_commit
from sotctl.app.next_step import next_step
from sotctl.app.verb import verb
from sotctl.commands.evidence.verify import require_run
from sotctl.decisions.planning import require_issue
from sotctl.documents.snapshot import Snapshot
from sotctl.evidence.record import Pack, plan_record
from sotctl.issues.moves import obstacles_to_leave
from sotctl.report.issue import stays
from sotctl.result import Result
from sotctl.stage2.packs import packed
from sotctl.stage2.verification import verify_directory


@verb(example="sotctl evidence record ~/runs/20261123T101500Z-*", writes=True)
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN_DIR")
@click.option("--issue", "asked_issue", metavar="ID", help="Default: the issue of the admission's decision.")
@click.option(
    "--pack", "pack_file", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="Pin this pack."
)
def command(app: App, run_dir: Path, asked_issue: str | None, pack_file: Path | None) -> Result:
    """Verify RUN_DIR, and commit a record that pins it by digest; the run itself is not copied."""
    folder = require_run(run_dir)
    verified = verify_directory(folder)
    pack = Pack(location=str(pack_file), sha256=packed(pack_file, folder)) if pack_file else None
    shown = shlex.quote(str(folder))
    planned = plan_record(app.snapshot, asked_issue, verified, folder=shown, now=app.now, pack=pack)
    work = app.planned(planned.plan, lambda after: _next(app, after, planned.issue))
    values = {"issue": planned.issue, "run_id": verified.run_id, "report_sha256": verified.report_sha256}
    record = next(iter(planned.plan.files))
    return app.carry_out(
        work,
        "sotctl.evidence-record/v1",
        values,
        with_commit([f"recorded  {record}"], [work.outcome], width=10),
    )


def _next(app: App, after: Snapshot, issue_id: str) -> str:
    """What still blocks the issue, and the next command."""
    issue = require_issue(after, issue_id)[1]
    missing = obstacles_to_leave(after, issue)
    what = f"{stays(issue, missing)}\n\n" if missing else ""
    return f"{what}next      {next_step(after, issue, app.store.top)}"
