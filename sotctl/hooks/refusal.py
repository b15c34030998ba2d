"""The message of a hook that refuses, and what remains after the refusal."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sotctl.checks.run import explanations
from sotctl.errors import Command
from sotctl.findings import Finding, Severity, refuses
from sotctl.git import process
from sotctl.git.repository import Git
from sotctl.git.updates import RefUpdate
from sotctl.git.where import git_directory, under_way
from sotctl.report import refusal
from sotctl.report.terminal import NARROW, columns, screen_lines
from sotctl.secrets import scan_text
from sotctl.secrets.reasons import ABOUT_SECRETS, SECRET
from sotctl.secrets.withheld import withheld

_ABORT = {
    "rebase": ("git rebase --continue", "git rebase --abort"),
    "am": ("git am --continue", "git am --abort"),
    "merge": ("git commit", "git merge --abort"),
    "cherry-pick": ("git cherry-pick --continue", "git cherry-pick --abort"),
    "revert": ("git revert --continue", "git revert --abort"),
}
_BACK = "git reset --merge"
_HIGHEST = 6
PUSH = "this push"


def report(git: Git, findings: Sequence[Finding], what: str, *, updates: Sequence[RefUpdate] = ()) -> int:
    """Print findings to stderr and return the exit status: 1 when any of them refuses."""
    if not findings:
        return 0
    refused = refuses(findings)
    command = under_way()
    width = columns(sys.stderr) if sys.stderr.isatty() else 0  # 0 for what git sends from a server
    after = []
    if refused:
        if what == PUSH:
            after = _before_pushing_again(git, updates, findings)
        else:
            after = [*_kept(updates), *_way_on(git, command, updates, findings), *_remains(git, findings, width)]
            findings = [_with_mend(git, command, updates, finding, width) for finding in findings]
    again: str = (
        Command(f"sotctl check --range HEAD..{updates[0].new[:12]}") if updates else Command("sotctl check --staged")
    )
    if not Path(".sot").is_dir() and not _is_bare(git):  # without a store there is nothing that check would work in
        again = "the same command with LINES=999 before it"
    text = refusal.render(
        what, findings, explanations(), after, height=screen_lines(), width=width, again=again, stream=sys.stderr
    )
    sys.stderr.write(withheld(text))
    return 1 if refused else 0


def _before_pushing_again(git: Git, updates: Sequence[RefUpdate], findings: Sequence[Finding]) -> list[str]:
    """What to do in the clone, whose branch still holds what was refused: a further commit would be refused again."""
    commits = [finding.commit for finding in findings if finding.commit and finding.severity is Severity.ERROR]
    if not commits:
        return []
    is_last = all(commit == update.new for commit in commits for update in updates)
    oldest = git.text("rev-list", "--no-walk=sorted", *commits).split("\n")[-1]
    base = f"{oldest[:12]}^" if git.commit(f"{oldest}^") else "--root"
    lines = [
        "Every commit of a push is checked, so a further commit does not mend it.",
        f"In your clone, {'mend the file, then' if is_last else 'mark the commits named above with `edit` in'}:",
        "    git commit --amend -a" if is_last else f"    git rebase -i {base}",
        "Then push again.",
    ]
    if any(finding.rule in ABOUT_SECRETS for finding in findings):
        lines += [
            "When no branch of yours holds the secret any more, this removes it from your clone:",
            "    git reflog expire --expire-unreachable=now --all",
            "    git prune --expire=now",
            "If it was ever shown or sent anywhere, revoke it where it was issued.",
        ]
    return lines


def _is_bare(git: Git) -> bool:
    """Whether a repository has no work tree, as on a server."""
    return git.text("rev-parse", "--is-bare-repository") == "true"


def _with_mend(git: Git, command: str, updates: Sequence[RefUpdate], finding: Finding, width: int) -> Finding:
    """A secret in a commit, with the fix for the git operation in progress."""
    if _left_staged(command) and isinstance(finding.fix, Command) and finding.fix.startswith("sotctl "):
        return replace(finding, fix=Command(f"{_BACK} && {finding.fix}"))
    if finding.rule not in ABOUT_SECRETS or not finding.commit:
        return finding
    if any(update.name == "refs/stash" for update in updates):
        return replace(finding, fix="take it out of the file, then git stash again")
    if _lies_behind(command, updates, finding):
        there = "in the rebase" if command == "rebase" else "on the branch that is merged"
        return replace(finding, fix=f"make that commit anew without it, {there}")
    if _is_staged(git, finding) or _takes_place_of_head(git, updates, finding):
        return replace(finding, fix=_once_more(finding, width))
    return finding


def _takes_place_of_head(git: Git, updates: Sequence[RefUpdate], finding: Finding) -> bool:
    """Whether a commit was to become HEAD, after it or in its place, so that it can be made again."""
    current = os.fsdecode(git.run("symbolic-ref", "-q", "HEAD").stdout).strip()
    if not any(update.name in ("HEAD", current) and update.new == finding.commit for update in updates):
        return False
    parent = _blob(git, f"{finding.commit}^")
    return parent in (_blob(git, "HEAD"), _blob(git, "HEAD^"))


def _once_more(finding: Finding, width: int) -> str:
    """How to make a commit again in which only the secret was wrong."""
    if finding.path == "commit message":
        return "commit again with another message"
    if finding.path.startswith(("commit ", "(")) or not finding.path.isprintable():
        return "commit again without it"
    path = "the file" if 0 < width < NARROW else _argument(finding.path)
    return f"take it out of {path}, git add {path}, and commit again"


def _lies_behind(command: str, updates: Sequence[RefUpdate], finding: Finding) -> bool:
    """Whether a finding is in a commit that a rebase or merge has made or brings, and not in the last one."""
    return bool(finding.commit) and command in ("rebase", "merge") and finding.commit not in {u.new for u in updates}


def _kept(updates: Sequence[RefUpdate]) -> list[str]:
    """Where the user's work is, now that no ref names it."""
    lines = []
    for update in updates[:3]:
        if update.name == "refs/stash":
            lines += ["Nothing is lost: your files are as they were; what was to be stashed is kept for now:"]
            lines += [f"    git stash apply {update.new}"]
        elif not scan_text(update.name):
            what = "commit" if update.name.startswith(("refs/heads/", "HEAD")) else "object"
            name = update.name.removeprefix("refs/heads/").removeprefix("refs/tags/")
            lines += [f"Nothing is lost: {name} has not moved, and the {what} is kept as {update.new[:12]}."]
    return lines


