"""The backend of `make demo`: asks the model once for each agent, writes what it answers, and logs as Case does.

It stands in for the real program, which needs an account. The report names this file and its digest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PHASES = {
    "implement": "implementer",
    "verify": "verifier",
    "review": "reviewer",
    "close": "closer",
    "retrospective": "retrospective",
}
PATHS = {
    "openai-codex-responses": "/codex/responses",
    "openai-responses": "/responses",
    "openai-completions": "/chat/completions",
    "anthropic-messages": "/v1/messages",
}
DATA = Path(os.environ["CASE_DATA_DIR"])


def main() -> None:
    """Work on the task that the arguments name."""
    task = json.loads(Path(sys.argv[3]).read_text())
    target = Path(json.loads((DATA / "projects.json").read_text())["repos"][0]["path"])
    pair = json.loads((DATA / "config.json").read_text())["models"]["default"]
    run_id = str(uuid.uuid4())
    folder = target / ".case" / task["id"] / "events"
    folder.mkdir(parents=True)
    events = folder / f"run-{run_id}.jsonl"
    log("pipeline started", task=task["id"], runId=run_id)
    plan = [{"phase": phase, "agent": agent} for phase, agent in PHASES.items()]
    lines = [{"event": "pipeline_start", "taskId": task["id"], "profile": "standard", "plan": {"phases": plan}}]
    for phase, agent in PHASES.items():
        lines.append({"event": "phase_start", "phase": phase, "agent": agent})
        log("spawning agent", agent=agent, cwd=str(target), timeout=600, **pair)
        text = ask(pair["model"], agent)
        if agent == "implementer":
            (target / "slugify.py").write_text(text)
            subprocess.run(["git", "-C", str(target), "commit", "-qam", "Strip punctuation"], check=True)
        log("agent completed", agent=agent, status="completed")
        lines.append({"event": "phase_end", "phase": phase, "agent": agent, "outcome": "completed", "durationMs": 1})
    lines.append({"event": "pipeline_end", "outcome": "completed", "durationMs": 1})
    events.write_text(
        "".join(
            json.dumps({**line, "ts": now(), "sequence": number, "runId": run_id}) + "\n"
            for number, line in enumerate(lines, 1)
        )
    )
    log("pipeline finished", outcome="completed", runId=run_id, eventLog=str(events))


def ask(model: str, agent: str) -> str:
    """What the model answers; the recorder is the only provider that `models.json` names."""
    providers = json.loads((Path(os.environ["PI_CODING_AGENT_DIR"]) / "models.json").read_text())["providers"]
    entry = next(iter(providers.values()))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ.get(entry['apiKey'], '')}"}
    body = json.dumps({"model": model, "input": agent}).encode()
    request = urllib.request.Request(entry["baseUrl"] + PATHS[entry["api"]], body, headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return str(json.loads(answer.read())["text"])


def log(message: str, **values: Any) -> None:
    """A line on standard error."""
    line = {"ts": now(), "level": "info", "msg": message, **values}
    print(json.dumps(line), file=sys.stderr, flush=True)


def now() -> str:
    """The time, as Case writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


if __name__ == "__main__":
    main()
