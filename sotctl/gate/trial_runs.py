"""Runs the trials of the gate in a real repository, and shows that only the admitted one starts a process."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl import variables
from sotctl.documents import layout
from sotctl.gate import command as _gate
from sotctl.gate.trials import MODEL, PROVIDER, Trial
from sotctl.gate.verdict import Status, Verdict
from sotctl.git.repository import Git

FOLDER = ".sot/03-PROTOCOLS"
UNCOMMITTED = frozenset({"untracked", "ignored", "staged", "directory", "fifo", "socket", "device", "dangling link"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of one trial: the gate's answer, and whether the process behind it ran."""

    trial: Trial
    status: str
    reason: str
    process_started: bool

    @property
    def is_right(self) -> bool:
        """Whether status and reason are the expected ones, and a process ran if and only if it was admitted."""
        admitted = self.trial.status is Status.ADMITTED
        said = (self.status, self.reason) == (self.trial.status, self.trial.reason)
        return said and self.process_started == admitted

    def to_json(self) -> dict[str, object]:
        """The outcome as the validator prints it."""
        return {
            "name": self.trial.name,
            "expected": {"status": str(self.trial.status), "reason": self.trial.reason},
            "status": self.status,
            "reason": self.reason,
            "process_started": self.process_started,
            "pass": self.is_right,
        }


class TrialRoom:
    """A repository in *folder* in which every trial has an admission file of its own, committed in one commit."""

    def __init__(self, folder: Path, trials: Sequence[Trial]) -> None:
        self.folder, self.trials = folder, list(trials)
        self.repository = folder / "repository"
        self._paths = [
            self.repository / f"{number:03d}" / FOLDER / _file_name(trial.data)
            for number, trial in enumerate(self.trials)
        ]
        self._git = _own_git(self.repository)
        self._lay()

    def _lay(self) -> None:
        for path in self._paths:
            path.parent.mkdir(parents=True)
        self._git.output("init", "-q", "-b", "main")
        named = [number for number, trial in enumerate(self.trials) if trial.form != "unnamed store"]
        stores = [f"{number:03d}/{layout.STORE}" for number in named]
        (self.repository / layout.STORE).mkdir()
        (self.repository / layout.STORE / layout.CONFIGURATION).write_text(f"[store]\nalso = {json.dumps(stores)}\n")
        (self.repository / ".gitattributes").write_text("* -text\n")
        (self.repository / ".gitignore").write_text("ignored.json\n")
        for trial, path in zip(self.trials, self._paths, strict=True):
            if trial.data is not None and trial.form not in UNCOMMITTED:
                path.write_bytes(trial.data)
        self._git.output("add", ".")
        self._git.output("commit", "-q", "--no-verify", "--no-gpg-sign", "-m", "Trials of the gate")

    def run(self) -> Iterator[Outcome]:
        """Run every trial: bring its file into its form, ask the gate, and start the process if it is admitted."""
        for number, trial in enumerate(self.trials):
            path = self.bring_into_form(number)
            mark = self.folder / f"mark-{number}"
            with _environment(trial):
                verdict = _gate.gate_verdict(path, trial.provider or "", trial.model or "")
            start_if_admitted(
                verdict, [sys.executable, "-I", "-S", "-c", "import sys; open(sys.argv[1], 'w')", str(mark)]
            )
            yield Outcome(
                trial=trial, status=verdict.status, reason=verdict.reason, process_started=os.path.lexists(mark)
            )

    def bring_into_form(self, number: int) -> str:
        """The path to submit for a trial, once its file has its form."""
        trial, path = self.trials[number], self._paths[number]
        if not trial.named or trial.form in ("empty name", "blank name"):
            return "  " if trial.form == "blank name" else ""
        form = getattr(self, f"_form_{trial.form.replace('-', '_').replace(' ', '_')}")
        return str(form(path, trial.data or b""))

    def _form_file(self, path: Path, data: bytes) -> Path:
        return path

    _form_unnamed_store = _form_file

    def _form_dangling_link(self, path: Path, data: bytes) -> Path:
        path.symlink_to("nowhere.json")
        return path

    def _form_symbolic_link(self, path: Path, data: bytes) -> Path:
        link = path.with_name(f"link-{path.name}")
        link.symlink_to(path.name)
        return link

    def _form_link_in_the_directory(self, path: Path, data: bytes) -> Path:
        link = path.parent.with_name("linked")
        link.symlink_to(path.parent.name)
        return link / path.name

    def _form_hard_link(self, path: Path, data: bytes) -> Path:
        os.link(path, path.with_name(f"second-{path.name}"))
        return path

    def _form_fifo(self, path: Path, data: bytes) -> Path:
        os.mkfifo(path)
        return path

    def _form_directory(self, path: Path, data: bytes) -> Path:
        path.mkdir()
        return path

    def _form_device(self, path: Path, data: bytes) -> Path:
        return Path(os.devnull)

    def _form_socket(self, path: Path, data: bytes) -> Path:
        with socket.socket(socket.AF_UNIX) as listener, contextlib.chdir(path.parent):
            listener.bind(path.name)
        return path

    def _form_world_writable(self, path: Path, data: bytes) -> Path:
        path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWOTH)
        return path

    def _form_edited(self, path: Path, data: bytes) -> Path:
        path.write_bytes(data + b"\n")
        return path

    def _form_staged(self, path: Path, data: bytes) -> Path:
        path.write_bytes(data)
        self._git.output("add", str(path.relative_to(self.repository)))
        return path

    def _form_untracked(self, path: Path, data: bytes) -> Path:
        path.write_bytes(data)
        return path

    def _form_ignored(self, path: Path, data: bytes) -> Path:
        ignored = path.with_name("ignored.json")
        ignored.write_bytes(data)
        return ignored

    def _form_detached(self, path: Path, data: bytes) -> Path:
        linked = self.folder / "detached"
        self._git.output("worktree", "add", "--quiet", "--detach", str(linked))
        return linked / path.relative_to(self.repository)

    def _form_revoked_later(self, path: Path, data: bytes) -> Path:
        name = str(path.relative_to(self.repository))
        revoked = data.replace(b'"admitted"', b'"revoked"', 1)
        blob = self._git.output("hash-object", "-w", "--stdin", stdin=revoked).decode().strip()
        later = _own_git(self.folder / "later", self.repository)
        later.environment["GIT_INDEX_FILE"] = str(self.folder / "later" / "index")
        later.output("read-tree", "HEAD")
        later.output("update-index", "--cacheinfo", f"100644,{blob},{name}")
        commit = later.text("commit-tree", later.text("write-tree"), "-p", "HEAD", "-m", "Revoke")
        later.output("update-ref", "refs/heads/later", commit)
        return path

    def _form_outside(self, path: Path, data: bytes) -> Path:
        outside = self.folder / path.name
        outside.write_bytes(data)
        return outside