def _remains(git: Git, findings: Sequence[Finding], width: int) -> list[str]:
    """Where a secret remains after the refusal, and the commands that remove it."""
    secrets = [finding for finding in findings if finding.rule == SECRET and finding.severity is Severity.ERROR]
    if not secrets:
        return []
    staged = sorted({finding.path for finding in secrets if _is_staged(git, finding)})
    commits = sorted({finding.commit for finding in secrets if finding.commit})
    lines = []
    if message := _message_file(git, secrets):
        lines += _removal("the message", f"rm {_argument(message)}", width)
    for path in staged[:3]:
        lines += _removal("the index", f"{_unstage(git)} {_argument(path)}", width)
    if commits:
        lines += _removal("the reflog", "git reflog expire --expire-unreachable=now --all", width)
    if commits or staged:
        named = commits[0] if commits else git.text("rev-parse", f":{staged[0]}")
        lines += _removal("the objects", "git prune --expire=now", width)
        if not 0 < width < NARROW:
            lines.append(f"The last removes {named[:12]} and all else that no ref names.")
    if lines:
        lines.insert(0, "The secret is refused, but git still holds it. To remove it, in this order:")
    return [*lines, "If it was ever shown or sent anywhere, revoke it where it was issued."]


def _message_file(git: Git, secrets: Sequence[Finding]) -> str:
    """The file in which git keeps the message of the last commit that was tried, if it holds the secret; else ""."""
    if not any(finding.path == "commit message" for finding in secrets):
        return ""
    path = git.text("rev-parse", "--git-path", "COMMIT_EDITMSG")
    try:
        return path if scan_text(Path(path).read_text("utf-8", "replace")) else ""
    except OSError:
        return ""


def _removal(where: str, command: str, width: int) -> list[str]:
    if width and width < NARROW:
        return [f"  from {where}:", f"    {command}"]
    return [f"    from {where:<15}{command}"]


def _is_staged(git: Git, finding: Finding) -> bool:
    """Whether the index holds the very blob that the finding is about, and HEAD does not."""
    staged = _blob(git, f":{finding.path}")
    if not staged or staged == _blob(git, f"HEAD:{finding.path}"):
        return False
    return not finding.commit or staged == _blob(git, f"{finding.commit}:{finding.path}")


def _blob(git: Git, name: str) -> bytes:
    return git.run("rev-parse", "--verify", "-q", name).stdout


def _argument(path: str) -> str:
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def _unstage(git: Git) -> str:
    return "git restore --staged" if git.commit() else "git rm --cached"


def _left_staged(command: str) -> str:
    """The command (`revert` or `cherry-pick`) that staged the refused change and left nothing to abort; or ""."""
    if command or Path(git_directory(), "sequencer").exists():
        return ""
    return next((word for word in _calling_git() if word in ("revert", "cherry-pick")), "")


def _calling_git() -> Iterator[str]:
    """The words of the git commands above this hook; a shell may stand in between."""
    pid = os.getppid()
    for _ in range(_HIGHEST):
        parent, words = _process(pid)
        yield from words
        if parent <= 1:
            return
        pid = parent


def _process(pid: int) -> tuple[int, list[str]]:
    """The parent of a process, and its command line if it is a git."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(") ")
        words = Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").split("\0")
        return int(rest.split()[1]), words if "(git" in name else []
    except OSError:
        listed = process.run(["ps", "-o", "ppid=,args=", "-p", str(pid)], dict(os.environ)).stdout
    parent, *words = listed.decode("utf-8", "replace").split() or ["0"]
    return int(parent), words if words[:1] and words[0].rpartition("/")[2] == "git" else []


def _way_on(git: Git, command: str, updates: Sequence[RefUpdate], findings: Sequence[Finding]) -> list[str]:
    """How to continue or abort an operation that is in progress."""
    if staged := _left_staged(command):
        return [
            f"This {staged} left its change staged and nothing to abort. Go back first:",
            f"    {_BACK}",
        ]
    if not command:
        return []
    onward, back = _ABORT[command]
    if not any(_lies_behind(command, updates, finding) for finding in findings):
        return [f"This {command} has stopped. Mend it and go on, or go back:", f"    {onward}", f"    {back}"]
    if command == "merge":
        return ["A commit of the merged branch is refused. Go back, and mend it on that branch:", f"    {back}"]
    base = _onto(git)
    return [
        "This rebase made the commit anew. Go back, and start again with `edit` for it:",
        f"    {back}",
        *([f"    git rebase -i {base}"] if base else []),
    ]


def _onto(git: Git) -> str:
    """The commit that a rebase builds upon, or "" where it does not say."""
    for name in ("rebase-merge", "rebase-apply"):
        path = Path(git_directory(), name, "onto")
        if path.exists():
            return git.text("rev-parse", "--short", path.read_text("ascii").strip())
    return ""
