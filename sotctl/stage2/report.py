"""The report of a run, as JSON and for a person, and the last lines of its trace."""

from __future__ import annotations

from typing import Any

from sotctl.digests import sha256
from sotctl.documents.quote import shown
from sotctl.errors import SotError
from sotctl.evidence import files
from sotctl.evidence.config import config_bytes
from sotctl.evidence.files import artifacts
from sotctl.evidence.judge import Terms, baseline_of, status_of, terms_of
from sotctl.evidence.markdown import to_markdown
from sotctl.evidence.reports import CONSTANT, TYPE, core_sha256, encode
from sotctl.evidence.use import used
from sotctl.stage2 import environment
from sotctl.stage2.order import Order
from sotctl.stage2.rundir import DiskRun
from sotctl.stage2.scan import is_clean
from sotctl.stage2.state import State

NEXT = {
    "no-model-request": (
        "Case reaches only providers whose key comes from an environment variable (--pass-env); "
        "an OAuth pair such as openai-codex needs an adapter"
    ),
    "network-class-unknown": "name the hosts of the class under [networks] in sot.toml, and commit it",
    "upstream-missing": "give --upstream URL",
    "argv-not-allowed": "end the command with: run --task {task_file} --mode unattended",
}


def terms(state: State) -> Terms:
    """What the run is held against."""
    order = state.order
    if (admission := order.verdict.admission) is None:
        raise ValueError("without an admission no process was started, and there is no run to judge")
    run_dir = str(order.run_dir)
    projects = order.backend.projects(run_dir, order.task)
    return terms_of(
        admission,
        hosts=order.hosts or (),
        run_dir=run_dir,
        projects=projects,
        models_sha256=state.models_sha256,
    )


def write(state: State) -> dict[str, Any]:
    """Write the last lines of the trace, then `report.md`, then `report.json`; each is scanned before it is written."""
    order, folder = state.order, state.order.run_dir
    values = _values(state)
    if not (is_clean(encode(values), order.exact) and is_clean(to_markdown(values).encode(), order.exact)):
        values |= _withheld(values)
    markdown = to_markdown(values).encode()
    lines = b""
    if state.scan is not None:
        clean = not state.scan.findings
        lines += state.trace.line("secret_scan_finished", files=state.scan.files, clean=clean)
        order.progress("secret_scan_finished", {"files": state.scan.files, "clean": clean})
    lines += _finished(state, values)
    if not is_clean(lines + markdown, order.exact):
        raise SotError("the report would have held a secret and was not written", hint=f"look into {folder}")
    state.trace.write(lines)
    (folder / files.MARKDOWN).write_bytes(markdown)
    values["artifacts"] = artifacts(DiskRun(folder))
    (folder / files.REPORT).write_bytes(encode(values))
    order.progress("run_finished", {"result": values["result"], "reason": values["reason"]})
    return values


def _withheld(values: dict[str, Any]) -> dict[str, Any]:
    """What takes the place of all that a backend, a variable or an admission could have put into a report."""
    return {
        "result": "fail",
        "reason": "secret-found",
        "message": "the report would have held a secret, and was withheld",
        "problems": [{"reason": "secret-found", "message": "the report would have held a secret"}],
        "requested": {"provider": None, "model": None},
        "approval_source": None,
        "used": [],
        "command": [],
        "case": {**values["case"], "run_id": None, "outcome": None},
    }


def _finished(state: State, values: dict[str, Any]) -> bytes:
    """The last line of the trace; it pins the report, which in turn pins the trace."""
    return state.trace.line(
        "run_finished", result=values["result"], reason=values["reason"], report_core_sha256=core_sha256(values)
    )


