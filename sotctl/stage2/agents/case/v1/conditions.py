"""Whether a run passes, from its files alone, by the conditions of v1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sotctl.admissions.admission import Admission
from sotctl.digests import sha256
from sotctl.evidence.account import Account
from sotctl.evidence.conditions import spawn_problems, test_problems
from sotctl.evidence.files import EVENTS, REQUESTS, LineError, Problem, RunFiles
from sotctl.evidence.report import FixtureResult
from sotctl.stage2.agents.case.configuration import STDERR, configuration_problems, loaded_problems
from sotctl.stage2.agents.case.log import parse_events, parse_log
from sotctl.stage2.agents.case.v1.models import is_models
from sotctl.stage2.agents.case.v1.requests import Request, parse_requests, request_problems
from sotctl.stage2.agents.pi.models import MODELS, credentials_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What was read from the logs of a run; `problems` say what is wrong with the recorder's."""

    account: Account
    requests: Sequence[Request]
    problems: tuple[Problem, ...] = ()


def read_use(files: RunFiles, task_id: str) -> Use:
    """Read stderr, the event log and what the recorder wrote, of a run of that task."""
    log = parse_log(files.read(STDERR) or b"")
    events = parse_events(files.read(EVENTS), run_id=log.run_id, task_id=task_id, as_v1=True)
    account = Account(
        # in v1, a start whose log names no folder counts as one outside the run directory
        spawns=tuple(replace(spawn, cwd=spawn.cwd or "/") for spawn in log.spawns),
        agents=events.agents,
        run_id=log.run_id,
        outcome=log.outcome,
        problems=(*log.problems, *events.problems),
    )
    try:
        return Use(account=account, requests=parse_requests(files.read(REQUESTS) or b""))
    except LineError as error:
        broken = Problem(reason="requests-broken", message=f"what the recorder wrote: {error}")
        return Use(account=account, requests=(), problems=(broken,))


def problems(
    files: RunFiles,
    use: Use,
    admission: Admission,
    *,
    hosts: Sequence[str],
    run_dir: str,
    projects: bytes,
    models_sha256: str,
    tests: Mapping[str, FixtureResult],
) -> list[Problem]:
    """Why a run does not pass: first what shows another pair in use, then its configuration, then the rest.

    Args:
        models_sha256: The digest of the provider's entry as it was written, "" where that is not known.
        tests: The tests of the fixtures `real` and `fake`.
    """
    pair = admission.pair
    found = [
        *use.problems,
        *spawn_problems(files, use.account, admission, run_dir),
        *request_problems(use.requests, use.account.agents, pair[1], hosts),
        *configuration_problems(files, pair, projects),
        *_entry_problems(files.read(MODELS) or b"", pair, models_sha256),
        *credentials_problems(files),
        *loaded_problems(files),
        *use.account.problems,
        *test_problems(tests),
    ]
    order = {"not_admitted": 0, "mismatch": 1, "": 2}
    return sorted(found, key=lambda problem: order[problem.status])


def _entry_problems(models: bytes, pair: tuple[str, str], models_sha256: str) -> Iterator[Problem]:
    if not is_models(models, *pair) or models_sha256 not in ("", sha256(models)):
        message = f"{MODELS} is not the one that was written, in which the recorder is the only provider"
        yield Problem(reason="provider-entry-changed", message=message, status="mismatch")
