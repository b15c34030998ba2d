"""A model on loopback for real coding agents: it asks for one command that does the work, then says that it is done.

It speaks chat completions and Responses, as streams of server-sent events, and as whole answers. What it is asked for
decides what it answers, so that any number of agents can use it at once.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORK = (
    "cat > slugify.py <<'PY'\nimport re\n\n\ndef slugify(title):\n"
    "    return re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')\nPY\n"
    "python3 -m unittest -q 2>&1 | tail -n 3 && git add slugify.py && git commit -q -m 'Strip punctuation' "
    "&& git rev-parse HEAD"
)
LOOK = "git show --stat HEAD"
_RUBRICS = {
    "verifier": ("reproduced-scenario", "exercised-changed-path", "evidence-proves-change", "edge-case-checked"),
    "reviewer": ("principle-compliance", "test-sufficiency", "scope-discipline", "pattern-fit"),
}
_NO_ARTIFACTS = {
    "commit": None,
    "filesChanged": [],
    "testsPassed": True,
    "screenshotUrls": [],
    "evidenceMarkers": [],
    "prUrl": None,
    "prNumber": None,
}


@dataclass
class ModelServer:
    """A server that listens until it is closed; `requests` are the paths and models that it was asked for."""

    served_model: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.requests.append((self.path, body["model"]))
                model.keys.add(self.headers.get("Authorization", ""))
                is_responses = self.path.endswith("/responses")
                events = responses(body, model.served_model) if is_responses else chat(body, model.served_model)
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                for event in events:
                    self.wfile.write(event)
                    self.wfile.flush()
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def role_of(text: str) -> str:
    """The agent of Case whose prompt it is; "" for another program."""
    heads = {
        "implementer": "# Implementer",
        "verifier": "# Verifier",
        "reviewer": "# Reviewer",
        "closer": "# Closer",
        "retrospective": "# Retrospective",
    }
    return next((role for role, head in heads.items() if head in text), "")


def final(role: str) -> str:
    """What an agent says at its end; Case reads it, the others print it."""
    result: dict[str, Any] = {"status": "completed", "summary": "slugify strips punctuation"}
    result |= {"artifacts": dict(_NO_ARTIFACTS), "error": None}
    if role in _RUBRICS:
        categories = [{"category": name, "verdict": "pass", "detail": "scripted"} for name in _RUBRICS[role]]
        result["rubric"] = {"role": role, "categories": categories}
    if role == "reviewer":
        result["findings"] = {"critical": 0, "warnings": 0, "info": 0, "details": []}
    if role in ("", "implementer"):
        result["artifacts"] |= {"filesChanged": ["slugify.py"], "commit": "0" * 40}
    return f"<<<AGENT_RESULT\n{json.dumps(result)}\nAGENT_RESULT>>>"


def call_of(names: set[str], role: str) -> tuple[str, dict[str, Any]] | None:
    """The command as a call of one of the tools that were offered."""
    command = WORK if role in ("", "implementer") else LOOK
    if "exec_command" in names:
        return "exec_command", {"cmd": command}
    if "shell_command" in names:
        return "shell_command", {"command": command}
    if "shell" in names:
        return "shell", {"command": ["bash", "-c", command]}
    if "bash" in names:
        return "bash", {"command": command, "description": "work"}
    return None


def chat(body: dict[str, Any], served: str) -> Iterator[bytes]:
    """The events of a chat completion."""
    text = json.dumps(body.get("messages"))
    role, names = role_of(text), {tool["function"]["name"] for tool in body.get("tools") or []}
    done = any(message.get("role") == "tool" for message in body["messages"])
    call = None if done or role in ("closer", "retrospective") else call_of(names, role)
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": served or body["model"]}
    if call:
        function = {"name": call[0], "arguments": json.dumps(call[1])}
        tool = {"index": 0, "id": "call_1", "type": "function", "function": function}
        deltas = [({"role": "assistant", "tool_calls": [tool]}, None), ({}, "tool_calls")]
    else:
        deltas = [({"role": "assistant", "content": final(role)}, None), ({}, "stop")]
    for delta, reason in deltas:
        yield _event({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
    yield _event({**base, "choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}})
    yield b"data: [DONE]\n\n"


def responses(body: dict[str, Any], served: str) -> Iterator[bytes]:
    """The events of a response."""
    text = json.dumps([body.get("instructions"), body.get("input")])
    role, names = role_of(text), {str(tool.get("name")) for tool in body.get("tools") or []}
    items = body["input"] if isinstance(body["input"], list) else []
    done = any(item.get("type") == "function_call_output" for item in items)
    call = None if done or role in ("closer", "retrospective") else call_of(names, role)
    base = {"id": "resp_1", "object": "response", "created_at": 1, "model": served or body["model"]}
    yield _event({"type": "response.created", "response": {**base, "status": "in_progress", "output": []}})
    if call:
        arguments = json.dumps(call[1])
        item = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": call[0], "status": "completed"}
        yield _event({"type": "response.output_item.added", "output_index": 0, "item": {**item, "arguments": ""}})
        delta = {"item_id": "fc_1", "output_index": 0}
        yield _event({"type": "response.function_call_arguments.delta", **delta, "delta": arguments})
        yield _event({"type": "response.function_call_arguments.done", **delta, "arguments": arguments})
        item = {**item, "arguments": arguments}
    else:
        part = {"type": "output_text", "text": final(role), "annotations": []}
        item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
        place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        yield _event({"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}})
        yield _event({"type": "response.content_part.added", **place, "part": {**part, "text": ""}})
        yield _event({"type": "response.output_text.delta", **place, "delta": part["text"]})
        yield _event({"type": "response.output_text.done", **place, "text": part["text"]})
    yield _event({"type": "response.output_item.done", "output_index": 0, "item": item})
    tokens = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    tokens |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    end = {**base, "status": "completed", "output": [item], "usage": tokens}
    yield _event({"type": "response.completed", "response": end})


def _event(values: dict[str, Any]) -> bytes:
    name = f"event: {values['type']}\n" if "type" in values else ""
    return f"{name}data: {json.dumps(values)}\n\n".encode()
