"""The baseline of accepted false alarms: the fingerprint, file, reason and date of each.

{
  "type": "sotctl.secrets-baseline/v1",
  "key": "<random, hexadecimal, created with the baseline>",
  "accepted": [
    {"fingerprint": "…", "rule": "…", "path": "docs/a.md", "reason": "a test vector of RFC 7515", "date": "2026-05-31"}
  ]
}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sotctl.secrets import fingerprint
from sotctl.secrets.bounds import UNSEARCHED
from sotctl.secrets.secret import Secret

TYPE = "sotctl.secrets-baseline/v1"
_KEYS = ("fingerprint", "rule", "path", "reason", "date")
_EMPTY_REASONS = frozenset(("", "-", "tbd", "n/a", "na", "none", "todo", "pending", "fixme", "x", "?"))


class BaselineError(ValueError):
    """The baseline is invalid; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Accepted:
    """One reviewed false alarm. `rule` is the rule that found it; the value is accepted whichever rule finds it."""

    path: str
    fingerprint: str
    rule: str
    reason: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The key of the fingerprints, and the accepted alarms sorted by path."""

    key: bytes
    accepted: tuple[Accepted, ...] = ()

    def accepts(self, secret: Secret, data: bytes, *, path: str) -> bool:
        """Whether *secret*, found in the *data* of *path*, is accepted in that file."""
        if secret.rule == UNSEARCHED.id:
            return False
        mark = fingerprint.of(secret, data, key=self.key)
        return any((entry.fingerprint, entry.path) == (mark, path) for entry in self.accepted)

    def sorted_out(self, secrets: Sequence[Secret], data: bytes, *, path: str) -> tuple[list[Secret], set[Accepted]]:
        """Return the *secrets* that are not accepted, and the entries that accepted the others.

        A finding about an unsearched rest is never accepted.
        """
        values = [data[secret.start : secret.start + secret.length] for secret in secrets]
        return self.sorted_out_values(secrets, values, path=path)

    def sorted_out_values(
        self, secrets: Sequence[Secret], values: Sequence[bytes], *, path: str
    ) -> tuple[list[Secret], set[Accepted]]:
        """Like `sorted_out`, given the *values* of the secrets instead of the data."""
        known: dict[str, set[Accepted]] = {}
        for entry in self.accepted:
            if entry.path == path:
                known.setdefault(entry.fingerprint, set()).add(entry)
        met: set[Accepted] = set()
        left: list[Secret] = []
        for secret, value in zip(secrets, values, strict=True):
            searched = secret.rule != UNSEARCHED.id
            entries = known.get(fingerprint.fingerprint(value, key=self.key), set()) if searched else set()
            met |= entries
            if not entries:
                left.append(secret)
        return left, met

    def stale(self, met: Iterable[Accepted]) -> tuple[Accepted, ...]:
        """Return the stale entries, those not in *met*: no file has the value they accept."""
        known = set(met)
        return tuple(entry for entry in self.accepted if entry not in known)

    def with_accepted(self, secret: Secret, data: bytes, *, path: str, reason: str, today: date) -> Baseline:
        """Return the baseline with *secret* accepted.

        Raises:
            BaselineError: The reason is empty or a placeholder, or *secret* marks an unsearched rest.
        """
        if secret.rule == UNSEARCHED.id:
            raise BaselineError(f"{path}: too many alarms to review; divide the file into smaller ones")
        if reason.strip().lower() in _EMPTY_REASONS:
            raise BaselineError(f"{path}: an accepted alarm needs a reason")
        mark = fingerprint.of(secret, data, key=self.key)
        entry = Accepted(path=path, fingerprint=mark, rule=secret.rule, reason=reason.strip(), date=today.isoformat())
        kept = [old for old in self.accepted if (old.fingerprint, old.path) != (mark, path)]
        return Baseline(key=self.key, accepted=tuple(sorted([*kept, entry])))

    def without(self, entries: Iterable[Accepted]) -> Baseline:
        """Return the baseline without *entries*."""
        gone = set(entries)
        return Baseline(key=self.key, accepted=tuple(entry for entry in self.accepted if entry not in gone))

    def to_bytes(self) -> bytes:
        """Return the baseline file: JSON, two-space indent, LF, ASCII, entries sorted by path."""
        entries = [{key: getattr(entry, key) for key in _KEYS} for entry in sorted(self.accepted)]
        return (json.dumps({"type": TYPE, "key": self.key.hex(), "accepted": entries}, indent=2) + "\n").encode("ascii")


def parse(data: bytes) -> Baseline:
    """Read a baseline.

    Raises:
        BaselineError: Not JSON, an unknown or missing key, a wrong type, a duplicate entry, or no reason.
    """
    try:
        root = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"not JSON: {error}") from error
    if not isinstance(root, dict) or set(root) != {"type", "key", "accepted"} or root["type"] != TYPE:
        raise BaselineError(f"a baseline has exactly the keys type, key and accepted, and the type {TYPE}")
    key, entries = root["key"], root["accepted"]
    if not isinstance(key, str) or not re.fullmatch("[0-9a-f]{32,128}", key) or len(key) % 2:
        raise BaselineError("key: must be 32 to 128 hexadecimal digits, an even number")
    if not isinstance(entries, list):
        raise BaselineError("accepted: must be a list")
    accepted = tuple(_entry(entry, f"accepted[{place}]") for place, entry in enumerate(entries))
    if len({(entry.fingerprint, entry.path, entry.rule) for entry in accepted}) != len(accepted):
        raise BaselineError("accepted: duplicate entry")
    return Baseline(key=bytes.fromhex(key), accepted=tuple(sorted(accepted)))


def _entry(entry: object, place: str) -> Accepted:
    if (
        not isinstance(entry, dict)
        or set(entry) != set(_KEYS)
        or not all(isinstance(value, str) for value in entry.values())
    ):
        raise BaselineError(f"{place}: must have exactly the keys {', '.join(_KEYS)}, each a string")
    if not re.fullmatch("[0-9a-f]{32}", entry["fingerprint"]):
        raise BaselineError(f"{place}.fingerprint: must be 32 hexadecimal digits")
    if entry["reason"].strip().lower() in _EMPTY_REASONS:
        raise BaselineError(f"{place}.reason: an accepted alarm needs a reason")
    try:
        date.fromisoformat(entry["date"])
    except ValueError as error:
        raise BaselineError(f"{place}.date: {error}") from error
    return Accepted(**entry)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise BaselineError("duplicate key")
    return mapping


def _refused(constant: str) -> object:
    raise BaselineError(f"{constant} is not JSON")
