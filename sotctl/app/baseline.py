"""Accepting false alarms: the baseline of the store is brought up to what files hold, and committed."""

from __future__ import annotations

import secrets as random
from pathlib import Path

from sotctl.app.app import App, with_commit
from sotctl.documents.dates import parse_date, today
from sotctl.errors import SotError, UsageError
from sotctl.plan import Plan
from sotctl.result import Result
from sotctl.scanning.scan import files_below
from sotctl.secrets import scan
from sotctl.secrets.baseline import Accepted, Baseline, BaselineError, parse
from sotctl.secrets.fingerprint import KEY_BYTES
from sotctl.store.store import Store, utc_now


def update(app: App, paths: tuple[str, ...], reason: str) -> Result:
    """Accept every alarm in *paths* for *reason*, drop the lines of those files that accept nothing, and commit.

    Raises:
        UsageError: No reason is given for an alarm that is not accepted yet, or a path lies outside the repository.
    """
    store = app.store
    path = store.policy().baseline
    before = store.work_tree().read(path)
    try:
        baseline = parse(before) if before is not None else Baseline(key=random.token_bytes(KEY_BYTES))
        updated = baseline
        for file in files_below(paths):
            updated = _with_file(store, updated, Path(file), reason)
    except BaselineError as error:
        raise UsageError(str(error), hint="--reason TEXT says why the alarms are false") from None
    old, new = set(baseline.accepted), set(updated.accepted)
    added, dropped = len(new - old), len(old - new)
    changed = updated.accepted != baseline.accepted
    plan = Plan(
        files={path: updated.to_bytes()} if changed else {},
        before={path: before},
        message=f"Accept {added} false alarms, drop {dropped}\n\n{reason}\n",
    )
    values = {"accepted": added, "dropped": dropped, "baseline": path}
    lines = [f"accepted  {added}", f"dropped   {dropped}", f"baseline  {path}"]
    return app.carry_out(
        app.planned(plan),
        "sotctl.baseline/v1",
        values,
        with_commit(lines, width=10),
    )


def _with_file(store: Store, baseline: Baseline, file: Path, reason: str) -> Baseline:
    try:
        path = file.resolve().relative_to(store.top).as_posix()
        data = file.read_bytes()
    except ValueError:
        raise UsageError(f"{file} lies outside the repository") from None
    except OSError as error:
        raise SotError(f"cannot read {file}: {error.strerror}") from None
    day = parse_date(today(utc_now()))
    assert day is not None
    left, met = baseline.sorted_out(scan(data, path=path), data, path=path)
    stale: list[Accepted] = [entry for entry in baseline.accepted if entry.path == path and entry not in met]
    updated = baseline.without(stale)
    for secret in left:
        updated = updated.with_accepted(secret, data, path=path, reason=reason, today=day)
    return updated
