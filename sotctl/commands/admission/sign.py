"""Sign an admission with an SSH key."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.app import App, with_commit
from sotctl.app.signatures import key_at_hand
from sotctl.app.verb import verb
from sotctl.decisions.revoke import require_admission
from sotctl.errors import SotError
from sotctl.gate.signing import sign, signature_path
from sotctl.plan import Plan
from sotctl.result import Result
from sotctl.store.store import Store


@verb(example="sotctl admission sign --key ~/.ssh/id_ed25519", writes=True)
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]", shell_complete=completion.pairs)
@click.option("--key", metavar="FILE", help="Default: $SOTCTL_SIGNING_KEY, else git's user.signingkey.")
def command(app: App, pair: str | None, key: str | None) -> Result:
    """Sign the exact bytes of an admission, and commit the signature beside it."""
    store, snapshot = app.store, app.snapshot
    admission = require_admission(snapshot, pair)
    if store.commit_tree().read(admission.path) != admission.data:
        raise SotError(f"{admission.path} is not committed as it is", hint="commit it, then sign it")
    path, name = signature_path(admission.path), "/".join(admission.pair)
    plan = Plan(
        files={path: sign(admission.data, key or configured_key(store))},
        before={path: snapshot.tree.read(path)},
        message=f"Sign the admission of {name}\n",
    )
    signed = f"signed    {admission.path}"
    return app.carry_out(
        app.planned(plan),
        "sotctl.admission-sign/v1",
        {"admission": admission.path, "signature": path},
        with_commit([signed], [f"next      sotctl admission verify {name}"], width=10),
    )


def configured_key(store: Store) -> str:
    """The key that signs.

    Raises:
        SotError: None is configured.
    """
    if named := key_at_hand(store):
        return named
    raise SotError("no file with a signing key is configured", hint="--key ~/.ssh/id_ed25519")
