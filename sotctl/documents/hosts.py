"""Tells local hosts from hosts on the internet, by name alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from ipaddress import IPv6Address, ip_address, ip_network

LOCAL_HOSTS = "local-hosts"
"""The name under `[networks]` at which a store lists hosts of its own that nothing else shows to be local."""
_OWN = tuple(
    ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)
_OWN_NAMES = ("localhost", "local", "internal", "home.arpa")
"""Domains that nobody can register: RFC 6761, RFC 6762, RFC 8375, and `internal`, which ICANN has reserved."""


def is_local(host: str, named: Collection[str]) -> bool:
    """Whether a host of `[networks]`, with or without a port, is loopback, private, or one of *named*."""
    name, _ = _parts(host)
    if host in named or name in named:
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return any(name == own or name.endswith(f".{own}") for own in _OWN_NAMES)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in net for net in _OWN)


def entry_for(hosts: Iterable[str], host: str, port: int) -> str | None:
    """The entry of a network class that allows a host at a port, as it is written; None where none does.

    An entry with a port allows that port alone, one without allows every port.
    """
    name = host.strip("[]").lower()
    allowing = ((name, None), (name, port))
    return next((entry for entry in hosts if _parts(entry) in allowing), None)


def _parts(entry: str) -> tuple[str, int | None]:
    """The name of a host in lower case, without brackets, and its port; a plain IPv6 address has colons and no port."""
    name, colon, port = entry.lower().rpartition(":")
    if colon and port.isdigit() and (":" not in name or name.endswith("]")):
        return name.strip("[]"), int(port)
    return entry.lower().strip("[]"), None
