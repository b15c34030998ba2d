"""pi: npm `@earendil-works/pi-coding-agent`, one agent, pinned by its `models.json`.

Source: version 0.74.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sotctl.evidence.account import Account
from sotctl.evidence.files import REAL, Problem, RunFiles
from sotctl.stage2.agents import KEY_VARIABLE, Setting, SingleAgent, changed_files, loaded_below
from sotctl.stage2.agents.pi import models


class Pi(SingleAgent):
    """The coding agent pi."""

    id = "pi"
    program = "pi"
    launcher = "npm install -g @earendil-works/pi-coding-agent"
    folders = ("pi",)

    def wire(self, provider: str) -> str | None:
        """By the provider's entry in `models.json`."""
        return models.wire(provider)

    def arguments(self, setting: Setting) -> tuple[str, ...]:
        """One prompt, answered without questions, with the pair and without files of the home."""
        pair = ("--provider", setting.provider, "--model", setting.model)
        return ("-p", "--mode", "json", "--no-session", "--offline", *pair, setting.task.request)

    def files(self, setting: Setting) -> Mapping[str, bytes]:
        """The provider's entry."""
        return {models.MODELS: models.models_bytes(setting.provider, setting.model, setting.base_url)}

    def environment(self, setting: Setting, stand_in: str) -> Mapping[str, str]:
        """Its folder, and the stand-in where `models.json` says that the key is."""
        return {
            "PI_CODING_AGENT_DIR": f"{setting.run_dir}/pi",
            "PI_OFFLINE": "1",
            "PI_SKIP_VERSION_CHECK": "1",
            "PI_TELEMETRY": "0",
            KEY_VARIABLE: stand_in,
        }

    def account(self, files: RunFiles, setting: Setting) -> Account:
        """Its events, and the pair that its answers name."""
        events = self.events(files)
        messages = [event["message"] for event in events if isinstance(event.get("message"), dict)]
        answers = [message for message in messages if message.get("role") == "assistant"]
        pairs = [(str(each.get("provider")), str(each.get("model"))) for each in answers]
        reason = str(answers[-1].get("stopReason")) if answers else ""
        ended = any(event.get("type") == "agent_end" for event in events)
        outcome = "completed" if ended and reason == "stop" else reason or "none"
        run_id = next((str(event.get("id")) for event in events if event.get("type") == "session"), "")
        return self.accounted(setting, outcome=outcome, run_id=run_id, pairs=pairs)

    def problems(self, files: RunFiles, setting: Setting) -> Iterator[Problem]:
        """Its configuration after the run, and what it would load from its working directory."""
        yield from changed_files(files, self.files(setting), "provider-entry-changed")
        yield from models.credentials_problems(files)
        yield from loaded_below(files, REAL, (".pi",), self.id)


AGENT = Pi()
