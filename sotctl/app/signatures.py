"""The signature of an admission, and the key that makes one."""

from __future__ import annotations

import os

from sotctl.admissions.admission import Admission
from sotctl.admissions.signature import Signature
from sotctl.documents.snapshot import Snapshot
from sotctl.gate.signing import verify_beside
from sotctl.store.store import Store


def signature_of(store: Store, snapshot: Snapshot, admission: Admission) -> Signature | None:
    """The verified signature in the work tree beside an admission; None where there is none."""
    place, source = str(store.top / admission.path), admission.text("approval_source")
    return verify_beside(place, admission.data, source, snapshot.policy, snapshot.now)


def key_at_hand(store: Store) -> str | None:
    """The file of the key that signs: the one the environment names, else git's, where git signs with SSH."""
    if named := os.environ.get("SOTCTL_SIGNING_KEY", "").strip():
        return named
    done = store.git.run("config", "user.signingkey")
    named = done.stdout.decode("utf-8", "replace").strip()
    return named if "/" in named and not named.startswith(("ssh-", "ecdsa-", "key::")) else None
