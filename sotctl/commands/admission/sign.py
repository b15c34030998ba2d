"""Sign an admission with an SSH key."""

from __future__ import annotations

import click

from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, store_here
from sotctl.app.signing_key import key_at_hand
from sotctl.app.verb import Verb
from sotctl.decisions.revoke import require_admission
from sotctl.errors import SotError
from sotctl.gate.signing import sign, signature_path
from sotctl.plan import Plan
from sotctl.store.store import Store


@click.command(cls=Verb, epilog="sotctl admission sign --key ~/.ssh/id_ed25519")
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]")
@click.option("--key", metavar="FILE", help="Default: $SOTCTL_SIGNING_KEY, else git's user.signingkey.")
@write_options
@json_option
@store_option
def command(pair: str | None, key: str | None, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Sign the exact bytes of an admission, and commit the signature beside it."""
    store = store_here()
    snapshot = store.snapshot()
    admission = require_admission(snapshot, pair)
    if store.commit_tree().read(admission.path) != admission.data:
        raise SotError(f"{admission.path} is not committed as it is", hint="commit it, then sign it")
    path = signature_path(admission.path)
    signature = sign(admission.data, key or configured_key(store))
    name = "/".join(admission.pair)
    plan = Plan(
        files={path: signature}, before={path: snapshot.tree.read(path)}, message=f"Sign the admission of {name}\n"
    )
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        "sotctl.admission-sign/v1",
        {"admission": admission.path, "signature": path},
        dry_run=dry_run,
        no_commit=no_commit,
        as_json=as_json,
    )
    if tell:
        click.echo(f"signed    {admission.path}" + (f"\ncommit    {commit[:9]}" if commit else ""))
        click.echo(f"next      sotctl admission verify {name}")


def configured_key(store: Store) -> str:
    """The key that signs.

    Raises:
        SotError: None is configured.
    """
    if named := key_at_hand(store):
        return named
    raise SotError("no file with a signing key is configured", hint="--key ~/.ssh/id_ed25519")
