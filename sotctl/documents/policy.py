"""The configuration of a store, `sot.toml`, as a value. Reference: docs/reference/store.md."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sotctl.documents import rules
from sotctl.documents.formats import FORMATS, ISSUE_ID
from sotctl.documents.layout import store_path
from sotctl.documents.quote import quote
from sotctl.documents.schema import Schema
from sotctl.documents.templates import Templates
from sotctl.errors import Command
from sotctl.findings import Finding, RejectedError

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would cost the gate as much as running git
    from typing import Any, TypeGuard

DEFAULT_MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("ready", "blocked", "rejected", "superseded"),
    "ready": ("in_progress", "blocked", "rejected", "superseded"),
    "in_progress": ("validated", "blocked", "rejected", "superseded"),
    "blocked": ("ready", "in_progress", "validated", "rejected", "superseded"),
    "validated": ("in_progress", "superseded"),
    "rejected": ("draft",),
    "superseded": (),
}


DEFAULT_CHANNELS = ("chat", "mail", "call", "meeting", "issue", "pr")
"""How an approval may have been given, where `[approval] channels` names nothing else."""

_Problem = tuple[tuple[str | int, ...], str]
"""A line of the file, and what is wrong there."""

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?|\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?(?::[0-9]{1,5})?"
_SOURCE = r"env:[A-Za-z_][A-Za-z0-9_]*|(?:pi|codex)(?::[^\x00-\x1f\x7f]+)?|none"
_STATUS = r"[a-z][a-z0-9_]*"
_TABLE = r"\s*\[\[?([^\]]+)\]"
_TRAILER = r"[A-Za-z][A-Za-z0-9-]*: \S"
_KEY = r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a store's owner has configured; the defaults are those of `templates/sot.schema.json`."""

    owner: str = ""
    route: str = ""
    also: tuple[str, ...] = ()
    extra_frontmatter: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ("JP",)
    channels: tuple[str, ...] = DEFAULT_CHANNELS
    core_route_prefix: str = "Core route"
    require_signature: bool = False
    allowed_signers: str = ""
    warn_days: int = 14
    commit_prefix: str = ""
    commit_trailers: tuple[str, ...] = ()
    decisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    evidence_isolation: str = "required"
    baseline: str = ".sot/secrets-baseline.json"
    upstream: str = "warn"
    gate_ref: str = ""
    max_age: str = ""
    moves: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: DEFAULT_MOVES)
    exports: Mapping[str, str] = field(default_factory=dict)

    def message(self, text: str) -> str:
        """A commit message of sotctl with the prefix and the trailers that the store asks for."""
        if not self.commit_trailers:
            return self.commit_prefix + text
        body = text.rstrip("\n")
        gap = "\n" if "\n\n" in body and is_trailers(body.rpartition("\n\n")[2]) else "\n\n"
        return f"{self.commit_prefix}{body}{gap}{chr(10).join(self.commit_trailers)}\n"


def is_trailers(paragraph: str) -> bool:
    """Whether a paragraph of a commit message holds trailers alone: `Key: value` lines."""
    return all(re.match(_TRAILER, line) for line in paragraph.splitlines())


def parse_policy(path: str, data: bytes | None, *, floor: Policy | None = None) -> Policy:
    """Read `sot.toml`; None, an absent file, is all defaults.

    Args:
        floor: The configuration of the top store, where this one belongs to another store of the repository: its
            approvals ask for no less.
    Raises:
        RejectedError: It is not TOML, has an unknown key, or a value of the wrong kind; each finding has its line.
    """
    values = {} if data is None else _read(path, data)
    policy = _policy(values)
    return policy if floor is None else _raised(policy, values, floor)


@functools.lru_cache(maxsize=16)  # a gate asks for the same configuration twice, a hook more often
def _read(path: str, data: bytes) -> Mapping[str, Any]:
    import tomllib

    try:
        text = data.decode("utf-8")
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError alone: a number of thousands of digits
        match = re.search(r"line (\d+)", str(error))
        last = data.rstrip().count(b"\n") + 1
        line = int(match[1]) if match else last if "end of document" in str(error) else 1
        message = f"not valid TOML: {error}"
        raise RejectedError([rules.CONFIGURATION_INVALID.finding(path, message, line=line)]) from None
    if findings := _findings(Templates().schema("sot"), path, text, values):
        raise RejectedError(findings)
    return values


