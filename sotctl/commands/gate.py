"""Decide whether the requested pair may run, before the process starts."""

from __future__ import annotations

import click

from sotctl import variables
from sotctl.app.options import json_option
from sotctl.app.verb import Verb
from sotctl.gate.command import run


@click.command(cls=Verb, epilog="sotctl gate --json || exit 1")
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
@json_option
def command(
    admission_file: str | None,
    provider: str | None,
    model: str | None,
    ref: str | None,
    run_dir: str | None,
    case_config: str | None,
    as_json: bool,
) -> None:
    """Read the admission once and decide on those bytes.

    Exits with 0 for admitted alone, with 1 for missing_admission, invalid_admission, not_admitted and mismatch.
    """
    raise SystemExit(
        run(
            admission_file=admission_file,
            provider=provider,
            model=model,
            ref=ref,
            run_dir=run_dir,
            case_config=case_config,
            as_json=as_json,
        )
    )
