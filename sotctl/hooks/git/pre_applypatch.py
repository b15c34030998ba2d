"""pre-applypatch: the index that `git am` made of a mail."""

from __future__ import annotations

from sotctl.hooks import Hook
from sotctl.hooks.staged import check_index

HOOK = Hook(id="pre-applypatch", run=check_index)