def _findings(schema: Schema, path: str, text: str, values: Mapping[str, Any]) -> list[Finding]:
    problems: list[_Problem] = [(problem.path, problem.message) for problem in schema.problems(values, FORMATS)]
    for table, kind, pattern, wrong in (
        ("networks", "host names", _HOST, "which is no host: write each one out, without `*` or a path"),
        ("decisions", "issue ids", ISSUE_ID, "which is not an issue id such as `OPS-1`"),
    ):
        for name, items in _mapping(values, table).items():
            if not _is_texts(items):
                problems.append(((table, name), f"`{name}` must be a list of {kind}"))
                continue
            bad = [item for item in items if not re.fullmatch(pattern, item)]
            problems += [((table, name), f"`{name}` names {quote(item)}, {wrong}") for item in bad]
    for name, source in _mapping(values, "credentials").items():
        if not isinstance(source, str) or not re.fullmatch(_SOURCE, source):
            message = f"`{name}` must be env:NAME, pi, pi:FILE, codex, codex:FILE or none"
            problems.append((("credentials", name), message))
    for name, moves in _mapping(_mapping(values, "issues"), "statuses").items():
        problems += [(("issues", "statuses", name), message) for message in _moves_problems(name, moves)]
    problems += _exports_problems(_mapping(values, "exports"))
    if values.get("exports") and path.endswith("/.sot/sot.toml"):  # hooks look there only
        problems.append((("exports",), "`exports` is read in the `.sot` at the top of the repository alone"))
    return [
        rules.CONFIGURATION_INVALID.finding(path, message, Command("sotctl schema sot"), line=_line_of(text, where))
        for where, message in problems
    ]


def _exports_problems(exports: Mapping[str, Any]) -> Iterator[_Problem]:
    names: dict[object, str] = {}
    for name, path in exports.items():
        if not isinstance(path, str):
            continue
        if names.setdefault(path, name) != name:
            yield ("exports", name), f"`{name}` and `{names[path]}` name one file: each writes its own"
        parts = path.removeprefix("/").split("/")
        if any(part in ("", ".") for part in parts) or parts[0].casefold() in (".git", ".sot"):
            yield ("exports", name), f"`{name}` must be a path as git writes it, outside of the store: `a/b.json`"


def _moves_problems(name: str, moves: object) -> Iterator[str]:
    words = moves if _is_texts(moves) else []
    if words is not moves:
        yield f"`{name}` must be a list of statuses"
    for word in (name, *words):
        if not re.fullmatch(_STATUS, word):
            yield f"{quote(word)} cannot be written as a status: lower-case letters, digits and `_`"


def _raised(policy: Policy, values: Mapping[str, Any], floor: Policy) -> Policy:
    """*policy*, read from *values*, raised to what the top store asks of every approval."""
    approval = _mapping(values, "approval")
    kept: dict[str, Any] = {name: getattr(floor, name) for name in ("approvers", "channels")}
    for name in kept.keys() & approval.keys():
        kept[name] = tuple(item for item in getattr(policy, name) if item in kept[name])
    return replace(
        policy,
        **kept,
        core_route_prefix=floor.core_route_prefix,
        require_signature=policy.require_signature or floor.require_signature,
        allowed_signers=floor.allowed_signers,
        upstream=floor.upstream,
        gate_ref=floor.gate_ref,
        max_age=floor.max_age,
        also=(),
    )


def _policy(values: Mapping[str, Any]) -> Policy:
    store, commit, approval, gate = (_mapping(values, name) for name in ("store", "commit", "approval", "gate"))
    moves = DEFAULT_MOVES | _lists(_mapping(values, "issues"), "statuses")
    named: dict[str, Any] = {
        "owner": store.get("owner"),
        "route": store.get("route"),
        "also": [store_path(path) for path in store.get("also", ())],
        "extra_frontmatter": store.get("extra_frontmatter"),
        "approvers": approval.get("approvers"),
        "channels": approval.get("channels"),
        "core_route_prefix": approval.get("core_route_prefix"),
        "require_signature": approval.get("require_signature"),
        "allowed_signers": approval.get("allowed_signers"),
        "warn_days": _mapping(values, "review").get("warn_days"),
        "commit_prefix": commit.get("prefix"),
        "commit_trailers": commit.get("trailers"),
        "decisions": _lists(values, "decisions"),
        "networks": _lists(values, "networks"),
        "credentials": _mapping(values, "credentials"),
        "evidence_isolation": _mapping(values, "evidence").get("isolation"),
        "baseline": _mapping(values, "secrets").get("baseline"),
        "upstream": gate.get("upstream"),
        "gate_ref": gate.get("ref"),
        "max_age": gate.get("max_age"),
        "exports": _mapping(values, "exports"),
        "moves": moves | {to: () for targets in moves.values() for to in targets if to not in moves},
    }
    given = {name: value for name, value in named.items() if value is not None}
    given |= {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return Policy(**given)


def _mapping(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name, {})
    return value if isinstance(value, dict) else {}


def _lists(values: Mapping[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(items) for key, items in _mapping(values, name).items()}


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _line_of(text: str, where: tuple[str | int, ...]) -> int:
    """The line where the value at a path is written, or the nearest table above it that is."""
    names = [part for part in where if isinstance(part, str)]
    table: list[str] = []
    found, line = 0, 1
    for number, written in enumerate(text.splitlines(), 1):
        if header := re.match(_TABLE, written):
            here = table = _names(header[1])
        elif key := re.match(_KEY, written):
            here = [*table, *_names(key[1])]
        else:
            continue
        if len(here) > found and here == names[: len(here)]:
            found, line = len(here), number
    return line


def _names(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
