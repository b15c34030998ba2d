"""Pack a run into one archive that can be verified elsewhere."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.commands.evidence.verify import require_run
from sotctl.result import Result
from sotctl.stage2.packs import pack


@verb(example="sotctl evidence pack ~/runs/20261123T101500Z-*", store=False)
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN_DIR")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Default: RUN_DIR.tar.gz.")
def command(app: App, run_dir: Path, out: Path | None) -> Result:
    """Write RUN_DIR as an archive, the same to the byte for the same files, and give its digest."""
    folder = require_run(run_dir)
    target = out or folder.with_name(f"{folder.name}.tar.gz")
    sha256 = pack(folder, target)
    record = f"sotctl evidence record {shlex.quote(str(folder))} --pack {shlex.quote(str(target))}"
    return Result(
        type="sotctl.evidence-pack/v1",
        values={"run_id": folder.name, "path": str(target), "sha256": sha256},
        text=f"packed    {target}\nsha256    {sha256}\nnext      {record}",
    )
