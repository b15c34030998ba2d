"""Codex: npm `@openai/codex`, one agent, pinned by a `config.toml` with a provider of sotctl's own.

Its built-in provider is not used: it asks for WebSockets and compresses bodies. Source: version 0.171.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from sotctl.evidence.account import Account
from sotctl.evidence.files import REAL, Problem, RunFiles
from sotctl.stage2.agents import KEY_VARIABLE, Setting, SingleAgent, changed_files, loaded_below

CONFIG, AUTH = "codex/config.toml", "codex/auth.json"
_OTHER_WIRES = frozenset({"anthropic", "google", "google-vertex", "amazon-bedrock", "azure-openai-responses"})


def config_bytes(model: str, base_url: str, fixture: str) -> bytes:
    """The configuration with the recorder as the only provider; the key is named, never written."""
    lines = [
        f"model = {json.dumps(model)}",
        'model_provider = "recorder"',
        'approval_policy = "never"',
        'sandbox_mode = "danger-full-access"',
        "check_for_update_on_startup = false",
        'web_search = "disabled"',
        "",
        "[analytics]",
        "enabled = false",
        "",
        "[model_providers.recorder]",
        'name = "recorder"',
        f"base_url = {json.dumps(base_url)}",
        'wire_api = "responses"',
        f'env_key = "{KEY_VARIABLE}"',
        "",
        f"[projects.{json.dumps(fixture)}]",
        'trust_level = "untrusted"',
        "",
    ]
    return "\n".join(lines).encode()


class Codex(SingleAgent):
    """The coding agent Codex."""

    id = "codex"
    program = "codex"
    launcher = "npm install -g @openai/codex"
    folders = ("codex",)

    def wire(self, provider: str) -> str | None:
        """It speaks Responses and nothing else."""
        return None if provider in _OTHER_WIRES else "responses"

    def arguments(self, setting: Setting) -> tuple[str, ...]:
        """One prompt, answered without questions."""
        return ("exec", "--json", "--skip-git-repo-check", setting.task.request)

    def files(self, setting: Setting) -> Mapping[str, bytes]:
        """Its configuration."""
        return {CONFIG: config_bytes(setting.model, setting.base_url, setting.fixture)}

    def environment(self, setting: Setting, stand_in: str) -> Mapping[str, str]:
        """Its folder, and the stand-in where the configuration says that the key is."""
        return {"CODEX_HOME": f"{setting.run_dir}/codex", KEY_VARIABLE: stand_in}

    def account(self, files: RunFiles, setting: Setting) -> Account:
        """Its events; they name no model."""
        events = self.events(files)
        turns = [str(event.get("type")) for event in events if str(event.get("type")).startswith("turn.")]
        outcome = "completed" if turns and turns[-1] == "turn.completed" and "turn.failed" not in turns else "failed"
        run_id = next((str(event.get("thread_id")) for event in events if event.get("type") == "thread.started"), "")
        return self.accounted(setting, outcome=outcome, run_id=run_id)

    def problems(self, files: RunFiles, setting: Setting) -> Iterator[Problem]:
        """Its configuration after the run, and what it would load from its working directory."""
        yield from changed_files(files, self.files(setting), "provider-entry-changed")
        if files.read(AUTH) is not None:
            message = f"{AUTH} is there, and credentials in it lead to a provider that nobody admitted"
            yield Problem(reason="credentials-file", message=message, status="mismatch")
        yield from loaded_below(files, REAL, (".codex",), self.id)


AGENT = Codex()
