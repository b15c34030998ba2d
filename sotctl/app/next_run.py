"""How a run is started once a pair is admitted, as commands to copy."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sotctl import variables
from sotctl.admissions.admission import Admission
from sotctl.documents.policy import Policy
from sotctl.errors import Command

_CREDENTIALS = {"openai-codex": "codex", "anthropic": "env:ANTHROPIC_API_KEY", "openai": "env:OPENAI_API_KEY"}
"""Where the credential of a provider is usually kept."""


def run_command(admission: Admission, policy: Policy, top: Path) -> Command:
    """A run of the default backend with an admitted pair, which needs no variable to be set.

    The file is named from the working directory; *top* is the top of the work tree. A credential that `sot.toml` maps
    needs no option; a provider without a public address needs one, which is to be edited.
    """
    from sotctl.stage2.agents import agents

    (provider, model), credential = admission.pair, admission.text("credential_source_class")
    is_public = bool(_public_host(provider))
    source = _CREDENTIALS.get(provider, "env:NAME" if is_public else "none")
    option = "" if credential in policy.credentials else f" --credential {source}"
    option += "" if is_public else " --upstream http://127.0.0.1:8000/v1"
    names = (("admission-file", os.path.relpath(top / admission.path)), ("provider", provider), ("model", model))
    pair = " ".join(f"--{name} {shlex.quote(value)}" for name, value in names)
    run = f"sotctl stage2 run --task string-slugify --runs-dir ~/runs{option}"
    return Command(f"{run} {pair} -- {agents()['case'].launcher}")


def next_for_run(admission: Admission, policy: Policy, top: Path) -> Command:
    """The run, or first the command that names a host for its network class."""
    name_host = host_command(admission.text("allowed_network_class"), admission.pair[0], policy)
    return name_host or run_command(admission, policy, top)


def host_command(network: str, provider: str, policy: Policy) -> Command | None:
    """The command that names a host for a network class that names none: the provider's public one, or this machine."""
    if policy.networks.get(network):
        return None
    return Command(f"sotctl config networks.{network} --add {_public_host(provider) or '127.0.0.1'}")


def _public_host(provider: str) -> str:
    """The host that everybody can reach a provider at; "" where there is none."""
    from sotctl.stage2.wires import wires

    addresses = (wire.public_address(provider) for wire in wires().values())
    return next((host for address in addresses if (host := urlsplit(address).hostname)), "")


def gate_environment(file: str, provider: str, model: str) -> dict[str, str]:
    """The variables that the gate and a run read."""
    return {variables.FILE: file, variables.PROVIDER: provider, variables.MODEL: model}


def exports(environment: Mapping[str, str]) -> list[str]:
    """Variables as a shell sets them."""
    return [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
