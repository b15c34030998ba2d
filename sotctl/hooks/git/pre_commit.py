"""pre-commit: the index, before the message is asked."""

from __future__ import annotations

from sotctl.hooks import Hook
from sotctl.hooks.staged import check_index

HOOK = Hook(id="pre-commit", run=check_index)