def _values(state: State) -> dict[str, Any]:
    order, block = state.order, state.block
    verdict = order.verdict
    admission = verdict.admission
    if block:
        result, status, reason, message = "blocked", str(block.status), block.reason, block.message
    elif state.problems:
        first = state.problems[0]
        result, status, reason, message = "fail", status_of(state.problems), first.reason, first.message
    else:
        result, status, reason = "pass", "admitted", "passed"
        message = f"only {'/'.join(order.pair)} was used, and the work was done"
    return {
        "type": TYPE,
        "run_id": order.run_id,
        "run_directory": str(order.run_dir),
        "backend": order.backend.id,
        "task_id": order.task.id,
        "task_sha256": order.task.sha256,
        "result": result,
        "reason": reason,
        "message": message,
        "problems": [{"reason": problem.reason, "message": problem.message} for problem in state.problems],
        "next": _next(result, reason, state),
        "case_model_provider": admission.text("provider") if admission else None,
        "case_model": admission.text("model") if admission else None,
        "case_model_admission_status": status,
        "requested": {"provider": shown(verdict.provider), "model": shown(verdict.model)},
        "admission_sha256": verdict.sha256,
        "admission_committed": verdict.submission.committed,
        "approval_source": admission.text("approval_source") if admission else None,
        "signature": verdict.signature.to_json() if verdict.signature else {"state": "unsigned"},
        "observed_fallback": CONSTANT["observed_fallback"],
        "network": {
            "class": admission.text("allowed_network_class") if admission else None,
            "hosts": list(order.hosts or ()),
        },
        **_of_the_run(state),
        "target_repository_paths": CONSTANT["target_repository_paths"],
        "isolation": {
            "tool": "bwrap" if order.isolate else "none",
            "writes_outside_prevented": order.isolate,
            "reads_outside_prevented": False,
        },
        "command": [] if block else list(state.argv),
    }


def _of_the_run(state: State) -> dict[str, Any]:
    order, use = state.order, state.use
    ran = state.exit
    config = DiskRun(order.run_dir).read(files.CONFIG)
    models = DiskRun(order.run_dir).read(files.MODELS)
    kept = state.environment
    return {
        "used": used(use.log.spawns, use.requests) if use else [],
        "use_evidence": "recorder" if use and use.requests else "stderr_only",
        "config_sha256": {
            "before": sha256(config_bytes(*order.pair)) if config is not None else None,
            "after": sha256(config) if config is not None else None,
        },
        "models_sha256": {
            "before": state.models_sha256 or None,
            "after": sha256(models) if models is not None else None,
        },
        "baseline": baseline_of(
            order.run_id, state.tests, task_sha256=order.task.sha256, tree_sha256=order.task.tree_sha256
        ),
        "secret_scan": state.scan.to_json() if state.scan else {"files": 0, "findings": []},
        "case": {
            "exit_status": ran.status if ran else None,
            "ended_by": ran.reason if ran else None,
            "dropped_bytes": ran.dropped_bytes if ran else 0,
            "processes_left_over": ran.left_over if ran else 0,
            "run_id": use.log.run_id if use else None,
            "outcome": use.log.outcome if use else None,
        },
        "environment": {
            "names": sorted(kept),
            "handed_on": [name for name in order.pass_env if name in kept],
            "dropped": environment.dropped(kept, order.inherited) if kept else [],
        },
    }


def _next(result: str, reason: str, state: State) -> str:
    order = state.order
    if result == "pass":
        admission = order.verdict.admission
        issue = admission.issue if admission and admission.issue else "ISSUE"
        return f"sotctl evidence verify {order.run_dir}, then sotctl evidence record {order.run_dir} --issue {issue}"
    if result == "blocked":
        return "; ".join(dict.fromkeys(_unblocking(problem.reason, order) for problem in state.problems))
    return NEXT.get(reason, f"sotctl explain {reason}")


def _unblocking(reason: str, order: Order) -> str:
    """What a blocked run needs before it can start."""
    return NEXT.get(reason) or (order.verdict.next if reason == order.verdict.reason else f"sotctl explain {reason}")
