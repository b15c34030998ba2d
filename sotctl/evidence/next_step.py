"""The next command after a run, by its result."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.evidence.requests import supersede_command


def after_pass(folder: str, issue: str, *, isolated: bool) -> str:
    """The command that records a run that passed."""
    option = "" if issue else " --issue ISSUE"
    record = f"sotctl evidence verify {folder}, then sotctl evidence record {folder}{option}"
    return record if isolated else f'{record} (taken where sot.toml has `[evidence] isolation = "optional"`)'


def after_problem(reason: str, *, folder: str, backend: str, issue: str, served: Sequence[str]) -> str:
    """The command that helps against the first problem of a run."""
    if reason == "other-model-served" and served:
        return supersede_command(issue, served)
    stderr = f"{folder}/backend/{backend}.stderr"
    known = {
        "no-model-request": f"read why it stopped: tail {stderr}",
        "backend-not-started": f"start it by hand, then run again: tail {stderr}",
        "killed-by-signal": f"tail {stderr}",
        "timeout": "run again with more time: --timeout SECONDS",
        "interrupted": "run the same command again",
        "provider-refused": f"see what it answered: cat {folder}/backend/requests.jsonl",
        "tests-failed": f"see what it wrote: ls -l {folder}/fixture/real",
        "secret-found": f"revoke it; where it stands: sotctl scan {folder}",
        "output-truncated": f"find out what it prints so much of: tail {stderr}",
        "disk-quota": f"find out what it writes so much of: du -a {folder}",
    }
    return known.get(reason, f"sotctl explain {reason}")
