"""Takes back a decision that nobody else has seen: the branch goes back by one commit."""

from __future__ import annotations

from sotctl.app.app import App
from sotctl.decisions.answers import questions
from sotctl.documents import layout
from sotctl.documents.record import DecisionRecord
from sotctl.errors import BlockedError, Command
from sotctl.result import Result
from sotctl.store.apply import writing
from sotctl.store.drafts import Draft, save_draft


def undo_decision(app: App, issue_id: str | None) -> Result:
    """Move the branch back by the decision that HEAD is; its answers are kept for `sotctl resume`.

    Raises:
        BlockedError: HEAD is not a decision (on that issue), was pushed, or its files were changed since.
    """
    git, record = app.store.git, _decided_by_head(app)
    if record is None or (issue_id and record.issue != issue_id):
        what = f"a decision on {issue_id}" if issue_id else "a decision"
        raise BlockedError(f"HEAD is not {what}, so there is nothing to take back", hint=Command("sotctl log"))
    head = git.commit()
    pushed = git.text("for-each-ref", "--contains", head, "--format=%(refname:short)", "refs/remotes")
    if pushed:
        message = f"{record.id} was pushed ({pushed.splitlines()[0]} has it), so it cannot be taken back"
        raise BlockedError(message, hint=Command(f"sotctl decide {record.issue}"))
    values = {"record_id": record.id, "issue": record.issue, "commit": head}
    if app.dry_run:
        return Result(type="sotctl.undo-decision/v1", values=values, text=f"would take {record.id} back")
    with writing(app.store, "undo a decision"):
        git.run("update-index", "-q", "--refresh")  # `git reset` compares modification times, not contents
        done = git.run("reset", "--quiet", "--keep", "HEAD^")
        if done.returncode != 0:
            reason = done.said.splitlines()
            raise BlockedError(f"git could not move the branch back: {reason[0] if reason else 'no reason given'}")
        save_draft(app.store, record.issue, Draft(offered=_answers(app, record)))
    text = f"taken back  {record.id}\nanswers     kept\nnext        sotctl resume {record.issue}"
    return Result(type="sotctl.undo-decision/v1", values=values, text=text)


def _decided_by_head(app: App) -> DecisionRecord | None:
    """The decision record that the commit at HEAD added, where it has one parent and added exactly one."""
    git, store = app.store.git, app.store
    if not git.commit("HEAD^") or git.commit("HEAD^2"):
        return None
    folder = f"{store.folder}/{layout.DECISIONS}"
    added = git.output(
        "diff-tree", "-r", "-z", "--name-only", "--diff-filter=A", "--no-commit-id", "HEAD^", "HEAD", "--", folder
    )
    paths = [path for path in added.decode("utf-8", "surrogateescape").split("\0") if path]
    if len(paths) != 1:
        return None
    return store.snapshot(store.commit_tree()).load(paths[0]).record


def _answers(app: App, record: DecisionRecord) -> dict[str, object]:
    asked = questions(app.snapshot.templates.schema(record.kind, record.issue), record.values)
    return {entry.name: record.values[entry.name] for entry in asked if record.values.get(entry.name)}
