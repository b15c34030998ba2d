"""pi: npm `@earendil-works/pi-coding-agent`, one agent, pinned by its `models.json`.

Source: version 0.74.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sotctl.evidence.account import Account, Spawn
from sotctl.evidence.files import REAL, Problem, RunFiles, stream
from sotctl.stage2.agents import Setting, changed_files, loaded_below, only_events, single_agent
from sotctl.stage2.agents.pi import models
from sotctl.stage2.tasks import Task


class Pi:
    """The coding agent pi."""

    id = "pi"
    program = "pi"
    launcher = "npm install -g @earendil-works/pi-coding-agent"
    folders = ("pi",)
    log = "stdout"
    program_says_spawns = False
    works_in_fixture = True
    locks = ()

    def wire(self, provider: str) -> str | None:
        """By the provider's entry in `models.json`."""
        return models.wire(provider)

    def options(self, setting: Setting, runtime: str) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def arguments(self, setting: Setting) -> tuple[str, ...]:
        """One prompt, answered without questions, with the pair and without files of the home."""
        pair = ("--provider", setting.provider, "--model", setting.model)
        return ("-p", "--mode", "json", "--no-session", "--offline", *pair, setting.task.request)

    def files(self, setting: Setting) -> Mapping[str, bytes]:
        """The provider's entry."""
        return {models.MODELS: models.models_bytes(setting.provider, setting.model, setting.base_url)}

    def task_files(self, setting: Setting) -> Mapping[str, bytes]:
        """The task is an argument."""
        return {}

    def environment(self, setting: Setting, stand_in: str) -> Mapping[str, str]:
        """Its folder, and the stand-in where `models.json` says that the key is."""
        return {
            "PI_CODING_AGENT_DIR": f"{setting.run_dir}/pi",
            "PI_OFFLINE": "1",
            "PI_SKIP_VERSION_CHECK": "1",
            "PI_TELEMETRY": "0",
            models.KEY_VARIABLE: stand_in,
        }

    def spawned(self, line: bytes) -> Spawn | None:
        """It is one agent."""
        return None

    def event_log(self, run_dir: Path, task: Task) -> bytes | None:
        """Its events are its standard output."""
        return None

    def account(self, files: RunFiles, setting: Setting) -> Account:
        """Its events, and the pair that its answers name."""
        events = only_events(files.read(stream(self.id, "stdout")) or b"")
        messages = [event["message"] for event in events if isinstance(event.get("message"), dict)]
        answers = [message for message in messages if message.get("role") == "assistant"]
        pairs = [(str(each.get("provider")), str(each.get("model"))) for each in answers] or [
            (setting.provider, setting.model)
        ]
        reason = str(answers[-1].get("stopReason")) if answers else ""
        ended = any(event.get("type") == "agent_end" for event in events)
        outcome = "completed" if ended and reason == "stop" else reason or "none"
        run_id = next((str(event.get("id")) for event in events if event.get("type") == "session"), "")
        return single_agent(self.id, setting, outcome=outcome, run_id=run_id, pairs=pairs)

    def problems(self, files: RunFiles, setting: Setting) -> Iterator[Problem]:
        """Its configuration after the run, and what it would load from its working directory."""
        yield from changed_files(files, self.files(setting), "provider-entry-changed")
        yield from models.credentials_problems(files)
        yield from loaded_below(files, REAL, (".pi",), self.id)


AGENT = Pi()
