"""Record a verified pass in the store."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.commands.evidence.verify import require_run
from sotctl.decisions.planning import require_issue
from sotctl.documents.snapshot import Snapshot
from sotctl.evidence.record import plan_record
from sotctl.issues.moves import obstacles_to_leave
from sotctl.report.issue import stays
from sotctl.result import Result
from sotctl.stage2.recompute import verify_directory


@verb(example="sotctl evidence record ~/runs/20261123T101500Z-* --issue CTO-WORK-020", writes=True)
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN_DIR")
@click.option("--issue", "issue_id", required=True, metavar="ID", help="The issue that the run is evidence for.")
def command(app: App, run_dir: Path, issue_id: str) -> Result:
    """Verify RUN_DIR, and commit a record that pins it by digest; the run itself is not copied."""
    folder = require_run(run_dir)
    verified = verify_directory(folder)
    plan = plan_record(app.snapshot, issue_id, verified, folder=shlex.quote(str(folder)), now=app.now)
    work = app.planned(plan, lambda after: _next(after, issue_id))
    values = {"issue": issue_id, "run_id": verified.report["run_id"], "report_sha256": verified.report_sha256}
    record = next(iter(plan.files))
    return app.carry_out(
        work,
        "sotctl.evidence-record/v1",
        values,
        lambda commit: "\n".join(
            [f"recorded  {record}", *([f"commit    {commit[:9]}"] if commit else []), work.outcome]
        ),
    )


def _next(after: Snapshot, issue_id: str) -> str:
    """What still keeps the issue, or the move that is open now."""
    issue = require_issue(after, issue_id)[1]
    missing = obstacles_to_leave(after, issue)
    return stays(issue, missing) if missing else f"next      sotctl issue status {issue_id} validated"
