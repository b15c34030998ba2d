"""Whether a run passes, from its files alone, by the conditions of v1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sotctl.admissions.admission import Admission
from sotctl.digests import sha256
from sotctl.evidence.files import EVENTS, HOME, REAL, REQUESTS, LineError, Problem, RunFiles
from sotctl.gate.case_config import config_bytes, config_problem
from sotctl.stage2.agents.case.log import Events, Log, parse_events, parse_log
from sotctl.stage2.agents.case.places import AUTH, CONFIG, MODELS, PROJECTS, STDERR
from sotctl.stage2.agents.case.v1.models import is_models
from sotctl.stage2.agents.case.v1.use import Pair, Request, parse_requests, request_problems, spawn_problems

_ENV = (".env", *(f".env.{name}" for name in ("local", "development", "production", "test")))
_LOADED = frozenset((*_ENV, *(f"{name}.local" for name in _ENV[2:]), "bunfig.toml", ".bunfig.toml"))
"""What Bun loads by itself (https://bun.sh/docs/runtime/env, https://bun.sh/docs/runtime/bunfig)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The expectations of a run: the admitted pair, its fallbacks, the allowed hosts, and where it ran.

    `issue` is the issue that the admission decides, "" where it names none; `models_sha256` the digest of the
    provider's entry as it was written, "" where that is not known.
    """

    issue: str
    pair: Pair
    fallback: Sequence[Pair]
    hosts: Sequence[str]
    run_dir: str
    projects: bytes
    models_sha256: str = ""


def terms_of(admission: Admission, *, hosts: Sequence[str], run_dir: str, projects: bytes, models_sha256: str) -> Terms:
    """The expectations of a run under *admission*."""
    return Terms(
        issue=admission.issue,
        pair=admission.pair,
        fallback=admission.fallback,
        hosts=hosts,
        run_dir=run_dir,
        projects=projects,
        models_sha256=models_sha256,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FixtureResult:
    """How the harness's own tests of a fixture ended, before and after; None where they were not run."""

    before: bool | None
    after: bool | None

    def to_json(self) -> dict[str, object]:
        """As the report has it."""
        return {"passed_before": self.before, "passed_after": self.after}


NOT_RUN = FixtureResult(before=None, after=None)


def baseline_of(
    run_id: str, tests: Mapping[str, FixtureResult], *, task_sha256: str, tree_sha256: str
) -> dict[str, Any]:
    """What a report says of the fake baseline, next to the run it was made in."""
    real, fake = tests["real"].to_json(), tests["fake"].to_json()
    return {
        "backend": "fake",
        "run_id": run_id,
        "task_sha256": task_sha256,
        "fixture_tree_sha256": tree_sha256,
        "requests": 0,
        "real": real,
        "fake": fake,
        "equal": real == fake,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What was read from the logs of a run."""

    log: Log
    events: Events
    requests: Sequence[Request]
    problems: tuple[Problem, ...]


def read_use(files: RunFiles, task_id: str) -> Use:
    """Read stderr, the event log and what the recorder wrote, of a run of that task."""
    log = parse_log(files.read(STDERR) or b"")
    events = parse_events(files.read(EVENTS), run_id=log.run_id, task_id=task_id, as_v1=True)
    try:
        return Use(log=log, events=events, requests=parse_requests(files.read(REQUESTS) or b""), problems=())
    except LineError as error:
        broken = Problem(reason="requests-broken", message=f"what the recorder wrote: {error}")
        return Use(log=log, events=events, requests=[], problems=(broken,))


def problems(files: RunFiles, use: Use, terms: Terms, tests: Mapping[str, FixtureResult]) -> Iterator[Problem]:
    """Why a run does not pass, the gravest first; empty for a run that passes.

    Args:
        tests: The tests of the fixtures `real` and `fake`.
    """
    yield from use.problems
    agents = use.events.agents
    yield from spawn_problems(files, use.log.spawns, agents, terms.pair, terms.fallback, terms.run_dir, terms.issue)
    yield from request_problems(use.requests, agents, terms.pair[1], terms.hosts)
    yield from _config_problems(files, terms)
    yield from _loaded_problems(files)
    yield from use.log.problems
    yield from use.events.problems
    yield from _test_problems(tests)


def in_weight(found: Iterator[Problem]) -> list[Problem]:
    """Problems with those first that show another pair in use, then those of the configuration, then the rest."""
    order = {"not_admitted": 0, "mismatch": 1, "": 2}
    return sorted(found, key=lambda problem: order[problem.status])


def _config_problems(files: RunFiles, terms: Terms) -> Iterator[Problem]:
    data = files.read(CONFIG) or b""
    if problem := config_problem(data, *terms.pair):
        yield Problem(reason=problem[0], message=f"the configuration after the run: {problem[1]}", status="mismatch")
    elif data != config_bytes(*terms.pair):
        message = "the configuration is not the bytes that were written"
        yield Problem(reason="case-config-changed", message=message, status="mismatch")
    if files.read(PROJECTS) != terms.projects:
        yield Problem(reason="manifest-changed", message="the manifest names something besides the fixture")
    models = files.read(MODELS) or b""
    if not is_models(models, *terms.pair) or terms.models_sha256 not in ("", sha256(models)):
        message = f"{MODELS} is not the one that was written, in which the recorder is the only provider"
        yield Problem(reason="provider-entry-changed", message=message, status="mismatch")
    if AUTH in files.paths() and (files.read(AUTH) or b"").strip() != b"{}":  # an agent may make an empty one
        message = f"{AUTH} is there, and credentials in it lead to providers that nobody admitted"
        yield Problem(reason="credentials-file", message=message, status="mismatch")


def _loaded_problems(files: RunFiles) -> Iterator[Problem]:
    for path in files.paths():
        where, _, name = path.rpartition("/")
        if name in _LOADED and f"{where}/".startswith((f"{REAL}/", f"{HOME}/")):
            message = f"{path} is there, and Bun loads such a file from where it is started"
            yield Problem(reason="environment-file", message=message, status="mismatch")


def _test_problems(tests: Mapping[str, FixtureResult]) -> Iterator[Problem]:
    real, fake = tests["real"], tests["fake"]
    for name, found in (("real", real), ("fake", fake)):
        if found.before is not False:
            message = f"the tests of the {name} fixture did not fail at first"
            yield Problem(reason="tests-passed-before", message=message)
    if not fake.after:
        yield Problem(reason="baseline-failed", message="the fake baseline does not pass the tests")
    if not real.after:
        yield Problem(reason="tests-failed", message="the tests do not pass on what the backend wrote")


def status_of(found: Sequence[Problem]) -> str:
    """The admission status that a run shows at its end."""
    return next((problem.status for problem in found if problem.status), "admitted")
