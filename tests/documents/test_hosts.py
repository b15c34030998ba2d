"""Which host and port an entry of a network class allows."""

from __future__ import annotations

import pytest

from sotctl.documents.hosts import entry_for


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("api.example.com", "api.example.com", 443, True),
        ("API.example.com", "api.example.com", 8443, True),
        ("api.example.com:443", "api.example.com", 443, True),
        ("api.example.com:443", "api.example.com", 8443, False),
        ("api.example.com", "example.com", 443, False),
        ("example.com", "api.example.com", 443, False),
        ("::1", "::1", 8000, True),
        ("[::1]", "::1", 8000, True),
        ("[::1]:8000", "::1", 8000, True),
        ("[::1]:8000", "::1", 8001, False),
        ("127.0.0.1", "127.0.0.1", 1, True),
        ("127.0.0.1", "localhost", 1, False),
    ],
)
def test_an_entry_allows_its_host_and_where_it_names_one_its_port(
    entry: str, host: str, port: int, allowed: bool
) -> None:
    assert entry_for(("other.example", entry), host, port) == (entry if allowed else None)
