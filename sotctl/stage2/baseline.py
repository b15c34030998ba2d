"""The fake baseline: the same fixture, solved by a scripted patch without a model."""

from __future__ import annotations

from pathlib import Path

from sotctl.stage2.tasks import Task


def solve(task: Task, folder: Path) -> None:
    """Apply the task's scripted patch to a fixture."""
    for path, text in task.patch.items():
        (folder / path).write_text(text, encoding="utf-8")
