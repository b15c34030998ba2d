"""A repository has one store; further ones are named by the one at the top."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.layout import CONFIGURATION, folded
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Check that the changed store, if it still exists, is the one at the top or one that it names."""
    store, named = change.after.store, change.named_stores
    if named is None:
        return
    if store not in named:
        top = f"{named[0]}/{CONFIGURATION}" if named else "the sot.toml of the one at the top"
        message = f"{store} is a further store, and `[store] also` of {top} does not name it"
        fix = f'add also = ["{store}"] below [store] in {top}, and commit that first'
    elif twin := next((other for other in named if other != store and folded(other) == folded(store)), ""):
        message = f"{twin} is the same folder on a file system that ignores case or Unicode form"
        fix = "put the store into another folder"
    else:
        return
    if not change.after.is_empty:  # asked last, since it lists the whole store
        yield RULE.finding(store, message, fix)


RULE = PolicyRule(
    id="store-unnamed",
    summary="A repository has one store; further ones are named under `[store] also` of the one at the top.",
    why="An unnamed store could admit, by settings of its own, what the others do not.",
    fix="Name the store in the `sot.toml` of the store at the top in a commit of its own, or put the documents there.",
    check=check,
)
