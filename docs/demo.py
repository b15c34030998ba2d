"""`make demo`: the main job on `.sot-example/`, in a repository that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from demo_model import model_server

from sotctl.stage2.isolation import unavailable

TOP = Path(__file__).parent.parent
# Put together, so that this file holds no token itself.
TOKEN = "ghp_" + "aB3dE6gH9" * 4
INTERRUPTED = 130
ADMISSION = ".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.openai-codex-gpt-5.5.json"


def main() -> int:
    """Run the demonstration and return the exit status of the decision."""
    with tempfile.TemporaryDirectory(prefix="sotctl-demo-") as folder:
        work = Path(folder) / "work"
        (Path(folder) / "gitconfig").write_text(
            "[user]\nname = JP\nemail = jp@example.com\n[init]\ndefaultBranch = main\n"
        )
        environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": str(Path(folder) / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "DEMO_KEY": "demo-key-of-no-account",
        }
        environment = {
            name: value
            for name, value in environment.items()
            if name not in {"GIT_DIR", "GIT_INDEX_FILE", "SOTCTL_STORE"}
        }
        try:
            status = _Demo(work, environment).run()
        except KeyboardInterrupt:
            status = INTERRUPTED
    if status == INTERRUPTED:
        say("The demonstration was left. Its repository is gone, and the answers with it: there is nothing to resume.")
    return status


class _Demo:
    def __init__(self, work: Path, environment: dict[str, str]) -> None:
        self.work, self.environment = work, environment

    def run(self) -> int:
        say("A repository with the reference document; CTO-WORK-020 is blocked and undecided.")
        shutil.copytree(TOP / ".sot-example" / "02-ISSUES", self.work / ".sot" / "02-ISSUES")
        shutil.copy(TOP / ".sot-example" / "sot.toml", self.work / ".sot")
        self.call("git", "init", "--quiet")
        self.sotctl("init")
        self.call("git", "add", "--all")
        self.call("git", "commit", "--quiet", "--message", "Add the issues")
        self.sotctl("issue", "list")
        if status := self.decide():
            return status
        say("What was committed.")
        self.call("git", "log", "-1", "--stat", "--format=%h %s%n%n%b")
        self.gate()
        self.refusals()
        if (self.work / ADMISSION).exists() and (status := self.stage2()):
            return status
        say("And the store is sound.")
        return self.sotctl("check", "--all")

    def decide(self) -> int:
        if sys.stdin.isatty() and sys.stdout.isatty():
            say("The decision, at the prompt. (Ctrl-C leaves.)")
            return self.sotctl("decide", "CTO-WORK-020")
        say("The decision, from an answers file, since there is no terminal.")
        return self.sotctl("decide", "CTO-WORK-020", "--answers", str(TOP / "docs" / "answers.yaml"), "--yes")

    def gate(self) -> None:
        if (self.work / ADMISSION).exists():
            say("The gate admits that pair, and no other.")
            for model in ("gpt-5.5", "gpt-5.4"):
                self.sotctl("gate", "--admission-file", ADMISSION, "--provider", "openai-codex", "--model", model)

    def refusals(self) -> None:
        say("A commit that carries a secret is refused.")
        (self.work / "config.txt").write_text(f"token = {TOKEN}\n")
        self.call("git", "add", "config.txt")
        self.call("git", "commit", "--quiet", "--message", "Add the configuration")
        self.call("git", "rm", "--quiet", "--force", "config.txt")
        if (self.work / ADMISSION).exists():
            say("A commit whose admission lacks its approval_source is refused.")
            text = (self.work / ADMISSION).read_text()
            (self.work / ADMISSION).write_text(text.replace("JP chat approval on 2026-05-31", "TBD"))
            self.call("git", "commit", "--quiet", "--all", "--message", "Change the admission")
            self.call("git", "checkout", "--quiet", "HEAD", "--", ".")

    def stage2(self) -> int:
        """Run a backend under the gate, record the evidence, and let the issue leave `blocked`."""
        why = unavailable()
        say("Stage 2: a backend of this demonstration, a model on loopback, and the recorder between them.")
        if why:
            say(f"There is no sandbox here ({why}): that the program reached nothing else is then not shown.")
            (self.work / ".sot/sot.toml").open("a").write('\n[evidence]\nisolation = "optional"\n')
            self.call("git", "commit", "--quiet", "--all", "--message", "Take evidence without isolation")
        runs = self.work.parent / "runs"
        with model_server() as url:
            options = ["--task", "string-slugify", "--runs-dir", str(runs), "--upstream", url]
            options += ["--credential", "env:DEMO_KEY", *(["--no-isolation"] if why else [])]
            launcher = [os.path.realpath(sys.executable), str(self.backend())]
            pair = ["--admission-file", ADMISSION, "--provider", "openai-codex", "--model", "gpt-5.5"]
            if status := self.sotctl("stage2", "run", *options, *pair, "--", *launcher):
                return status
        run = str(next(runs.iterdir()))
        say("The evidence is worked out again, recorded by its digest, and the issue is let go.")
        steps = (
            ("evidence", "verify", run),
            ("evidence", "record", run),
            ("issue", "unblock", "CTO-WORK-020", "--all", "--because", "CTO-WORK-020-DR-001"),
            ("issue", "status", "CTO-WORK-020", "in_progress"),
            ("issue", "show", "CTO-WORK-020"),
        )
        return next((status for step in steps if (status := self.sotctl(*step))), 0)

    def backend(self) -> Path:
        """A copy of the backend in a folder of its own, which is all that the sandbox shows of it."""
        shutil.copytree(TOP / "docs" / "demo_backend", self.work.parent / "backend")
        return self.work.parent / "backend" / "index.py"

    def sotctl(self, *arguments: str) -> int:
        return self.call(sys.executable, "-m", "sotctl", *arguments)

    def call(self, *command: str) -> int:
        shown = ["sotctl", *command[3:]] if command[0] == sys.executable else list(command)
        print("\n$ " + " ".join(part.removeprefix(f"{TOP}/") for part in shown), flush=True)
        self.work.mkdir(parents=True, exist_ok=True)
        return subprocess.run(command, cwd=self.work, env=self.environment, check=False).returncode


def say(sentence: str) -> None:
    """A line between the steps."""
    print(
        f"\n── {sentence}" if (sys.stdout.encoding or "").lower().startswith("utf") else f"\n-- {sentence}", flush=True
    )


if __name__ == "__main__":
    sys.exit(main())
