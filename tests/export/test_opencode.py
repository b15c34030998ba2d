"""The export for opencode, in opencode itself, without a way to any network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from samples import START, decided, snapshot
from sotctl.export.admitted import admitted
from sotctl.export.catalogue import formats

PAIRS = admitted(snapshot({**START, **decided(START).files}))
OWN = {
    "provider": {
        name: {
            "npm": "@ai-sdk/openai-compatible",
            "options": {"baseURL": "http://127.0.0.1:9/v1", "apiKey": "none"},
            "models": {"gpt-5.5": {}, "gpt-4": {}},
        }
        for name in ("openai-codex", "another")
    }
}


def models(folder: Path, config: bytes) -> set[str]:
    """The models that opencode offers with a configuration."""
    folder.mkdir()
    (folder / "opencode.json").write_bytes(config)
    program = shutil.which("opencode")
    assert program is not None
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "OPENCODE_DISABLE_AUTOUPDATE": "1",
        "OPENCODE_DISABLE_MODELS_FETCH": "1",
        "ANTHROPIC_API_KEY": "none",
    }
    done = subprocess.run(
        ["unshare", "-n", program, "models"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return {line for line in done.stdout.split() if "/" in line}


@pytest.mark.slow
@pytest.mark.needs("opencode")
@pytest.mark.needs("unshare", "-n", "true")
@pytest.mark.long
def test_opencode_offers_the_admitted_model_and_no_other(tmp_path: Path) -> None:
    own = json.dumps(OWN).encode()
    offered = models(tmp_path / "before", own)
    assert {"openai-codex/gpt-5.5", "openai-codex/gpt-4", "another/gpt-4"} < offered
    form = formats()["opencode"]
    assert models(tmp_path / "after", form.write(PAIRS, own, revision="").data) == {"openai-codex/gpt-5.5"}
    assert models(tmp_path / "closed", form.write([], own, revision="").data) == set()
