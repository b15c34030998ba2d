"""The request for a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sotctl.errors import UsageError
from sotctl.gate.verdict import Verdict
from sotctl.stage2.agents import Agent
from sotctl.stage2.credential import Credential
from sotctl.stage2.tasks import Task

_UPSTREAM = "write it as http://127.0.0.1:8000/v1"
Progress = Callable[[str, Mapping[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """One run: everything that comes from outside.

    Args:
        hosts: The hosts of the admitted network class; empty where the configuration does not know the class.
        local_hosts: Hosts of the user's own that neither their name nor their address shows to be local.
        upstream: The base URL of the provider; "" for the public one of the wire.
        credential: What the recorder authorises requests with; None where no source is named.
        private: Folders and files that the program must not be able to read.
        reread: Reads the admission file once more, at the end.
    """

    agent: Agent
    task: Task
    launcher: tuple[str, ...]
    run_dir: Path
    verdict: Verdict
    hosts: tuple[str, ...]
    local_hosts: tuple[str, ...]
    upstream: str
    credential: Credential | None
    private: tuple[str, ...]
    inherited: Mapping[str, str]
    timeout_s: float
    isolated: bool
    reread: Callable[[], bytes | None]
    progress: Progress

    @property
    def run_id(self) -> str:
        """The name of the run."""
        return self.run_dir.name

    @property
    def pair(self) -> tuple[str, str]:
        """The admitted pair; what was requested where there is no admission."""
        return self.verdict.admission.pair if self.verdict.admission else (self.verdict.provider, self.verdict.model)

    @property
    def network_class(self) -> str:
        """The network class of the admission."""
        return self.verdict.admission.text("allowed_network_class") if self.verdict.admission else ""

    @property
    def exact(self) -> tuple[bytes, ...]:
        """The values of the credential, and their encodings, which nothing of the run may hold."""
        return self.credential.secret_values() if self.credential else ()


def require_upstream(url: str) -> str:
    """A valid base URL, as it was given.

    Raises:
        UsageError: It is invalid; the message does not repeat it, since a user or a query could be a secret.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("the upstream is not a URL", hint=_UPSTREAM) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError("the upstream is not an http or https URL with a host", hint=_UPSTREAM)
    if parts.username is not None or parts.password is not None or "?" in url or "#" in url:
        raise UsageError("the upstream may have no user, no query and no fragment", hint=_UPSTREAM)
    if not re.fullmatch(r"[!-~]+", url):
        raise UsageError("the upstream holds a space, or a character that is not ASCII", hint=_UPSTREAM)
    return url
