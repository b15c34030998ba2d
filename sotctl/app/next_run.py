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


def adapter_note(credential_source_class: str) -> str:
    """Say that a run with such credentials needs more than commands; nothing where it does not."""
    if "oauth" not in credential_source_class.lower():
        return ""
    return (
        "Case takes keys from environment variables alone: a run of this OAuth pair needs an adapter (docs/stage2.md)."
    )


def gate_environment(file: str, provider: str, model: str) -> dict[str, str]:
    """The variables that the gate and a run read."""
    return {variables.FILE: file, variables.PROVIDER: provider, variables.MODEL: model}


def exports(environment: Mapping[str, str]) -> list[str]:
    """Variables as a shell sets them."""
    return [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
