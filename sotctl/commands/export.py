"""Write what another program enforces, derived from the admissions in force."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, print_json, store_here
from sotctl.app.verb import Verb
from sotctl.digests import sha256
from sotctl.documents.quote import did_you_mean, quote
from sotctl.documents.snapshot import Snapshot
from sotctl.durable import write_durably
from sotctl.errors import BlockedError, SotError, UsageError
from sotctl.export.admitted import Admitted, admitted
from sotctl.export.catalogue import formats
from sotctl.export.target import ExportFormat, TargetError, Written
from sotctl.gate.signing import verify_beside
from sotctl.plan import Plan
from sotctl.report.formats.text import wrapped
from sotctl.store.store import Store, open_snapshot, utc_now

_TYPE = "sotctl.export/v1"


@click.command(
    cls=Verb, epilog="sotctl export claude-code --out managed-settings.json\nsotctl export opa --out bundle.tar.gz"
)
@click.argument("name", metavar="FORMAT")
@click.option("--out", metavar="PATH", help="Write there, or with - to standard output, from what HEAD has.")
@write_options
@json_option
@store_option
def command(name: str, out: str | None, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Derive the configuration of claude-code, opencode, litellm or opa from the admissions in force.

    Without --out it writes the file that sot.toml names under [exports], and commits it. Keys that an export does not
    govern stay as they are. A pair that the program cannot express is named and left out.
    """
    form = formats().get(name)
    if form is None:
        hint = did_you_mean(name, list(formats()))
        raise UsageError(f"there is no export format {quote(name)}; known: {', '.join(sorted(formats()))}{hint}")
    store = store_here()
    if out is not None:
        _write_out(store, form, out, dry_run=dry_run, as_json=as_json)
        return
    snapshot = store.snapshot()
    target = snapshot.policy.exports.get(name)
    if target is None:
        hint = f"sotctl export {name} --out PATH, or name a file in {store.folder}/sot.toml under [exports]"
        raise UsageError(f"no file is named for {name}", hint=hint)
    existing = snapshot.tree.read(target)
    written = _written(form, admitted(snapshot), existing, target, _head(store))
    plan = Plan(
        files={target: written.data},
        before={target: existing},
        message=f"Export the admissions in force for {form.program}\n",
        is_derived=True,
    )
    values = _values(form, target, written)
    commit, tell = carry_out(
        store, snapshot, plan, _TYPE, values, dry_run=dry_run, no_commit=no_commit, as_json=as_json
    )
    if tell:
        click.echo(
            f"{'wrote' if plan.changed() else 'unchanged'}  {target}" + (f"\ncommit {commit[:9]}" if commit else "")
        )
    _say(form, written)


def _write_out(store: Store, form: ExportFormat, out: str, *, dry_run: bool, as_json: bool) -> None:
    """Write what HEAD admits to a file anywhere, or to standard output."""
    tree = store.commit_tree()
    snapshot = open_snapshot(tree, store.folder, now=utc_now(), policy=store.policy(tree))
    path, pairs = Path(out), _pairs(store, snapshot)
    existing = _existing(path) if out != "-" and form.id != "opa" else None
    written = _written(form, pairs, existing, out, _head(store))
    _refuse_remaining(form, pairs, written, out)
    if out == "-":
        sys.stdout.buffer.write(written.data)
        sys.stdout.flush()
    elif not dry_run and written.data != existing:
        if form.id != "opa" and _existing(path) != existing:
            raise BlockedError(f"{out} was changed meanwhile, and is left as it is", hint="run it again")
        write_durably(path, written.data)
    if as_json and out != "-":
        print_json(_TYPE, _values(form, out, written))
    elif out != "-":
        click.echo(f"{'would write' if dry_run else 'unchanged' if written.data == existing else 'wrote'}  {out}")
    _say(form, written)


def _existing(path: Path) -> bytes | None:
    """The bytes of a target, None where there is none.

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
    """Refuse a target that would still allow more: some keys only their owner can take out."""
    if left := form.write(pairs, written.data, revision="").drifts:
        message = "; ".join(f"{where}:{drift.line}: {drift.message}" for drift in left)
        raise BlockedError(message, hint="the file is left as it is")


def _pairs(store: Store, snapshot: Snapshot) -> list[Admitted]:
    """The pairs in force, without those whose required signature is not good."""
    pairs = admitted(snapshot)
    if not snapshot.policy.require_signature:
        return pairs
    good = []
    for one in pairs:
        path = next(p for p in snapshot.paths("admission") if _sha(snapshot, p) == one.sha256)
        data = snapshot.tree.read(path) or b""
        signature = verify_beside(str(store.top / path), data, one.approval_source, snapshot.policy, snapshot.now)
        if signature is not None and signature.is_good:
            good.append(one)
        else:
            click.echo(f"left out  {one.pair}: its admission has no good signature", err=True)
    return good


def _sha(snapshot: Snapshot, path: str) -> str:
    return sha256(snapshot.tree.read(path) or b"")


def _head(store: Store) -> str:
    return store.git.run("rev-parse", "--verify", "-q", "HEAD^{commit}").stdout.decode().strip()


def _values(form: ExportFormat, path: str, written: Written) -> dict[str, object]:
    return {"format": form.id, "path": path, "unexpressed": list(written.unexpressed)}


def _say(form: ExportFormat, written: Written) -> None:
    """Say on standard error what the program cannot be told, and how far the file reaches."""
    for text in written.unexpressed:
        click.echo("\n".join(wrapped(f"left out  {text}", "")), err=True)
    click.echo("\n".join(wrapped(f"note  {form.limits}", "")), err=True)
