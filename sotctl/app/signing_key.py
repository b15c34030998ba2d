"""The key that signs an admission."""

from __future__ import annotations

import os

from sotctl.store.store import Store


def key_at_hand(store: Store) -> str | None:
    """The file of the key that signs: the one the environment names, else git's, where git signs with SSH."""
    if named := os.environ.get("SOTCTL_SIGNING_KEY", "").strip():
        return named
    done = store.git.run("config", "user.signingkey")
    named = done.stdout.decode("utf-8", "replace").strip()
    return named if "/" in named and not named.startswith(("ssh-", "ecdsa-", "key::")) else None
