"""opencode: npm `opencode-ai`, one agent, pinned by an `opencode.json`.

Its small model, which it asks for titles, is the admitted one as well. Source: version 1.18.33.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sotctl.evidence.account import Account
from sotctl.evidence.files import REAL, Problem, RunFiles
from sotctl.stage2.agents import KEY_VARIABLE, Setting, SingleAgent, changed_files, loaded_below

CONFIG = "opencode/opencode.json"
_WIRES = MappingProxyType({"anthropic": "messages", "google": "generate-content", "openai": "responses"})
_PACKAGES = MappingProxyType(
    {
        "chat-completions": "@ai-sdk/openai-compatible",
        "generate-content": "@ai-sdk/google",
        "messages": "@ai-sdk/anthropic",
        "responses": "@ai-sdk/openai",
    }
)
_OWN_SCHEMES = frozenset({"openai-codex", "amazon-bedrock", "azure", "github-copilot", "google-vertex"})
"""Providers that opencode reaches by plugins of its own, or whose requests are signed."""


class OpenCode(SingleAgent):
    """The coding agent opencode."""

    id = "opencode"
    program = "opencode"
    launcher = "npm install -g opencode-ai"
    folders = ("opencode",)
    locks = ("home/.local/state/opencode/locks",)

    def wire(self, provider: str) -> str | None:
        """By the package that speaks to the provider."""
        return None if provider in _OWN_SCHEMES else _WIRES.get(provider, "chat-completions")

    def arguments(self, setting: Setting) -> tuple[str, ...]:
        """One prompt, answered without questions."""
        return ("run", "--format", "json", "--model", f"{setting.provider}/{setting.model}", setting.task.request)

    def files(self, setting: Setting) -> Mapping[str, bytes]:
        """Its configuration, with the recorder as the only provider; the key is named, never written."""
        pair = f"{setting.provider}/{setting.model}"
        provider = {
            "npm": _PACKAGES[self.wire(setting.provider) or "chat-completions"],
            "name": setting.provider,
            "options": {"baseURL": setting.base_url, "apiKey": f"{{env:{KEY_VARIABLE}}}"},
            "models": {setting.model: {"name": setting.model}},
        }
        values = {
            "$schema": "https://opencode.ai/config.json",
            "model": pair,
            "small_model": pair,
            "enabled_providers": [setting.provider],
            "provider": {setting.provider: provider},
            "permission": {"*": "allow"},
            "share": "disabled",
            "autoupdate": False,
        }
        return {CONFIG: (json.dumps(values, indent=2) + "\n").encode()}

    def environment(self, setting: Setting, stand_in: str) -> Mapping[str, str]:
        """Its configuration, nothing to be fetched, and the stand-in where the configuration says that the key is."""
        return {
            "OPENCODE_CONFIG": f"{setting.run_dir}/{CONFIG}",
            "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
            "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
            "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_DISABLE_PROJECT_CONFIG": "1",
            KEY_VARIABLE: stand_in,
        }

    def account(self, files: RunFiles, setting: Setting) -> Account:
        """Its events; they name no model."""
        events = self.events(files)
        parts = [event["part"] for event in events if isinstance(event.get("part"), dict)]
        ends = [str(part.get("reason")) for part in parts if part.get("type") == "step-finish"]
        failed = any(event.get("type") == "error" for event in events)
        outcome = "completed" if ends and ends[-1] == "stop" and not failed else "failed"
        run_id = next((str(event.get("sessionID")) for event in events if event.get("sessionID")), "")
        return self.accounted(setting, outcome=outcome, run_id=run_id)

    def problems(self, files: RunFiles, setting: Setting) -> Iterator[Problem]:
        """Its configuration after the run, and what it would load from its working directory."""
        yield from changed_files(files, self.files(setting), "provider-entry-changed")
        yield from loaded_below(files, REAL, (".opencode", "opencode.json", "opencode.jsonc"), self.id)


AGENT = OpenCode()
