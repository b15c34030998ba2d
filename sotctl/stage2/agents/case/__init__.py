"""Case: its configuration, its arguments, and its logs.

Source: the public project `workos/case`, measured on its commit of 2026-05-16; `docs/reference/stage2.md` lists the
facts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from sotctl.evidence.account import Account, Spawn
from sotctl.evidence.files import EVENTS, REAL, Problem, RunFiles
from sotctl.evidence.verify import Verified
from sotctl.gate.case_config import config_bytes
from sotctl.stage2.agents import KEY_VARIABLE, Setting, changed_files, json_object
from sotctl.stage2.agents.case.configuration import (
    CONFIG,
    PRELOAD,
    PROJECTS,
    STDERR,
    configuration_problems,
    loaded_problems,
    projects_bytes,
)
from sotctl.stage2.agents.case.log import parse_events, parse_log, spawn_of
from sotctl.stage2.agents.case.v1 import reports, verify
from sotctl.stage2.agents.pi import models as pi
from sotctl.stage2.tasks import Task

_KEYS = MappingProxyType(
    {
        "anthropic": "ANTHROPIC_API_KEY",
        "cerebras": "CEREBRAS_API_KEY",
        "google": "GEMINI_API_KEY",
        "groq": "GROQ_API_KEY",
        "huggingface": "HF_TOKEN",
        "kimi-coding": "KIMI_API_KEY",
        "minimax": "MINIMAX_API_KEY",
        "minimax-cn": "MINIMAX_CN_API_KEY",
        "mistral": "MISTRAL_API_KEY",
        "openai": "OPENAI_API_KEY",
        "opencode": "OPENCODE_API_KEY",
        "opencode-go": "OPENCODE_API_KEY",
        "openrouter": "OPENROUTER_API_KEY",
        "vercel-ai-gateway": "AI_GATEWAY_API_KEY",
        "xai": "XAI_API_KEY",
        "zai": "ZAI_API_KEY",
    }
)
"""The variables in which pi 0.63.2 looks for a provider's key (`env-api-keys.js` of `@mariozechner/pi-ai`)."""

MAX_LOG_BYTES = 64 << 20
_PRELOAD = f"""\
// Hands pi the stand-in key of a provider for which it knows no variable. Written by sotctl.
import {{ plugin }} from "bun";

plugin({{
  name: "stand-in-key",
  setup(build) {{
    build.onLoad({{ filter: /pi-ai[\\/]dist[\\/]env-api-keys\\.js$/ }}, async (args) => {{
      const source = await Bun.file(args.path).text();
      const head = "export function getEnvApiKey(provider) {{";
      if (!source.includes(head)) throw new Error("pi finds its keys in another way than this preload knows");
      return {{ contents: source.replace(head, head + " return process.env.{KEY_VARIABLE};"), loader: "js" }};
    }});
  }},
}});
"""


class Case:
    """The coding-agent pipeline `workos/case`, under Bun."""

    id = "case"
    program = ""
    launcher = "bun ~/case/src/index.ts"
    folders = ("case-data", "pi")
    log = "stderr"
    program_says_spawns = True
    works_in_fixture = False
    locks = ()
    older: Mapping[str, Callable[[Path, bytes], Verified]] = MappingProxyType({reports.TYPE: verify.verify_run})

    def wire(self, provider: str) -> str | None:
        """The wire that pi uses."""
        return pi.wire(provider)

    def options(self, setting: Setting, runtime: str) -> tuple[str, ...]:
        """The preload that gives pi a key, if pi knows no variable for the provider; it needs Bun."""
        is_bun = os.path.basename(runtime).startswith("bun")
        return ("--preload", f"{setting.run_dir}/{PRELOAD}") if is_bun and setting.provider not in _KEYS else ()

    def arguments(self, setting: Setting) -> tuple[str, ...]:
        """One run of the task, without questions."""
        return ("run", "--task", f"{setting.run_dir}/{self._tasks(setting)}.task.json", "--mode", "unattended")

    @staticmethod
    def _tasks(setting: Setting) -> str:
        return f"{REAL}/.case/tasks/active/{setting.task.id}"

    def files(self, setting: Setting) -> Mapping[str, bytes]:
        """The configuration, the manifest, the provider's entry, and the preload."""
        return {
            CONFIG: config_bytes(setting.provider, setting.model),
            PROJECTS: projects_bytes(setting.run_dir, setting.task),
            pi.MODELS: pi.models_bytes(setting.provider, setting.model, setting.base_url),
            PRELOAD: _PRELOAD.encode(),
        }

    def task_files(self, setting: Setting) -> Mapping[str, bytes]:
        """The task, as Case describes one."""
        described = {
            "id": setting.task.id,
            "status": "active",
            "repo": setting.task.id,
            "issueType": "freeform",
            "mode": "unattended",
            "profile": "standard",
            "agents": {},
            "tested": False,
            "manualTested": False,
            "prUrl": None,
            "prNumber": None,
        }
        name = self._tasks(setting)
        return {
            f"{name}.task.json": (json.dumps(described, indent=2) + "\n").encode(),
            f"{name}.md": setting.task.request.encode(),
        }

    def environment(self, setting: Setting, stand_in: str) -> Mapping[str, str]:
        """Its folders, no cache of transpiled files, and the stand-in where pi or the preload looks for it."""
        return {
            "CASE_DATA_DIR": f"{setting.run_dir}/case-data",
            "PI_CODING_AGENT_DIR": f"{setting.run_dir}/pi",
            "BUN_RUNTIME_TRANSPILER_CACHE_PATH": "0",
            _KEYS.get(setting.provider, KEY_VARIABLE): stand_in,
        }

    def spawned(self, line: bytes) -> Spawn | None:
        """Case logs each start."""
        return spawn_of(json_object(line))

    def event_log(self, run_dir: Path, task: Task) -> bytes | None:
        """The one event log of a fresh fixture; None if there is none or more than one."""
        folder = run_dir / REAL / ".case" / task.id / "events"
        if folder.resolve() != folder:
            return None
        found = sorted(path for path in folder.glob("*.jsonl") if path.is_file() and not path.is_symlink())
        if len(found) != 1 or found[0].stat().st_size > MAX_LOG_BYTES:
            return None
        return found[0].read_bytes()

    def account(self, files: RunFiles, setting: Setting) -> Account:
        """The account in stderr and the event log."""
        log = parse_log(files.read(STDERR) or b"")
        events = parse_events(files.read(EVENTS), run_id=log.run_id, task_id=setting.task.id)
        return Account(
            spawns=log.spawns,
            agents=events.agents,
            run_id=log.run_id,
            outcome=log.outcome,
            problems=(*log.problems, *events.problems),
        )

    def problems(self, files: RunFiles, setting: Setting) -> Iterator[Problem]:
        """The configuration after the run, and what Bun would load."""
        written = self.files(setting)
        yield from configuration_problems(files, (setting.provider, setting.model), written[PROJECTS])
        yield from changed_files(files, {pi.MODELS: written[pi.MODELS]}, "provider-entry-changed")
        if files.read(PRELOAD) != written[PRELOAD]:
            yield Problem(reason="preload-changed", message=f"{PRELOAD} was changed during the run", status="mismatch")
        yield from pi.credentials_problems(files)
        yield from loaded_problems(files)


AGENT = Case()
