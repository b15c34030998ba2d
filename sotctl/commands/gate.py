"""Decide whether the requested pair may run, before the process starts."""

from __future__ import annotations

import sys

import click

from sotctl import variables
from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.errors import SotError
from sotctl.gate.command import as_text, gate_verdict, write_block
from sotctl.result import Result

GROUP = "run"


@verb(example="sotctl gate --json || exit 1", store=False)
@click.option("--admission-file", metavar="FILE", help=f"Default: ${variables.FILE}.")
@click.option("--provider", metavar="NAME", help=f"The requested provider. Default: ${variables.PROVIDER}.")
@click.option("--model", metavar="NAME", help=f"The requested model. Default: ${variables.MODEL}.")
@click.option(
    "--ref",
    metavar="REF",
    help=f"The branch to read instead of HEAD, such as refs/remotes/origin/main. Default: ${variables.REF}.",
)
@click.option("--run-dir", metavar="DIR", help="When blocked, write backend/provider-model-not-admitted.txt there.")
@click.option("--case-config", metavar="FILE", help="Hold a backend configuration against the admission.")
def command(
    app: App,
    admission_file: str | None,
    provider: str | None,
    model: str | None,
    ref: str | None,
    run_dir: str | None,
    case_config: str | None,
) -> Result:
    """Read the admission once and decide on those bytes.

    Exits with 0 for admitted alone, with 1 for missing_admission, invalid_admission, not_admitted and mismatch.
    """
    if sys.__stdout__ is None:  # the caller cannot read the answer
        raise SotError("the result could not be written: standard output is closed")
    verdict = gate_verdict(admission_file, provider, model, case_config, ref)
    is_blocked = verdict.reason != "admitted"
    unwritten = write_block(run_dir, verdict) if run_dir and is_blocked else ""
    return Result(
        type="sotctl.gate/v1",
        values=verdict.to_json(),
        text=as_text(verdict).removesuffix("\n"),
        note=f"warning: {unwritten}" if unwritten else "",
        exit_code=int(is_blocked),
    )
