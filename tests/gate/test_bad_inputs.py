"""Every bad input gets its status and its reason code, from the short way in of `sotctl gate` on a real repository."""

from __future__ import annotations

import contextlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sotctl.gate.command import fast
from sotctl.gate.trial_runs import TrialRoom
from sotctl.gate.trials import Trial, trials

NOW = datetime.now(UTC).replace(microsecond=0)
TRIALS = {trial.name: trial for trial in trials(NOW)}


@pytest.mark.parametrize("name", sorted(TRIALS))
def test_a_bad_input_gets_its_status_and_its_reason(name: str, tmp_path: Path) -> None:
    trial = TRIALS[name]
    said, code = _gate(trial, TrialRoom(tmp_path, [trial]).bring_into_form(0))
    assert (said["case_model_admission_status"], said["reason"]) == (trial.status, trial.reason)
    assert code == (0 if name == "the admitted pair" else 1)


def test_no_trial_stands_twice() -> None:
    assert len(TRIALS) == len(trials(NOW))


def _gate(trial: Trial, path: str) -> tuple[dict[str, object], int]:
    given = {
        "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": path if trial.named else None,
        "CTO_HARNESS_CASE_MODEL_PROVIDER": trial.provider,
        "CTO_HARNESS_CASE_MODEL": trial.model,
    }
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as monkeypatch, contextlib.redirect_stdout(printed):
        for name, value in {**given, **trial.environment}.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        code = fast(["--json"])
    assert code is not None
    return json.loads(printed.getvalue()), code
