"""pre-merge-commit: the index that a merge without conflicts made."""

from __future__ import annotations

from sotctl.hooks import Hook
from sotctl.hooks.staged import check_index

HOOK = Hook(id="pre-merge-commit", run=check_index)
