"""Open Policy Agent: a bundle with the admissions as data and one rule, for hosts that poll it.

Sources: https://www.openpolicyagent.org/docs/management-bundles (a gzipped tarball; `data.json`, `*.rego`, `.manifest`
with `revision`, `roots` and `rego_version`), its schema
https://openpolicyagent.org/schemas/bundle/v1/manifest.schema.json, and
https://www.openpolicyagent.org/docs/policy-reference for `time.now_ns`.

The same commit gives the same bytes: entries are sorted, their times are zero, and the archive is stored, since two
builds of zlib compress differently.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sotctl.export.admitted import Admitted
from sotctl.export.target import MAX_BYTES, Drift, TargetError, Written

RULE = """\
# Written by sotctl from the admissions in force; edit the decisions, not this file.
package sotctl.admission

import rego.v1

default allow := false

# input: {"provider": ..., "model": ...}, compared as exact texts.
allow if {
	some admission in data.sotctl.admissions
	admission.provider == input.provider
	admission.model == input.model
	time.now_ns() < admission.lapses_at_ns
}
"""
_FILES = (".manifest", "data.json", "sotctl/admission.rego")
_NEVER = (1 << 63) - 1
"""The last nanosecond of OPA's clock: when an admission without a review-by date lapses."""


class _Opa:
    id = "opa"
    program = "Open Policy Agent"
    limits = "until its next poll a host uses the bundle it has; OPA's own configuration says how often it polls"

    def write(self, pairs: Sequence[Admitted], existing: bytes | None, *, revision: str) -> Written:
        drifts = () if existing is None else tuple(_drifts(pairs, existing))
        if existing is not None and not drifts:
            revision = str(json.loads(_files(existing)[".manifest"]).get("revision", ""))
        return Written(data=_bundle(_contents(pairs, revision)), drifts=drifts)


def _contents(pairs: Sequence[Admitted], revision: str) -> dict[str, bytes]:
    manifest = {"revision": revision, "roots": ["sotctl"], "rego_version": 1}
    data = {"sotctl": {"admissions": [_row(one) for one in pairs]}}
    texts = (json.dumps(manifest, indent=2), json.dumps(data, indent=2), RULE)
    return {name: f"{text.rstrip()}\n".encode() for name, text in zip(_FILES, texts, strict=True)}


def _row(one: Admitted) -> dict[str, object]:
    return {
        "provider": one.provider,
        "model": one.model,
        "issue": one.issue,
        "decision_record": one.record,
        "admission_sha256": one.sha256,
        "approval_source": one.approval_source,
        "credential_source_class": one.credential_source_class,
        "allowed_network_class": one.allowed_network_class,
        "review_by": str(one.review_by) if one.review_by else None,
        "lapses_at_ns": _lapses_at_ns(one.review_by),
    }


def _lapses_at_ns(review_by: date | None) -> int:
    """The instant from which an admission no longer counts: the UTC midnight after its review-by date."""
    if review_by is None:
        return _NEVER
    days = review_by.toordinal() + 1 - date(1970, 1, 1).toordinal()
    return min(days * 86_400 * 10**9, _NEVER)


def _bundle(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in sorted(contents.items()):
            entry = tarfile.TarInfo(f"/{name}")
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), compresslevel=0, mtime=0)


def _files(bundle: bytes) -> dict[str, bytes]:
    """The files of a bundle by name.

    Raises:
        TargetError: It is no bundle, or larger than any that sotctl writes.
    """
    try:
        with gzip.open(io.BytesIO(bundle)) as stream:
            plain = stream.read(MAX_BYTES + 1)
        if len(plain) > MAX_BYTES:
            raise TargetError(f"it is larger than {MAX_BYTES >> 20} MiB unpacked")
        files: dict[str, bytes] = {}
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for entry in archive:
                name = entry.name.lstrip("/").removeprefix("./")
                if name in files:
                    raise TargetError(f"it holds {name!r} twice")
                if file := archive.extractfile(entry) if entry.isfile() else None:
                    files[name] = file.read()
    except (OSError, EOFError, zlib.error, tarfile.TarError):
        raise TargetError("it is not an OPA bundle: a gzipped tarball is expected") from None
    return files


def _drifts(pairs: Sequence[Admitted], existing: bytes) -> Iterator[Drift]:
    """Where a bundle differs, its revision aside; it has no lines, and so each is in line 1."""
    found, wanted = _files(existing), _contents(pairs, "")
    for name in sorted(found.keys() - wanted.keys()):
        yield Drift(line=1, message=f"the bundle holds a file {name!r} besides")
    for name in sorted(wanted):
        old, new = _parsed(name, found.get(name)), _parsed(name, wanted[name])
        if old != new:
            pairs_besides = tuple(_besides(pairs, old)) if name == "data.json" else ()
            yield Drift(line=1, message=f"its {name} is not what the admissions in force say", pairs=pairs_besides)


def _parsed(name: str, data: bytes | None) -> Any:
    if data is None or name.endswith(".rego"):
        return data
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return data
    return {key: item for key, item in value.items() if key != "revision"} if isinstance(value, dict) else value


def _besides(pairs: Sequence[Admitted], data: Any) -> Iterator[str]:
    known = {one.pair for one in pairs}
    try:
        rows = data["sotctl"]["admissions"]
        yield from (name for row in rows if (name := f"{row['provider']}/{row['model']}") not in known)
    except (KeyError, TypeError):
        return


FORMAT = _Opa()
