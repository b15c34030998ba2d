"""Computes the report of a run, from its files and from what only the run itself could see."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sotctl.admissions.admission import Admission, parse_admission
from sotctl.evidence import report as reports
from sotctl.evidence.account import Account
from sotctl.evidence.causes import NOT_ADMITTED, in_order_of_cause, status_of
from sotctl.evidence.conditions import passed_on_problems, spawn_problems, test_problems, time_problems
from sotctl.evidence.files import ADMISSION, REQUESTS, LineError, Problem, RunFiles
from sotctl.evidence.next_step import after_pass, after_problem
from sotctl.evidence.report import (
    BLOCKED,
    BWRAP,
    FAIL,
    OBSERVED_FALLBACK,
    PASS,
    TYPE,
    Baseline,
    Cause,
    Digests,
    Ended,
    Environment,
    FixtureResult,
    Identity,
    NamedPair,
    Network,
    Report,
    Scan,
    Signed,
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
class Observed:
    """What only the run itself could see; a verification takes this from the report.

    `blocks` are why it was not started; `seen` are problems of `SEEN_ONCE`. Of a blocked run, `admission` holds pair,
    approval and digest of the admission.
    """

    run_id: str
    run_directory: str
    backend: Identity
    requested: NamedPair
    admitted: NamedPair
    admission_sha256: str | None
    admission_committed: bool
    approval_source: str | None
    signature: Signed
    served_models: tuple[str, ...]
    credential: str
    network: Network
    isolation: str
    command: tuple[str, ...]
    environment: Environment
    ended: Ended
    blocks: tuple[Problem, ...]
    seen: tuple[Problem, ...]
    next: str = ""


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


def observed_in(report: Report) -> Observed:
    """What a report says that only the run itself could see."""
    said = tuple(
        Problem(
            reason=cause.reason, message=cause.message, count=cause.count, status=report.case_model_admission_status
        )
        if report.result == BLOCKED
        else Problem(reason=cause.reason, message=cause.message, count=cause.count)
        for cause in report.problems
    )
    blocked = report.result == BLOCKED
    return Observed(
        run_id=report.run_id,
        run_directory=report.run_directory,
        backend=report.backend,
        requested=report.requested,
        admitted=NamedPair(provider=report.case_model_provider, model=report.case_model),
        admission_sha256=report.admission_sha256,
        admission_committed=report.admission_committed,
        approval_source=report.approval_source,
        signature=report.signature,
        served_models=report.served_models,
        credential=report.credential,
        network=report.network,
        isolation=report.isolation,
        command=report.command,
        environment=report.environment,
        ended=report.case,
        blocks=said if blocked else (),
        seen=() if blocked else tuple(problem for problem in said if problem.reason in SEEN_ONCE),
        next=report.next,
    )


def compute(files: RunFiles, observed: Observed, facts: Facts) -> Report:
    """The report, without its list of artifacts.

    Raises:
        RejectedError: The admission in the run directory of a run that was started cannot be read.
    """
    report = _blocked(observed, facts) if observed.blocks else _ran(files, observed, facts)
    return report if not scan(reports.encode(report)) else _withheld(report)


def _blocked(observed: Observed, facts: Facts) -> Report:
    first = observed.blocks[0]
    report = _common(observed, facts)
    return replace(
        report,
        result=BLOCKED,
        reason=first.reason,
        message=first.message,
        problems=_causes(observed.blocks),
        next=observed.next,
        case_model_admission_status=first.status,
    )


def _ran(files: RunFiles, observed: Observed, facts: Facts) -> Report:
    admission = parse_admission(ADMISSION, files.read(ADMISSION) or b"")
    requests, broken = _requests(files)
    found = in_order_of_cause(_problems(files, observed, facts, admission, requests, broken))
    if any(problem.reason == "backend-not-started" for problem in found):
        found = tuple(problem for problem in found if problem.reason in SEEN_ONCE)
    provider, model = admission.pair
    report = replace(
        _common(observed, facts),
        case_model_provider=provider,
        case_model=model,
        requested=NamedPair(provider=provider, model=model),
        admission_sha256=admission.sha256,
        approval_source=admission.text("approval_source"),
        network=replace(observed.network, class_=admission.text("allowed_network_class")),
        served_models=admission.served_models,
        case_model_admission_status=status_of(found),
        problems=_causes(found),
        used=tuple(_used(facts.account, requests)),
        use_evidence="recorder" if requests else "log_only",
        case=replace(observed.ended, run_id=facts.account.run_id, outcome=facts.account.outcome),
    )
    folder = shlex.quote(observed.run_directory)
    if not found:
        next_ = after_pass(folder, admission.issue, isolated=report.isolation == BWRAP)
        return replace(report, result=PASS, reason="passed", message=_passed(report), next=next_)
    first = found[0]
    served = other_names(requests, model=model, served_models=admission.served_models)
    next_ = after_problem(
        first.reason, folder=folder, backend=observed.backend.name, issue=admission.issue, served=served
    )
    return replace(report, result=FAIL, reason=first.reason, message=first.message, next=next_)


def _passed(report: Report) -> str:
    pair = f"{report.case_model_provider}/{report.case_model}"
    if report.isolation == BWRAP:
        return f"only {pair} was used, and the work was done"
    return f"{pair} was used, and the work was done; without isolation nothing shows that nothing else was used"


def _requests(files: RunFiles) -> tuple[tuple[RecordedRequest, ...], tuple[Problem, ...]]:
    try:
        return parse_recorded(files.read(REQUESTS) or b""), ()
    except LineError as error:
        return (), (Problem(reason="requests-broken", message=f"what the recorder wrote: {error}"),)


def _problems(
    files: RunFiles,
    observed: Observed,
    facts: Facts,
    admission: Admission,
    requests: Sequence[RecordedRequest],
    broken: Sequence[Problem],
) -> Iterator[Problem]:
    account = facts.account
    if not admission.is_in_force:
        yield Problem(reason="revoked", message="the admission of the run is not in force", status=NOT_ADMITTED)
    yield from observed.seen
    yield from broken
    if facts.scan.findings:
        first = facts.scan.findings[0].path
        yield Problem(reason="secret-found", message=f"a secret stands in {first}", count=len(facts.scan.findings))
    yield from request_problems(
        requests,
        agents=account.agents,
        model=admission.pair[1],
        served_models=admission.served_models,
        hosts=observed.network.hosts,
    )
    yield from passed_on_problems(requests, admission.pair[1])
    yield from spawn_problems(files, account, admission, observed.run_directory)
    yield from facts.problems
    yield from account.problems
    yield from test_problems(facts.tests)
    yield from time_problems(files, observed.run_id, admission, requests)


def _used(account: Account, requests: Sequence[RecordedRequest]) -> Iterator[Used]:
    """Each agent with each pair it was started with, and its requests."""
    spawns = [(spawn.agent, *spawn.pair) for spawn in account.spawns]
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


def _causes(found: Sequence[Problem]) -> tuple[Cause, ...]:
    return tuple(Cause(reason=each.reason, message=each.message, count=each.count) for each in found)


def _common(observed: Observed, facts: Facts) -> Report:
    real, fake = facts.tests["real"], facts.tests["fake"]
    return Report(
        type=TYPE,
        run_id=observed.run_id,
        run_directory=observed.run_directory,
        backend=observed.backend,
        task_id=facts.task_id,
        task_sha256=facts.task_sha256,
        result=FAIL,
        reason="",
        message="",
        problems=(),
        next="",
        case_model_provider=observed.admitted.provider,
        case_model=observed.admitted.model,
        case_model_admission_status="",
        requested=observed.requested,
        admission_sha256=observed.admission_sha256,
        admission_committed=observed.admission_committed,
        approval_source=observed.approval_source,
        signature=observed.signature,
        served_models=observed.served_models,
        credential=observed.credential,
        observed_fallback=OBSERVED_FALLBACK,
        network=observed.network,
        used=(),
        use_evidence="log_only",
        configuration=facts.configuration,
        baseline=Baseline(
            backend="fake",
            run_id=observed.run_id,
            task_sha256=facts.task_sha256,
            fixture_tree_sha256=facts.tree_sha256,
            requests=0,
            real=real,
            fake=fake,
            equal=real == fake,
        ),
        secret_scan=facts.scan,
        case=observed.ended,
        environment=observed.environment,
        target_repository_paths=TargetPaths(),
        isolation=observed.isolation,
        command=observed.command,
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
