"""Templates of a store: a decision is not made beside one that cannot be used, and schema does not destroy one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from samples import START, Repository, decided
from sotctl.errors import BlockedError

NAME = "provider-decision.schema.json"
TEMPLATE = f".sot/templates/{NAME}"


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        (NAME, b"{", "is not JSON"),
        (NAME, b'{"title": "x", "allOf": [{"$ref": "decision-record.schema.json"}]}', "x-decides"),
        ("own.schema.json", b"", "is not JSON"),
        ("provider-decision.md", b"\xff", "is not UTF-8"),
    ],
)
def test_nothing_is_decided_beside_a_template_that_cannot_be_used(name: str, data: bytes, problem: str) -> None:
    with pytest.raises(BlockedError, match=problem) as refused:
        decided({**START, f".sot/templates/{name}": data})
    assert refused.value.message.startswith(f".sot/templates/{name} cannot be used, so nothing is decided: ")


def test_a_template_in_a_folder_decides_nothing() -> None:
    data = b'{"x-decides": ["CTO-WORK-020"], "required": ["nothing"]}'
    assert decided({**START, f".sot/templates/more/{NAME}": data}).files == decided(START).files


def test_schema_may_be_written_over_the_template_that_it_prints(store: Repository) -> None:
    shipped = json.loads(store.done("schema", "provider-decision"))
    own = json.dumps({**shipped, "description": "Ours."}, indent=2) + "\n"
    for expected in (json.dumps(shipped, indent=2) + "\n", own):
        with (store.path / TEMPLATE).open("w") as out:
            command = [sys.executable, "-m", "sotctl", "schema", "provider-decision"]
            assert subprocess.run(command, cwd=store.path, stdout=out, check=False).returncode == 0
        assert json.loads(store.read(TEMPLATE)) == json.loads(expected)
        store.write(TEMPLATE, own)
        store.git("add", "-A")
        store.try_git("commit", "-qm", "A template of our own")
