"""Measures the time of the hooks on real repositories: medians, next to the bare start of Python and git.

Peers are measured if their program is on PATH: gitleaks, betterleaks, detect-secrets-hook.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RUNS = int(os.environ.get("BENCH_RUNS", "21"))
NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
WHO = {f"GIT_{who}_{what}": "bench@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
ENVIRONMENT = {**os.environ, **WHO, "GIT_CONFIG_GLOBAL": os.devnull}
DOCUMENT = ("The quick brown fox jumps over the lazy dog, and nobody knows why.\n" * 50)[:3000]
PEERS = {
    "gitleaks": ["git", "--staged", "--no-banner", "."],
    "betterleaks": ["git", "--staged", "--no-banner", "."],
    "detect-secrets-hook": ["document.md"],
}


def run(folder: Path, *command: str, stdin: str = "") -> str:
    """Run a command that must succeed."""
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[:3])}: {done.stderr}")
    return done.stdout.strip()


def repository(folder: Path, *, hooks: bool = True) -> Path:
    """Make a repository with one commit."""
    folder.mkdir()
    run(folder, "git", "init", "-q", "-b", "main")
    run(folder, "git", *NO_HOOKS, "commit", "-q", "--allow-empty", "-m", "start")
    if hooks:
        run(folder, sys.executable, "-m", "sotctl", "hooks", "install")
    return folder


def median_ms(job: Callable[[], object], runs: int = RUNS) -> float:
    """The median duration of *job* in milliseconds, after one run to warm up."""
    job()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def tell(what: str, value: float, note: str = "") -> None:
    """Print one figure."""
    print(f"{what:<44} {value:8.1f} ms  {note}".rstrip())


def commit_hooks(top: Path) -> None:
    """Measure the hooks on a commit of one document of 3 KB, the bare start, and peers on the same index."""
    work = repository(top / "commit")
    (work / "document.md").write_text(DOCUMENT)
    run(work, "git", "add", "document.md")
    (top / "message").write_text("Add a document\n")
    head, tree = run(work, "git", "rev-parse", "HEAD"), run(work, "git", "write-tree")
    commit = run(work, "git", "commit-tree", tree, "-p", head, "-m", "Add a document")
    hook = str(work / ".git" / "hooks") + "/"
    python = median_ms(lambda: run(work, sys.executable, "-I", "-S", "-c", "pass"))
    git = median_ms(lambda: run(work, "git", "diff", "--cached", "--raw"))
    tell("floor: python -I -S -c pass, git diff --cached", python + git, f"{python:.1f} and {git:.1f}")
    tell("pre-commit", median_ms(lambda: run(work, f"{hook}pre-commit")))
    tell("commit-msg", median_ms(lambda: run(work, f"{hook}commit-msg", str(top / "message"))))
    line = f"{head} {commit} refs/heads/main\n"
    job = f"{hook}reference-transaction"
    tell("reference-transaction, a new commit", median_ms(lambda: run(work, job, "prepared", stdin=line)))
    line = f"{head} {commit} refs/remotes/origin/main\n"
    tell("reference-transaction, a ref not guarded", median_ms(lambda: run(work, job, "prepared", stdin=line)))
    for peer, arguments in PEERS.items():
        if shutil.which(peer):
            tell(f"peer: {peer}", median_ms(lambda: run(work, peer, *arguments), 5))  # noqa: B023 - run at once


def rebase(top: Path) -> None:
    """Measure a rebase of 30 commits without hooks, with empty hooks, and with ours; git runs about 300 hooks."""
    work = repository(top / "rebase", hooks=False)
    run(work, "git", "checkout", "-q", "-b", "side")
    for number in range(30):
        (work / f"file{number}").write_text(DOCUMENT)
        run(work, "git", "add", "-A")
        run(work, "git", "commit", "-qm", f"commit {number}")
    tip = run(work, "git", "rev-parse", "HEAD")
    run(work, "git", "checkout", "-q", "main")
    run(work, "git", "commit", "-q", "--allow-empty", "-m", "onto")

    def once() -> None:
        run(work, "git", *NO_HOOKS, "checkout", "-q", "-B", "side", tip)
        start = time.perf_counter()
        run(work, "git", "rebase", "-q", "main")
        times.append((time.perf_counter() - start) * 1000)

    medians = []
    for name in ("no hook", "a hook that is `exit 0`", "the hooks"):
        if name.startswith("a hook"):
            empty = work / ".git" / "hooks" / "reference-transaction"
            empty.write_text("#!/bin/sh\nexit 0\n")
            empty.chmod(0o755)
        elif name == "the hooks":
            (work / ".git" / "hooks" / "reference-transaction").unlink()
            run(work, sys.executable, "-m", "sotctl", "hooks", "install")
        times: list[float] = []
        for _ in range(7):
            once()
        medians.append(statistics.median(times))
        tell(f"rebase of 30 commits, {name}", medians[-1], f"{medians[-1] / medians[0]:.2f} times")


def fetch(top: Path) -> None:
    """Measure a fetch of 200 refs."""
    source = repository(top / "source", hooks=False)
    head = run(source, "git", "rev-parse", "HEAD")
    lines = "".join(f"create refs/heads/b{number} {head}\n" for number in range(200))
    run(source, "git", "update-ref", "--stdin", stdin=lines)
    for hooks in (False, True):
        work = repository(top / f"fetch-{hooks}", hooks=hooks)

        def once(work: Path = work) -> None:
            run(work, "git", "fetch", "-q", "--no-tags", str(source), "+refs/heads/*:refs/remotes/origin/*")
            shutil.rmtree(work / ".git" / "refs" / "remotes")

        tell(f"fetch of 200 refs, {'the hooks' if hooks else 'no hook'}", median_ms(once, 5))


def push(top: Path) -> None:
    """Measure a push of 1 000 commits to a server, without and with its hooks."""
    work = repository(top / "push", hooks=False)
    commits = "".join(
        f"commit refs/heads/many\ncommitter a <a@example.com> {1_700_000_000 + number} +0000\ndata 1\nx\n"
        f"M 100644 inline file{number % 50}\ndata {len(DOCUMENT) + 6}\n{number:05d}\n{DOCUMENT}\n"
        for number in range(1000)
    )
    run(work, "git", "fast-import", "--quiet", stdin=commits)
    for name in ("no hook", "the hooks"):
        server = top / f"{name}.git"
        run(top, "git", "init", "-q", "--bare", str(server))
        if name == "the hooks":
            run(top, sys.executable, "-m", "sotctl", "hooks", "install", "--server", "--repo", str(server))
        start = time.perf_counter()
        run(work, "git", "push", "-q", str(server), "many")
        tell(f"push of 1 000 commits, {name}", (time.perf_counter() - start) * 1000)


def main() -> None:
    """Measure everything in a temporary directory."""
    with tempfile.TemporaryDirectory() as folder:
        for part in (commit_hooks, rebase, fetch, push):
            part(Path(folder))


if __name__ == "__main__":
    main()
