"""Computes the report of a run: from its files, and from what only the run itself could see."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotctl.admissions.admission import Admission, parse_admission
from sotctl.evidence import report as reports
from sotctl.evidence.account import Account, Spawn
from sotctl.evidence.causes import NOT_ADMITTED, in_order_of_cause, status_of
from sotctl.evidence.conditions import passed_on_problems, spawn_problems, test_problems, time_problems
from sotctl.evidence.files import ADMISSION, REQUESTS, LineError, Problem, RunFiles
from sotctl.evidence.next_step import after_pass, after_problem
from sotctl.evidence.report import (
    BLOCKED,
    FAIL,
    OBSERVED_FALLBACK,
    PASS,
    TYPE,
    Baseline,
    Cause,
    Digests,
    FixtureResult,
    NamedPair,
    Report,
    Scan,
    TargetPaths,
    Used,
)
from sotctl.evidence.requests import RecordedRequest, other_names, parse_recorded, request_problems
from sotctl.secrets import scan

SEEN_ONCE = frozenset(
    {
        "admission-changed",
        "backend-not-started",
        "disk-quota",
        "interrupted",
        "killed-by-signal",
        "output-truncated",
        "recording-changed",
        "recording-failed",
        "process-quota",
        "timeout",
    }
)
"""Reasons that only the run itself could see; a report that names one does not say `pass`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is computed again each time: from the template, by the backend, by the scan and by the tests.

    `problems` are the backend's own, of what it reads and of files that it would load.
    """

    task_id: str
    task_sha256: str
    tree_sha256: str
    account: Account
    configuration: tuple[Digests, ...]
    problems: tuple[Problem, ...]
    tests: Mapping[str, FixtureResult]
    scan: Scan


def compute(files: RunFiles, said: Report, facts: Facts) -> Report:
    """The report of a run, without its list of artifacts.

    What only the run itself could see is taken from *said*: the program, its command, environment and end, the
    credential, the isolation, the network's hosts, the signature, and the problems of `SEEN_ONCE`; of a blocked run
    also why it was blocked, its pair and its admission. Everything else is computed.

    Raises:
        RejectedError: The admission in the run directory of a run that was started cannot be read.
    """
    said = replace(
        said,
        type=TYPE,
        task_id=facts.task_id,
        task_sha256=facts.task_sha256,
        observed_fallback=OBSERVED_FALLBACK,
        used=(),
        use_evidence="log_only",
        configuration=facts.configuration,
        baseline=baseline_of(said.run_id, facts.task_sha256, facts.tree_sha256, facts.tests),
        secret_scan=facts.scan,
        target_repository_paths=TargetPaths(),
        artifacts=(),
    )
    report = _blocked(said) if said.result == BLOCKED and said.problems else _ran(files, said, facts)
    return report if not scan(reports.encode(report)) else _withheld(report)


def _blocked(said: Report) -> Report:
    first = said.problems[0]
    return replace(said, reason=first.reason, message=first.message)


def _ran(files: RunFiles, said: Report, facts: Facts) -> Report:
    admission = parse_admission(ADMISSION, files.read(ADMISSION) or b"")
    requests, broken = _requests(files)
    found = in_order_of_cause(_problems(files, said, facts, admission, requests, broken))
    if any(problem.reason == "backend-not-started" for problem in found):
        found = tuple(problem for problem in found if problem.reason in SEEN_ONCE)
    provider, model = admission.pair
    report = replace(
        said,
        case_model_provider=provider,
        case_model=model,
        requested=NamedPair(provider=provider, model=model),
        admission_sha256=admission.sha256,
        approval_source=admission.text("approval_source"),
        network=replace(said.network, class_=admission.text("allowed_network_class")),
        served_models=admission.served_models,
        case_model_admission_status=status_of(found),
        problems=causes_of(found),
        used=tuple(used(facts.account.spawns, requests)),
        use_evidence="recorder" if requests else "log_only",
        case=replace(said.case, run_id=facts.account.run_id, outcome=facts.account.outcome),
    )
    folder = shlex.quote(said.run_directory)
    if not found:
        next_ = after_pass(folder, admission.issue, isolated=report.is_isolated)
        return replace(report, result=PASS, reason="passed", message=_passed(report), next=next_)
    first = found[0]
    served = other_names(requests, model=model, served_models=admission.served_models)
    next_ = after_problem(first.reason, folder=folder, backend=said.backend.name, issue=admission.issue, served=served)
    return replace(report, result=FAIL, reason=first.reason, message=first.message, next=next_)


def _passed(report: Report) -> str:
    pair = f"{report.case_model_provider}/{report.case_model}"
    if report.is_isolated:
        return f"only {pair} was used, and the work was done"
    return f"{pair} was used, and the work was done; without isolation nothing shows that nothing else was used"


def _requests(files: RunFiles) -> tuple[tuple[RecordedRequest, ...], tuple[Problem, ...]]:
    try:
        return parse_recorded(files.read(REQUESTS) or b""), ()
    except LineError as error:
        return (), (Problem(reason="requests-broken", message=f"what the recorder wrote: {error}"),)


def _problems(
    files: RunFiles,
    said: Report,
    facts: Facts,
    admission: Admission,
    requests: Sequence[RecordedRequest],
    broken: Sequence[Problem],
) -> Iterator[Problem]:
    account = facts.account
    if not admission.is_in_force:
        yield Problem(reason="revoked", message="the admission of the run is not in force", status=NOT_ADMITTED)
    for cause in said.problems:
        if cause.reason in SEEN_ONCE:
            yield Problem(reason=cause.reason, message=cause.message, count=cause.count)
    yield from broken
    if facts.scan.findings:
        first = facts.scan.findings[0].path
        yield Problem(reason="secret-found", message=f"a secret stands in {first}", count=len(facts.scan.findings))
    yield from request_problems(
        requests,
        agents=account.agents,
        model=admission.pair[1],
        served_models=admission.served_models,
        hosts=said.network.hosts,
    )
    yield from passed_on_problems(requests, admission.pair[1])
    yield from spawn_problems(files, account, admission, said.run_directory)
    yield from facts.problems
    yield from account.problems
    yield from test_problems(facts.tests)
    yield from time_problems(files, said.run_id, admission, requests)


class Asked(Protocol):
    """A request as far as it counts for who used what."""

    @property
    def agent(self) -> str:
        """Who asked."""

    @property
    def is_answered(self) -> bool:
        """Whether the provider answered it well."""

    @property
    def served_models(self) -> tuple[str, ...]:
        """The names under which it was answered."""


def used(started: Sequence[Spawn], requests: Sequence[Asked]) -> Iterator[Used]:
    """Each agent with each pair it was started with, and its requests."""
    spawns = [(spawn.agent, *spawn.pair) for spawn in started]
    for agent, provider, model in dict.fromkeys(spawns):
        own = [request for request in requests if request.agent == agent]
        yield Used(
            agent=agent,
            provider=provider,
            model=model,
            spawns=spawns.count((agent, provider, model)),
            requests=sum(request.is_answered for request in own),
            served_models=tuple(sorted({name for request in own for name in request.served_models})),
        )


def causes_of(found: Iterable[Problem]) -> tuple[Cause, ...]:
    """Problems as the report has them."""
    return tuple(Cause(reason=each.reason, message=each.message, count=each.count) for each in found)


def baseline_of(run_id: str, task_sha256: str, tree_sha256: str, tests: Mapping[str, FixtureResult]) -> Baseline:
    """The fake baseline of a run, by the tests of the fixtures `real` and `fake`."""
    real, fake = tests["real"], tests["fake"]
    return Baseline(
        run_id=run_id,
        task_sha256=task_sha256,
        fixture_tree_sha256=tree_sha256,
        real=real,
        fake=fake,
        equal=real == fake,
    )


def _withheld(report: Report) -> Report:
    """A report without the fields that a backend, a variable or an admission determines."""
    message = "the report would have held a secret, and was withheld"
    empty = NamedPair(provider=None, model=None)
    return replace(
        report,
        result=FAIL if report.result == PASS else report.result,
        reason="secret-found",
        message=message,
        problems=(Cause(reason="secret-found", message=message, count=1),),
        next=after_problem("secret-found", folder=shlex.quote(report.run_directory), backend="", issue="", served=()),
        requested=empty,
        approval_source=None,
        served_models=(),
        used=(),
        command=(),
        case=replace(report.case, run_id=None, outcome=None),
    )
