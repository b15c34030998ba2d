"""The gate, from its variables to its exit status; shared by `gate`, `stage2 run` and the fast path.

Nothing here imports click, GitPython or a YAML reader: a whole call of the gate takes some forty milliseconds.
"""

from __future__ import annotations

import os
import sys

from sotctl import variables
from sotctl.errors import Command, SotError
from sotctl.gate.admission_file import AdmissionReader
from sotctl.streams import complain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from sotctl.admissions.admission import Admission
    from sotctl.admissions.signature import Signature
    from sotctl.documents.policy import Policy
    from sotctl.gate.verdict import Submission, Verdict

VALUED = ("--admission-file", "--provider", "--model", "--ref", "--run-dir", "--case-config")
_MAX_CONFIG_BYTES = 1 << 20


def fast(arguments: list[str]) -> int | None:
    """Decide, print the verdict, and return the exit status: 0 for admitted alone.

    None where click is needed: for help, and for errors of usage.
    """
    options = _parse(arguments)
    if options is None or _holds_secret(arguments):
        return None
    verdict = gate_verdict(
        options.get("--admission-file"),
        options.get("--provider"),
        options.get("--model"),
        options.get("--case-config"),
        options.get("--ref"),
    )
    status, run_dir = int(verdict.reason != "admitted"), options.get("--run-dir")
    unwritten = write_block(run_dir, verdict) if run_dir and status else ""
    text = _as_json(verdict) if "--json" in options else as_text(verdict)
    if unwritten:
        from sotctl.secrets.withheld import withheld

        complain(withheld(f"warning: {unwritten}\n"))
    _print(text)
    return status


def _parse(arguments: list[str]) -> dict[str, str] | None:
    """The options of a valid command line; None for any other."""
    options: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument == "--json":
            options[argument] = ""
        elif name in VALUED:
            given = value if equals else next(rest, None)
            if given is None:
                return None
            options[name] = given
        else:
            return None
    return options


def gate_verdict(
    admission_file: str | None = None,
    provider: str | None = None,
    model: str | None = None,
    case_config: str | None = None,
    ref: str | None = None,
) -> Verdict:
    """The verdict on the admission and the pair that options or else the environment name.

    An option that is given goes before its variable, also when it is empty.
    """
    reader = AdmissionReader(
        _given(admission_file, variables.FILE),
        ref=_given(ref, variables.REF),
        by_option=ref is not None,
        max_age=os.environ.get(variables.MAX_AGE, ""),
    )
    from datetime import UTC, datetime  # git runs meanwhile

    from sotctl.gate.verdict import Status, decide

    now = datetime.now(UTC)
    submission = reader.submission(now)
    verdict = decide(
        submission,
        provider=_given(provider, variables.PROVIDER),
        model=_given(model, variables.MODEL),
        now=now,
        require_committed=os.environ.get(variables.REQUIRE_COMMITTED, "").strip() not in ("", "0"),
        verify=lambda admission, policy: _signature(submission, admission, policy, now),
    )
    if case_config is not None and verdict.status is Status.ADMITTED:
        return _with_case_config(verdict, case_config)
    return verdict


def _given(option: str | None, variable: str) -> str:
    return os.environ.get(variable, "") if option is None else option


def _signature(submission: Submission, admission: Admission, policy: Policy, now: datetime) -> Signature | None:
    """The verified signature of the file; most admissions have none, and need no ssh-keygen."""
    if not os.path.lexists(f"{submission.path}.sig"):
        return None
    from sotctl.gate.signing import verify_beside

    return verify_beside(submission.path, admission.data, admission.text("approval_source"), policy, now)


def _with_case_config(verdict: Verdict, path: str) -> Verdict:
    """Compare a backend configuration with the admitted pair; anything else that it could select is a mismatch."""
    import dataclasses

    from sotctl.gate.case_config import config_problem
    from sotctl.gate.regular import read_regular
    from sotctl.gate.verdict import Status

    try:
        problem = config_problem(read_regular(path, _MAX_CONFIG_BYTES), verdict.provider, verdict.model)
    except OSError as error:
        problem = ("case-config-unreadable", f"the configuration cannot be read: {error.strerror}")
    if problem is None:
        return verdict
    reason, message = problem
    return dataclasses.replace(
        verdict, status=Status.MISMATCH, reason=reason, message=message, next=Command(f"sotctl explain {reason}")
    )


def write_block(run_dir: str, verdict: Verdict) -> str:
    """Write the block file, and return why that failed, or ""; the run is blocked either way."""
    from pathlib import Path

    from sotctl.durable import write_durably
    from sotctl.evidence.files import BLOCK
    from sotctl.gate.verdict import block_text

    file = Path(run_dir) / BLOCK
    text = block_text(verdict.status, verdict.reason, verdict.message, provider=verdict.provider, model=verdict.model)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(file, text.encode("utf-8", "backslashreplace"), mode=0o600)
    except OSError as error:
        return f"{file.name} could not be written: {error.strerror}"
    return ""


def _as_json(verdict: Verdict) -> str:
    import json

    return json.dumps(verdict.to_json(), indent=2) + "\n"


def as_text(verdict: Verdict) -> str:
    from sotctl.documents.quote import quote, shown

    blocked = verdict.reason != "admitted"
    lines = [
        f"blocked   {verdict.status}: {verdict.reason}" if blocked else f"admitted  {verdict.provider}/{verdict.model}"
    ]
    if len(verdict.findings) > 1:
        lines += [f"          line {finding.line}: {finding.message}" for finding in verdict.findings]
    elif blocked:
        lines.append(f"          {verdict.message}")
    if verdict.reason == "admission-file-absent":
        lines.append(f"          {shown(verdict.submission.path)}")
    if verdict.admission and not blocked:
        state = verdict.signature.describe() if verdict.signature else "unsigned"
        where = (
            f"committed on {quote(verdict.submission.ref)}"
            if verdict.submission.committed
            else "not committed: outside any work tree"
        )
        lines += [f"approval  {verdict.admission.text('approval_source')}", f"file      {where}, {state}"]
    return "\n".join([*lines, f"next      {verdict.next}"]) + "\n"


def _print(text: str) -> None:
    """Print to stdout; a reader that closes the pipe does not change the exit status.

    Raises:
        SotError: The caller closed stdout, so it cannot read the answer.
    """
    if sys.__stdout__ is None:
        raise SotError("the result could not be written: standard output is closed")
    from sotctl.secrets.withheld import withheld

    try:
        sys.stdout.write(withheld(text))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _holds_secret(arguments: list[str]) -> bool:
    from sotctl.secrets import scan_text

    return any(scan_text(argument) for argument in arguments)
