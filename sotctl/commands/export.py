"""Write another program's configuration, derived from the admissions in force."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from sotctl.admissions.derive import admissions
from sotctl.app import output
from sotctl.app.app import App, with_commit
from sotctl.app.signatures import signature_of
from sotctl.app.verb import refuse_both, verb
from sotctl.documents.quote import did_you_mean, quote
from sotctl.documents.snapshot import Snapshot
from sotctl.durable import write_durably
from sotctl.errors import BlockedError, SotError, UsageError
from sotctl.export.admitted import Admitted, admitted
from sotctl.export.catalogue import formats
from sotctl.export.target import ExportFormat, TargetError, Written
from sotctl.plan import Plan
from sotctl.report.terminal import wrapped
from sotctl.result import Result
from sotctl.store.store import Store, open_snapshot

GROUP = "share"
_TYPE = "sotctl.export/v1"


@verb(
    example="sotctl export claude-code --out managed-settings.json\nsotctl export opa --out bundle.tar.gz", writes=True
)
@click.argument("name", metavar="FORMAT")
@click.option("--out", metavar="PATH", help="Write what HEAD admits there; - is standard output.")
def command(app: App, name: str, out: str | None) -> Result:
    """Derive the configuration of claude-code, opencode, litellm or opa from the admissions in force.

    Without --out it writes the file that sot.toml names under [exports], and commits it. Keys that an export does not
    govern stay as they are. A pair that the program cannot express is named and left out.
    """
    form = formats().get(name)
    if form is None:
        hint = did_you_mean(name, list(formats()))
        raise UsageError(f"there is no export format {quote(name)}; known: {', '.join(sorted(formats()))}{hint}")
    refuse_both("--json", app.as_json, "--out -", out == "-")
    if out is not None:
        return _write_out(app, form, out)
    snapshot = app.snapshot
    target = snapshot.policy.exports.get(name)
    if target is None:
        hint = f"sotctl export {name} --out PATH, or name a file in {app.store.folder}/sot.toml under [exports]"
        raise UsageError(f"no file is named for {name}", hint=hint)
    existing = snapshot.tree.read(target)
    written = _written(form, admitted(snapshot), existing, target, app.store.git.commit())
    plan = Plan(
        files={target: written.data},
        before={target: existing},
        message=f"Export the admissions in force for {form.program}\n",
        is_derived=True,
    )
    row = f"{'wrote' if plan.changed() else 'unchanged'}  {target}"
    result = app.carry_out(
        app.planned(plan),
        _TYPE,
        _values(form, target, written),
        with_commit([row]),
    )
    return replace(result, error=_limits(form, written))


def _write_out(app: App, form: ExportFormat, out: str) -> Result:
    """Write what HEAD admits to a file anywhere, or to standard output."""
    store = app.store
    tree = store.commit_tree()
    snapshot = open_snapshot(tree, store.folder, now=app.now, policy=store.policy(tree))
    path, pairs = Path(out), _pairs(store, snapshot)
    existing = _existing(path) if out != "-" and form.id != "opa" else None
    written = _written(form, pairs, existing, out, store.git.commit())
    _refuse_remaining(form, pairs, written, out)
    if out == "-":
        sys.stdout.buffer.write(written.data)
        sys.stdout.flush()
        return Result(type=_TYPE, error=_limits(form, written))
    if not app.dry_run and written.data != existing:
        if form.id != "opa" and _existing(path) != existing:
            raise BlockedError(f"{out} was changed meanwhile, and is left as it is", hint="run it again")
        write_durably(path, written.data)
    state = "would write" if app.dry_run else "unchanged" if written.data == existing else "wrote"
    return Result(type=_TYPE, values=_values(form, out, written), text=f"{state}  {out}", error=_limits(form, written))


def _existing(path: Path) -> bytes | None:
    """The bytes of a target; None if it does not exist.

    Raises:
        SotError: It is no regular file.
    """
    if not os.path.lexists(path):
        return None
    if path.is_symlink() or not path.is_file():
        raise SotError(f"{path} is not a regular file", hint="name another file")
    return path.read_bytes()


def _written(form: ExportFormat, pairs: list[Admitted], existing: bytes | None, where: str, revision: str) -> Written:
    try:
        return form.write(pairs, existing, revision=revision)
    except TargetError as error:
        hint = "mend it by hand, or name another file"
        raise SotError(f"{where}:{error.line}: {error.message}; it is left as it is", hint=hint) from None


def _refuse_remaining(form: ExportFormat, pairs: list[Admitted], written: Written, where: str) -> None:
    """Refuse a target that would still allow more, by a key that only its owner can remove."""
    if left := form.write(pairs, written.data, revision="").drifts:
        message = "; ".join(f"{where}:{drift.line}: {drift.message}" for drift in left)
        raise BlockedError(message, hint="the file is left as it is")


def _pairs(store: Store, snapshot: Snapshot) -> list[Admitted]:
    """The pairs in force, without those whose required signature is not good."""
    pairs = admitted(snapshot)
    if not snapshot.policy.require_signature:
        return pairs
    by_digest = {admission.sha256: admission for admission in admissions(snapshot)}
    good = []
    for one in pairs:
        signature = signature_of(store, snapshot, by_digest[one.sha256])
        if signature is not None and signature.is_good:
            good.append(one)
        else:
            output.error(f"left out  {one.pair}: its admission has no good signature" + "\n")
    return good


def _values(form: ExportFormat, path: str, written: Written) -> dict[str, object]:
    return {"format": form.id, "path": path, "unexpressed": list(written.unexpressed)}


def _limits(form: ExportFormat, written: Written) -> str:
    """The pairs that the program has no setting for, and how far the file reaches."""
    lines = [line for text in written.unexpressed for line in wrapped(text, "left out  ")]
    return "\n".join([*lines, *wrapped(form.limits, "note  ")])
