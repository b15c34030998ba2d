"""A store that requires signatures says where one is missing or stale, and which command mends it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from samples import ADMISSION_PATH, Repository

pytestmark = pytest.mark.needs("ssh-keygen")
SIGN = "sotctl admission sign openai-codex/gpt-5.5"


def admission(store: Repository, **environment: str) -> tuple[str, str]:
    parts = json.loads(store.run("health", "--json", **environment).stdout)["parts"]
    return next((part["status"], part["next"]) for part in parts if part["name"] == "admission")


@pytest.mark.slow
@pytest.mark.long
def test_a_missing_and_a_stale_signature_are_named(store: Repository, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "jp", "-f", keys / "id"], check=True)
    (keys / "signers").write_text(f"JP {(keys / 'id.pub').read_text()}")
    (keys / "signers").chmod(0o600)
    known = {"SOTCTL_ALLOWED_SIGNERS": str(keys / "signers"), "SOTCTL_SIGNING_KEY": str(keys / "id")}
    store.write(".sot/sot.toml", "[approval]\nrequire_signature = true\n")
    store.git("add", "-A")
    store.git("commit", "-qm", "Require signatures")
    assert json.loads(store.decide("--json").stdout)["next"] == SIGN
    assert "signature-absent" in store.done("check", "--all")
    assert admission(store, **known) == ("fail", SIGN)
    store.done("admission", "sign", **known)
    assert store.done("check", "--all").startswith("no findings")
    assert admission(store, **known) == ("pass", "")
    stale = store.read(f"{ADMISSION_PATH}.sig")
    assert store.decide("--set", "supersedes=CTO-WORK-020-DR-001", "--set", "review_trigger=yearly").returncode == 0
    assert store.read(f"{ADMISSION_PATH}.sig") == stale
    assert admission(store, **known) == ("fail", SIGN)
