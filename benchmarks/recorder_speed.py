"""Measures what the recorder adds to a request and to the first byte of a stream; the target is under 2 ms.

`python benchmarks/recorder_speed.py`
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.pop(0)  # this folder has a module with the name of a standard one
sys.path.append(str(Path(__file__).parents[1] / "tests"))

from sotctl.stage2.credential_sources import parse_credential
from sotctl.stage2.recorder import Recorder
from sotctl.stage2.wires import wires
from stage2.recording import MODEL

REQUESTS = 300
BODY_BYTES = 30_000
PROVIDER = "from stage2.provider import Provider; print(Provider().url, flush=True); input()"


def timed_requests(base: str, *, stream: bool) -> tuple[float, float]:
    """The median times to the first and to the last byte, in ms, over one persistent connection."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    body = json.dumps({"model": MODEL, "stream": stream, "messages": [{"role": "user", "content": "x" * BODY_BYTES}]})
    firsts, lasts = [], []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        connection.request("POST", f"{parts.path}/chat/completions", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read(1)
        firsts.append(time.perf_counter() - begun)
        answer.read()
        lasts.append(time.perf_counter() - begun)
    connection.close()
    return sorted(firsts)[REQUESTS // 2] * 1000, sorted(lasts)[REQUESTS // 2] * 1000


async def requests_ms(base: str, *, stream: bool) -> tuple[float, float]:
    """Like `timed_requests`, in a separate process: a client in this one would compete with the recorder for time."""
    command = [sys.executable, __file__, "client", base, "stream" if stream else "whole"]
    client = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    first, last = (await client.communicate())[0].split()
    return float(first), float(last)


async def through_recorder(url: str, *, stream: bool) -> tuple[float, float]:
    recorder = Recorder(
        upstream=url,
        wire=wires()["chat-completions"],
        provider="vllm",
        model=MODEL,
        hosts=("127.0.0.1",),
        credential=parse_credential("none", provider="vllm", environment={}, home=Path.home()),
        agent=str,
    )
    async with recorder:
        return await requests_ms(recorder.base_url, stream=stream)


def show_requests() -> None:
    """Print how long a request takes with and without the recorder; provider and client are separate processes."""
    paths = os.pathsep.join(path for path in sys.path if path)
    provider = subprocess.Popen(
        [sys.executable, "-c", PROVIDER],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert provider.stdout is not None
    url = provider.stdout.readline().strip()
    for stream in (False, True):
        direct = asyncio.run(requests_ms(url, stream=stream))
        recorded = asyncio.run(through_recorder(url, stream=stream))
        kind = "streamed" if stream else "whole"
        first, last = (f"{direct[at]:6.2f} -> {recorded[at]:6.2f} ms" for at in (0, 1))
        print(f"request, {kind:<8}    first byte {first}   all {last}")
    provider.kill()


if __name__ == "__main__":
    if sys.argv[1:2] == ["client"]:
        print(*timed_requests(sys.argv[2], stream=sys.argv[3] == "stream"))
    else:
        show_requests()
