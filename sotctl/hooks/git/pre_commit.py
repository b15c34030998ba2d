"""pre-commit: the index, before git asks for the message."""

from __future__ import annotations

from sotctl.hooks import Hook
from sotctl.hooks.staged import check_index

HOOK = Hook(id="pre-commit", run=check_index)
