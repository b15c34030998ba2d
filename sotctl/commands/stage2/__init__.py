"""Run a real backend under the gate."""

GROUP = "run"
