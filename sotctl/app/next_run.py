"""How a run is started once a pair is admitted, as commands to copy."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from sotctl import variables
from sotctl.admissions.admission import Admission
from sotctl.documents.policy import Policy
from sotctl.errors import Command

_CREDENTIALS = {"openai-codex": "codex", "anthropic": "env:ANTHROPIC_API_KEY", "openai": "env:OPENAI_API_KEY"}
"""Where the credential of a provider is usually kept."""


def run_command(admission: Admission, policy: Policy) -> Command:
    """A run of the default backend with an admitted pair; a credential that `sot.toml` maps needs no option."""
    from sotctl.stage2.agents import agents

    provider, credential = admission.pair[0], admission.text("credential_source_class")
    option = "" if credential in policy.credentials else f" --credential {_CREDENTIALS.get(provider, 'env:NAME')}"
    run = f"sotctl stage2 run --task string-slugify --runs-dir ~/runs{option}"
    return Command(f"{run} -- {agents()['case'].launcher}")


def gate_environment(file: str, provider: str, model: str) -> dict[str, str]:
    """The variables that the gate and a run read."""
    return {variables.FILE: file, variables.PROVIDER: provider, variables.MODEL: model}


def exports(environment: Mapping[str, str]) -> list[str]:
    """Variables as a shell sets them."""
    return [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