def start_if_admitted(verdict: Verdict, command: Sequence[str]) -> int | None:
    """Start *command* and wait for it, if and only if the gate admitted; None where it did not."""
    if verdict.status is not Status.ADMITTED:
        return None
    return subprocess.run(command, check=False).returncode


def _own_git(folder: Path, repository: Path | None = None) -> Git:
    """Git with an identity of its own, in a repository that knows no settings of the user; *folder* is made."""
    folder.mkdir(parents=True)
    git = Git(repository or folder)
    git.environment = {
        **{name: value for name, value in git.environment.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{role}_{what}": f"trial{'@example.com' * (what == 'EMAIL')}"
            for role in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    return git


@contextlib.contextmanager
def _environment(trial: Trial) -> Iterator[None]:
    """The variables of a trial, for as long as it runs; those of the caller that the gate reads are taken away."""
    names = (
        variables.FILE,
        variables.PROVIDER,
        variables.MODEL,
        variables.REQUIRE_COMMITTED,
        variables.ALLOWED_SIGNERS,
        variables.REF,
        variables.MAX_AGE,
    )
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ.update(trial.environment)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _file_name(data: bytes | None) -> str:
    """The name that the pair in *data* gives the file; that of the usual pair where there is no pair to read."""
    try:
        values = json.loads(data or b"{}")
        name = layout.admission_name(values["provider"], values["model"])
    except (ValueError, KeyError, TypeError, RecursionError):
        name = ""
    return name if 0 < len(name) < 200 else layout.admission_name(PROVIDER, MODEL)
