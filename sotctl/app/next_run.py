"""How a run is started once a pair is admitted, as commands to copy."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from sotctl import variables


def run_command() -> str:
    """A run of the backend with its fixed arguments; DIR, URL and CASE, Case's folder, are to be filled in."""
    from sotctl.stage2.backends.case import ARGUMENTS

    options = "--task string-slugify --runs-dir DIR --upstream URL"
    return f"sotctl stage2 run {options} -- bun CASE/src/index.ts {' '.join(ARGUMENTS)}"


def gate_environment(file: str, provider: str, model: str) -> dict[str, str]:
    """The variables that the gate and a run read."""
    return {variables.FILE: file, variables.PROVIDER: provider, variables.MODEL: model}


def exports(environment: Mapping[str, str]) -> list[str]:
    """Variables as a shell sets them."""
    return [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
