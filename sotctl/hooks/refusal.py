"""What a hook says when it refuses, and what it leaves behind."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence

from sotctl.checks.run import explanations
from sotctl.findings import Finding, Severity, refuses
from sotctl.report import refusal
from sotctl.repository.git import Git
from sotctl.repository.updates import RefUpdate
from sotctl.repository.where import under_way
from sotctl.secrets import scan_text

_ABORT = {
    "rebase": ("git rebase --continue", "git rebase --abort"),
    "am": ("git am --continue", "git am --abort"),
    "merge": ("git commit", "git merge --abort"),
    "cherry-pick": ("git cherry-pick --continue", "git cherry-pick --abort"),
    "revert": ("git revert --continue", "git revert --abort"),
}
_HEIGHT = 24


def report(git: Git, findings: Sequence[Finding], what: str, *, updates: Sequence[RefUpdate] = ()) -> int:
    """Print findings to stderr and return the exit status: 1 when any of them refuses."""
    if not findings:
        return 0
    refused = refuses(findings)
    after = [*_kept(updates), *_remains(git, findings), *_way_on()] if refused else []
    again = f"sotctl check --range HEAD..{updates[0].new[:12]}" if updates else "sotctl check --staged"
    sys.stderr.write(
        refusal.render(what, findings, explanations(), after, height=_height(), again=again, stream=sys.stderr)
    )
    return 1 if refused else 0


def _height() -> int:
    """Lines of the screen, as `LINES` or the terminal says; what git sends from a server has neither."""
    return shutil.get_terminal_size((80, _HEIGHT)).lines


def _kept(updates: Sequence[RefUpdate]) -> list[str]:
    """Where the user's work is, now that no ref names it."""
    lines = []
    for update in updates[:3]:
        if update.name == "refs/stash":
            lines += ["Nothing is lost: your files are as they were, and what was to be stashed is kept for now:"]
            lines += [f"    git stash apply {update.new}"]
        elif not scan_text(update.name):
            name = update.name.removeprefix("refs/heads/").removeprefix("refs/tags/")
            lines += [f"Nothing is lost: what {name} was to name is still there, as {update.new}."]
    return lines


def _remains(git: Git, findings: Sequence[Finding]) -> list[str]:
    """What is left of a secret after the refusal, and the commands that remove it."""
    secrets = [finding for finding in findings if finding.rule == "secret" and finding.severity is Severity.ERROR]
    if not secrets:
        return []
    staged = sorted({finding.path for finding in secrets if _is_staged(git, finding)})
    commits = sorted({finding.commit for finding in secrets if finding.commit})
    lines = ["The secret is refused, but git still holds it. To remove it, in this order:"]
    lines += [f"    from the index      {_unstage(git)} {_argument(path)}" for path in staged[:3]]
    if commits:
        lines.append("    from the reflog     git reflog expire --expire-unreachable=now --all")
    if commits or staged:
        named = commits[0] if commits else git.text("rev-parse", f":{staged[0]}")
        lines.append(f"    from the objects    git prune --expire=now   ({named[:12]} and all else that no ref names)")
    lines.append("If it was ever shown or sent anywhere, revoke it where it was issued.")
    return lines


def _is_staged(git: Git, finding: Finding) -> bool:
    """Whether the index holds the very blob that the finding is about."""
    staged = git.run("rev-parse", "--verify", "-q", f":{finding.path}").stdout
    return bool(staged) and (
        not finding.commit
        or staged == git.run("rev-parse", "--verify", "-q", f"{finding.commit}:{finding.path}").stdout
    )


def _argument(path: str) -> str:
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def _unstage(git: Git) -> str:
    born = git.succeeds("rev-parse", "--verify", "-q", "HEAD^{commit}")
    return "git restore --staged" if born else "git rm --cached"


def _way_on() -> list[str]:
    """How to go on or back where git is in the middle of something."""
    command = under_way()
    if not command:
        return []
    onward, back = _ABORT[command]
    return [f"This {command} has stopped. Mend it, then: {onward}   Back to where it began: {back}"]
