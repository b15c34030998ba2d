"""Makes `docs/session.md`: the way from a clone to a decision, and on to a validated issue, as a terminal shows it.

Every command runs in a shell in a pseudo-terminal, and every screen is what stands on it then. What differs from one
time to the next (days, commit ids, run names, seconds, the home) is replaced, so that the page is the same each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import choices

from demo_model import model_server

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from terminal import Terminal  # noqa: E402

ISSUE = "CTO-WORK-020"
PAIR = "openai-codex/gpt-5.5"
DAY = datetime(2026, 6, 1, tzinfo=UTC)
CHOICE = ("down", "enter")
FIRST = (
    ("? Decision", CHOICE),
    ("? Provider class", CHOICE),
    ("? Model", CHOICE),
    ("? Approval source", CHOICE),
    ("? Credential source class", CHOICE),
    ("? Allowed network class", CHOICE),
    ("? Review trigger", CHOICE),
    ("? Evidence sources 1", CHOICE),
    ("? Evidence sources 2", ("enter",)),
    ("? Served names 1", CHOICE),
    ("? Served names 2", ("enter",)),
    ("? Fallback pairs 1", ("enter",)),
    ("? Rationale", ("enter",)),
)
AGAIN = (
    ("? Decision", ("enter",)),
    ("? Provider class", ("enter",)),
    (f"? Model {PAIR.partition('/')[2]}", ("enter",)),
    ("? Approval source", CHOICE),
    ("? Credential source class", ("enter",)),
    ("? Allowed network class", ("enter",)),
    ("? Review trigger", ("enter",)),
    ("? Evidence sources 1", ("enter",)),
    ("? Evidence sources 2", ("enter",)),
    ("? Served names 1", ("enter",)),
    ("? Served names 2", ("enter",)),
    ("? Fallback pairs 1", ("enter",)),
    ("? Rationale", ("enter",)),
)


@dataclass
class Way:
    """Commands and what they showed; `keys` counts what was pressed in answer to them."""

    steps: list[tuple[str, list[str]]] = field(default_factory=list)
    keys: int = 0

    @property
    def counted(self) -> str:
        return f"{len(self.steps)} commands, {self.keys} keystrokes"


class Walk:
    """One walk through both ways and a renewal, in terminals of *columns* by 24; `screens` keeps single ones by name."""

    def __init__(self, home: Path, columns: int) -> None:
        self.home, self.columns = home, columns
        self.screens: dict[str, str] = {}
        self.first, self.second, self.renewal = Way(), Way(), Way()
        settings = home / ".gitconfig"
        settings.write_text("[user]\nname = JP\nemail = jp@example.com\n[init]\ndefaultBranch = main\n")
        self.environment = {
            "HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": str(settings),
            "GIT_CONFIG_NOSYSTEM": "1",
            "DEMO_KEY": "demo-key-of-no-account",
            "NO_COLOR": "1",
        }

    @property
    def work(self) -> Path:
        return self.home / "sotctl-try"

    def go(self) -> None:
        """Decide, run, accept and validate."""
        clone = self.home / "sotctl"
        shutil.copytree(HERE.parent / ".sot-example", clone / ".sot-example")
        shutil.copytree(HERE / "demo_backend", self.home / "backend")
        self.first.steps.append(("python3 -m venv .venv && . .venv/bin/activate && pip install .", []))
        copy = "mkdir -p ../sotctl-try/.sot && cp -R .sot-example/02-ISSUES .sot-example/sot.toml ../sotctl-try/.sot"
        self.plain(self.first, copy, at=clone)
        self.plain(self.first, "cd ../sotctl-try && git init -q && sotctl init", at=clone)
        self.plain(self.first, 'git add .sot && git commit -qm "Add the store" && sotctl status')
        self.decide(self.first, FIRST)
        self.screens["status"] = self.plain(Way(), "sotctl status")
        self.plain(self.second, f"sotctl issue unblock {ISSUE} 1 2 --because {ISSUE}-DR-001")
        with model_server() as url:
            self.plain(self.second, self.run(url))
        recorded = next((self.home / "runs").iterdir())
        self.plain(self.second, f"sotctl evidence record {recorded}")
        self.accept()
        self.plain(self.second, f"sotctl issue status {ISSUE} validated")

    def renew(self) -> None:
        """Decide again, with the answers in force."""
        self.plain(self.renewal, f"sotctl due --as-of {datetime.now(UTC) + timedelta(days=89):%Y-%m-%d}")
        self.decide(self.renewal, AGAIN)

    def run(self, url: str) -> str:
        """The run that the decision printed, with the model and the backend of the demonstration."""
        file = f".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.{PAIR.replace('/', '-')}.json"
        provider, _, model = PAIR.partition("/")
        return (
            f"sotctl stage2 run --task string-slugify --runs-dir ~/runs --credential env:DEMO_KEY --upstream {url} "
            f"--admission-file {file} --provider {provider} --model {model} "
            f"-- {os.path.realpath(sys.executable)} ~/backend/index.py"
        )

    def decide(self, way: Way, answers: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Answer every question by a choice, and approve by typing the pair again."""
        command = f"sotctl decide {ISSUE}"
        terminal = self.terminal(command)
        seen = []
        for title, keys in answers:
            terminal.wait(title)
            if keys == CHOICE and "? Model" in title:
                terminal.wait("gpt-5.5-codex")
                terminal.wait("leave")
                seen.append(terminal.screen)
            way.keys += len(keys)
            terminal.press(*keys)
        terminal.wait("Discard the answers")
        terminal.wait("save and leave")
        self.screens.setdefault("review", terminal.screen)
        seen.append(terminal.screen)
        terminal.press(*CHOICE)
        terminal.answer(f"? Type {PAIR}", PAIR, "enter")
        way.keys += len(CHOICE) + 1
        self.finish(terminal, command)
        last = terminal.screen[terminal.screen.rindex("decided  ") :]
        self.screens.setdefault("last", last)
        way.steps.append((command, [*seen, last]))

    def accept(self) -> None:
        """Look at the checklist, mark every bullet, and give the run as evidence of the last."""
        command = f"sotctl issue accept {ISSUE}"
        terminal = self.terminal(command)
        terminal.wait("Space marks")
        self.screens["checklist"] = terminal.screen
        terminal.press("a", "enter")
        terminal.answer("? Evidence for 9", "down", "enter")
        self.second.keys += 4
        self.finish(terminal, command)
        self.second.steps.append((command, [self.screens["checklist"], terminal.screen]))

    def plain(self, way: Way, command: str, *, at: Path | None = None) -> str:
        """A command that asks nothing."""
        terminal = self.terminal(command, at)
        self.finish(terminal, command)
        way.steps.append((command, [terminal.screen] if terminal.screen else []))
        return terminal.screen

    def terminal(self, command: str, at: Path | None = None) -> Terminal:
        shell = ("/bin/sh", "-c", command)
        return Terminal(at or self.work, columns=self.columns, program=shell, **self.environment)

    @staticmethod
    def finish(terminal: Terminal, command: str) -> None:
        if status := terminal.finish():
            raise SystemExit(f"{command}\nended with {status}:\n{terminal.screen}")

    def same_each_time(self, text: str) -> str:
        """*text* without what differs from one time to the next; every word keeps its length but for a run's number."""
        now = datetime.now(UTC)
        for days in (0, 89, 90, 180, 365):
            text = text.replace(f"{now + timedelta(days=days):%Y-%m-%d}", f"{DAY + timedelta(days=days):%Y-%m-%d}")
        text = re.sub(r"\b\d{8}T\d{6}Z", f"{DAY:%Y%m%d}T100000Z", text)
        name = r"\s*".join("string-slugify-")
        text = re.sub(rf"({name}\s*)\d+", r"\g<1>4711", text)
        text = re.sub(r"\d+\.\d s\b", "1.2 s", text)
        text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", text)
        listed = subprocess.run(
            ["git", "rev-list", "--reverse", "HEAD"], cwd=self.work, capture_output=True, check=True
        )
        for number, commit in enumerate(listed.stdout.decode().split()):
            text = text.replace(commit[:9], hashlib.sha256(str(number).encode()).hexdigest()[:9])
        text = text.replace(os.path.realpath(sys.executable), "/usr/bin/python3")
        return text.replace(str(self.home), "/home/jp")


