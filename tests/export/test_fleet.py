"""docs/fleet.md, as it is told: a bundle is served, a host polls it, a revocation changes the answer."""

from __future__ import annotations

import http.server
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from export.test_opa import allows
from samples import Repository

QUESTION = {"provider": "openai-codex", "model": "gpt-5.5"}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder that a web server on loopback serves, and its address."""
    folder = tmp_path / "published"
    folder.mkdir()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/bundle.tar.gz"
        server.shutdown()


def poll(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return bytes(answer.read())


def test_a_host_that_polls_answers_otherwise_after_a_revocation(store: Repository, published: tuple[Path, str]) -> None:
    folder, address = published
    with pytest.raises(urllib.error.HTTPError) as nothing:
        poll(address)
    nothing.value.close()
    assert store.decide().returncode == 0
    store.done("export", "opa", "--out", str(folder / "bundle.tar.gz"))
    kept = poll(address)
    assert allows(kept, QUESTION)
    assert not allows(kept, {**QUESTION, "model": "gpt-5.4"})
    store.done("admission", "revoke", "--reason", "the account was closed")
    assert allows(poll(address), QUESTION), "until CI publishes the next bundle"
    store.done("export", "opa", "--out", str(folder / "bundle.tar.gz"))
    assert not allows(poll(address), QUESTION)
    assert allows(kept, QUESTION), "a host that is cut off goes on with what it has"
