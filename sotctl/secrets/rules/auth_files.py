"""Tokens in the login files of coding agents, whose keys (`access`, `refresh`, `key`) are too general for other rules."""

from __future__ import annotations

from sotctl.secrets.rule import SecretRule, lazy
from sotctl.secrets.values import is_random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import Spans

_NEARBY_BYTES = 4096
_MEMBER = r"""\"(?:access|refresh|key|id|secret|token)\\{0,3}\"\s{0,4}:\s{0,4}\\{0,3}\"(?P<secret>[^\"\\\s]{16,6000})"""
_VALUE = lazy(_MEMBER.encode())
_SHAPE = lazy(rb"\"type\\{0,3}\"\s{0,4}:\s{0,4}\\{0,3}\"(?:oauth|api|api_key|apikey|wellknown|token)\\{0,3}\"")


def _find(data: bytes, position: int) -> Spans:
    """Return the value at *position* if the `type` of the object around it is that of a login."""
    match = _VALUE().match(data, position)
    if match is None:
        return ()
    before = data.rfind(b"{", max(0, position - _NEARBY_BYTES), position)
    after = data.find(b"}", match.end(), match.end() + _NEARBY_BYTES)
    start, stop = max(before, 0), after if after >= 0 else match.end() + _NEARBY_BYTES
    place = data.find(b'"type', start, stop)  # `find` first: `search` is slower, and most often there is none
    return (match.span("secret"),) if place >= 0 and _SHAPE().search(data, place, stop) and is_random(match["secret"]) else ()


RULES = (
    SecretRule(
        id="agent-login",
        summary="token in an agent's auth.json",
        source="https://github.com/badlogic/pi-mono; https://opencode.ai/docs/providers/",
        find=_find,
        pattern=_MEMBER,
        keywords=('"access', '"refresh', '"key', '"id', '"secret', '"token'),
        near=r"""\"(?:access|refresh|key|id|secret|token)\\*\"\s*:\s*\\*\"[^\"\\\s]{16}""",
        matches=('{"anthropic": {"type": "oauth", "access": "' + "aB3dE6gH9k" * 4 + '", "expires": 1}}', '{"type": "api_key", "key": "' + "aB3dE6gH9k" * 3 + '"}'),
        misses=('{"access": "' + "aB3dE6gH9k" * 4 + '"}', '{"type": "oauth", "access": "none"}', '{"type": "cache", "key": "' + "aB3dE6gH9k" * 4 + '"}'),
    ),
)
