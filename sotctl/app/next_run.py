"""How a run is started once a pair is admitted, as commands to copy."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from sotctl import variables


def run_command() -> str:
    """A run of the default backend; DIR and the launcher are to be filled in."""
    from sotctl.stage2.agents import agents

    options = "--task string-slugify --runs-dir DIR --credential SOURCE"
    return f"sotctl stage2 run {options} -- {agents()['case'].launcher}"


def gate_environment(file: str, provider: str, model: str) -> dict[str, str]:
    """The variables that the gate and a run read."""
    return {variables.FILE: file, variables.PROVIDER: provider, variables.MODEL: model}


def exports(environment: Mapping[str, str]) -> list[str]:
    """Variables as a shell sets them."""
    return [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
