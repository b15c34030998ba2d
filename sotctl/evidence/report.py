"""The report of a Stage 2 run as one frozen value: the run computes it and writes it, `verify` computes it again.

It has one byte form, so any other byte shows an edit. `docs/reference/stage2.md` describes the fields.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from sotctl.digests import sha256
from sotctl.evidence.values import ShapeError, from_json, to_json

TYPE = "sotctl.stage2-report/v2"
PASS, FAIL, BLOCKED = "pass", "fail", "blocked"
BWRAP, NONE = "bwrap", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which program ran, as it lay on disk before it was started.

    `program` and `version` are those of the nearest `package.json`, "" without one; `runtime` is what runs the entry,
    "" where the entry is the program. Of a git checkout, `commit` is its HEAD and `dirty` whether it has changes.
    """

    name: str
    program: str = ""
    version: str = ""
    entry: str = ""
    entry_sha256: str = ""
    runtime: str = ""
    runtime_sha256: str = ""
    commit: str | None = None
    dirty: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A problem as the report has it."""

    reason: str
    message: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPair:
    """A pair; None where none is known."""

    provider: str | None
    model: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The verification of the admission's signature."""

    state: str = "unsigned"
    principal: str | None = None
    fingerprint: str | None = None
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The network class and its hosts, and the address at which the recorder served the program."""

    class_: str | None
    hosts: tuple[str, ...]
    recorder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """One agent with one pair that it was started with."""

    agent: str
    provider: str
    model: str
    spawns: int
    requests: int
    served_models: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """A file that the backend reads: as it was written, and as it lay there at the end; None where it was not there."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixtureResult:
    """How the harness's own tests of a fixture ended, before and after; None where they were not run."""

    passed_before: bool | None
    passed_after: bool | None


NOT_RUN = FixtureResult(passed_before=None, passed_after=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The fake baseline, next to the run that it was made in."""

    backend: str = "fake"
    run_id: str = ""
    task_sha256: str = ""
    fixture_tree_sha256: str = ""
    requests: int = 0
    real: FixtureResult = NOT_RUN
    fake: FixtureResult = NOT_RUN
    equal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFinding:
    """Where a secret stands; never the secret."""

    rule: str
    path: str
    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was searched for secrets, and what was found."""

    files: int = 0
    findings: tuple[ScanFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the program ended.

    `exit_status` is the exit status, or minus the number of the signal. `ended_by` is why it was ended, "" where it
    ended by itself, and None where it was never started. `dropped_bytes` of its output did not fit. `run_id` and
    `outcome` are the program's own.
    """

    exit_status: int | None = None
    ended_by: str | None = None
    dropped_bytes: int = 0
    processes_left_over: int = 0
    run_id: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The names of the variables that the program had, and of those it did not get; never a value."""

    names: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPaths:
    """What was read or copied of other repositories: nothing."""

    inspected: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file of the run and its digest."""

    path: str
    sha256: str


OBSERVED_FALLBACK = NamedPair(provider="anthropic", model="claude-sonnet-4-6")
"""The pair that was once seen in use unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One Stage 2 run.

    A field with a default is always computed from the files of the run. The others hold what only the run itself could
    see, some of them only where it was blocked: `sotctl.evidence.compute.compute` says which.
    """

    type: str = TYPE
    run_id: str
    run_directory: str
    backend: Identity
    task_id: str = ""
    task_sha256: str = ""
    result: str
    reason: str = ""
    message: str = ""
    problems: tuple[Cause, ...]
    next: str
    case_model_provider: str | None
    case_model: str | None
    case_model_admission_status: str
    requested: NamedPair
    admission_sha256: str | None
    admission_committed: bool
    approval_source: str | None
    signature: Signed
    served_models: tuple[str, ...]
    credential: str
    observed_fallback: NamedPair = OBSERVED_FALLBACK
    network: Network
    used: tuple[Used, ...] = ()
    use_evidence: str = "log_only"
    configuration: tuple[Digests, ...] = ()
    baseline: Baseline = Baseline()
    secret_scan: Scan = Scan()
    case: Ended
    environment: Environment
    target_repository_paths: TargetPaths = TargetPaths()
    isolation: str
    command: tuple[str, ...]
    artifacts: tuple[Artifact, ...] = ()

    @property
    def is_isolated(self) -> bool:
        """Whether the program could reach only the recorder and its own folders."""
        return self.isolation == BWRAP


def encode(report: Report) -> bytes:
    """The bytes of a report."""
    return (json.dumps(to_json(report), indent=2) + "\n").encode()


def decode(data: bytes) -> Report:
    """A report, where its bytes are exactly those that `encode` gives for it.

    Raises:
        ShapeError: They are not; the place is the first key that is missing, unknown or of another type.
    """
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        raise ShapeError("the whole") from None
    report = from_json(Report, values)
    if report.type != TYPE:
        raise ShapeError("type")
    if encode(report) != data:
        raise ShapeError("the way it is written")
    return report


def core_sha256(report: Report) -> str:
    """The digest of a report without its artifacts: the last line of the trace names it."""
    return sha256(encode(dataclasses.replace(report, artifacts=())))
