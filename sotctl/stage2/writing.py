"""Computes the report of a run, and writes it with the last lines of the trace; all of it is scanned first."""

from __future__ import annotations

import dataclasses

from sotctl.documents.quote import shown
from sotctl.errors import SotError
from sotctl.evidence import files
from sotctl.evidence.compute import causes_of, compute
from sotctl.evidence.markdown import to_markdown
from sotctl.evidence.report import (
    BLOCKED,
    BWRAP,
    FAIL,
    NONE,
    Artifact,
    Cause,
    Ended,
    Environment,
    NamedPair,
    Network,
    Report,
    Scan,
    Signed,
    core_sha256,
    encode,
)
from sotctl.stage2 import environment
from sotctl.stage2.facts import facts_of
from sotctl.stage2.rundir import DiskRun, write_new
from sotctl.stage2.scan import is_clean, scan_run
from sotctl.stage2.state import State


def write(state: State) -> Report:
    """Write the last lines of the trace, then `report.md`, then `report.json`."""
    request, on_disk = state.request, DiskRun(state.request.run_dir)
    blocked = bool(state.preflight.blocks)
    scan = Scan() if blocked else scan_run(on_disk, state.argv, request.exact)
    facts = facts_of(on_disk, request.agent, state.setting, state.tests, scan, blocked=blocked)
    report = compute(on_disk, seen_by(state), facts)
    if not blocked:
        state.step("model_use_verified", passed=report.case_model_admission_status == "admitted")
        state.step("baseline_compared", real=report.baseline.real.passed_after, fake=report.baseline.fake.passed_after)
        state.step("secret_scan_finished", files=scan.files, clean=not scan.findings)
    markdown = to_markdown(report).encode("utf-8", "backslashreplace")
    last = state.trace.line(
        "run_finished", result=report.result, reason=report.reason, report_core_sha256=core_sha256(report)
    )
    if not is_clean(encode(report) + last + markdown, request.exact):
        raise SotError("the report would have held a secret and was not written", hint=f"look into {request.run_dir}")
    state.trace.write(last)
    write_new(request.run_dir, files.MARKDOWN, markdown)
    listed = tuple(Artifact(**entry) for entry in files.artifacts(on_disk))
    report = dataclasses.replace(report, artifacts=listed)
    write_new(request.run_dir, files.REPORT, encode(report))
    request.progress("run_finished", {"result": report.result, "reason": report.reason})
    return report


def seen_by(state: State) -> Report:
    """What only this run could see; `compute` works out the rest."""
    request, verdict, blocks = state.request, state.request.verdict, state.preflight.blocks
    admission, signature = verdict.admission, verdict.signature
    blocked = [Cause(reason=block.reason, message=block.message) for block in blocks]
    return Report(
        run_id=request.run_id,
        run_directory=str(request.run_dir),
        backend=state.preflight.identity,
        result=BLOCKED if blocks else FAIL,
        problems=(*blocked, *causes_of(state.problems)),
        next="; ".join(dict.fromkeys(block.next for block in blocks)),
        case_model_provider=admission.text("provider") if admission else None,
        case_model=admission.text("model") if admission else None,
        case_model_admission_status=blocks[0].status if blocks else "",
        requested=NamedPair(provider=shown(verdict.provider), model=shown(verdict.model)),
        admission_sha256=verdict.sha256,
        admission_committed=verdict.submission.committed,
        approval_source=admission.text("approval_source") if admission else None,
        signature=Signed(**signature.to_json()) if signature else Signed(),  # type: ignore[arg-type]
        served_models=admission.served_models if admission else (),
        credential=request.credential.kind if request.credential else "unknown",
        network=Network(class_=request.network_class or None, hosts=request.hosts, recorder=state.setting.base_url),
        case=state.ended or Ended(),
        environment=Environment(
            names=tuple(sorted(state.environment)),
            dropped=environment.dropped(state.environment, request.inherited) if state.environment else (),
        ),
        isolation=BWRAP if request.isolated else NONE,
        command=state.argv,
    )