def page() -> str:
    """The whole page."""
    with home() as place:
        wide = Walk(place, 80)
        wide.go()
        wide.renew()
        parts = [
            _INTRODUCTION,
            f"## From a clone to the first decision: {wide.first.counted}",
            *shown(wide, wide.first),
            f"## From the decision to a validated issue: {wide.second.counted}",
            _RUN,
            *shown(wide, wide.second),
            f"## A renewal: {wide.renewal.counted}",
            *shown(wide, wide.renewal),
        ]
    with home() as place:
        narrow = Walk(place, 40)
        narrow.go()
        parts += ["## The same screens at 40 by 24"]
        for name, title in (
            ("status", "Status"),
            ("review", "Review"),
            ("last", "Last screen"),
            ("checklist", "Checklist"),
        ):
            parts += [f"{title}:", block(narrow.same_each_time(narrow.screens[name]))]
    return "\n\n".join(parts) + "\n"


def shown(walk: Walk, way: Way) -> Iterator[str]:
    """Each command with the screens that it showed."""
    for command, screens in way.steps:
        first = screens[0] if screens else ""
        yield block(walk.same_each_time("\n".join(filter(None, [f"$ {command}", first]))))
        yield from (block(walk.same_each_time(screen)) for screen in screens[1:])


def block(text: str) -> str:
    return f"```text\n{text}\n```"


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """A home whose path is as long as `/home/jp`, so that lines break where they do there."""
    while True:
        place = Path("/tmp") / "".join(choices(string.ascii_lowercase + string.digits, k=3))
        with contextlib.suppress(FileExistsError):
            place.mkdir(mode=0o700)
            break
    try:
        yield place
    finally:
        shutil.rmtree(place)


_INTRODUCTION = f"""# A recorded session

`docs/session.py` makes this page from the real program in a real terminal of 80 by 24: every block is a command and the
screen that it left. Days, commit ids, run names and seconds are replaced, so that the page is the same each time.

How it is counted: a command is a line at the shell. A keystroke is a key pressed in answer to a question: an arrow,
Space, a letter or Enter. What is pasted is not counted, such as a command that the one before printed, nor is the pair
`{PAIR}`, which is typed again to approve. Down and Enter choose a known answer; Enter alone ends a list, or
leaves out what is optional."""
_RUN = """The run is the one that the decision printed, with the model and the backend of `make demo` in place of an account
and of Case: `--credential`, `--upstream` and the words after `--` differ."""


def main() -> None:
    """Write the page."""
    (HERE / "session.md").write_text(page())


if __name__ == "__main__":
    main()
