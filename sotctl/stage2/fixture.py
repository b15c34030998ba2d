"""The fixture of a task: made from a template that is part of sotctl, and tested by the harness itself.

The harness's tests are those of the template, never the ones an agent may have rewritten. The code under test was
written by a model: it runs in the sandbox, unless the caller allows otherwise.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sotctl.evidence import files
from sotctl.evidence.report import FixtureResult
from sotctl.stage2 import isolation
from sotctl.stage2.tasks import Task

TEST_TIMEOUT_S = 60.0
MAX_SAID_BYTES = 64 * 1024
EXCLUDED = (".case/", "__pycache__/")
"""What git ignores in a fixture: the folders that a backend or Python makes there."""


def make(task: Task, folder: Path) -> None:
    """Make a fixture: a git repository without a remote, with an identity of its own, its files committed."""
    folder.mkdir(mode=0o700, parents=True)
    for path, text in task.files.items():
        (folder / path).write_text(text, encoding="utf-8")
    _git(folder, "init", "-q", "-b", "main", "--template=")
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / ".git/info/exclude").write_text("".join(f"{name}\n" for name in EXCLUDED), encoding="utf-8")
    with (folder / ".git/config").open("a", encoding="utf-8") as config:
        config.write("[user]\n\tname = harness\n\temail = harness@localhost\n[commit]\n\tgpgsign = false\n")
    _git(folder, "add", "--", *task.files)
    _git(folder, "commit", "-q", "--no-verify", "-m", f"Fixture of {task.id}")


def solve(task: Task, folder: Path) -> None:
    """Apply the task's scripted patch: this makes the fake baseline, without a model."""
    for path, text in task.patch.items():
        (folder / path).write_text(text, encoding="utf-8")


def _git(folder: Path, *arguments: str) -> None:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
    }
    safe = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false")
    subprocess.run(["git", *safe, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


_CALL = """
import importlib, json, os, resource, sys
for what, most in ((resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_FSIZE, 1 << 20)):
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
sys.path.insert(0, os.getcwd())
end, module, function, given = int(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
call = getattr(importlib.import_module(module), function)
os.write(end, json.dumps([call(value) for value in given]).encode())
"""


def tests_pass(task: Task, folder: Path, *, isolated: bool) -> bool:
    """Run the template's tests on the files of a fixture, in a copy that holds nothing else.

    The code under test runs in a process that gets only the inputs. Its outputs come back over a separate pipe and are
    compared here, so what the code prints and its exit status decide nothing.
    """
    if folder.is_symlink():
        return False
    with tempfile.TemporaryDirectory(prefix="sotctl-tests-") as copy:
        for path in task.files:
            source = folder / path
            if path != task.tests and source.is_file() and not source.is_symlink():
                (Path(copy) / path).write_bytes(source.read_bytes())
        said = _called(task, copy, isolated=isolated)
    try:
        values = json.loads(said)
    except (ValueError, RecursionError):
        return False
    expected = [example.expected for example in task.examples]
    return isinstance(values, list) and values == expected


def _called(task: Task, folder: str, *, isolated: bool) -> bytes:
    """What the code in *folder* gave for every input, as JSON; nothing where it did not come to its end."""
    module, _, function = task.calls.partition(":")
    given = json.dumps([example.given for example in task.examples])
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    program = [isolation.PYTHON, "-I", "-S", "-B", "-c", _CALL, str(write_end), module, function, given]
    try:
        done = subprocess.run(
            isolation.command(program, readable=(folder,), cwd=folder) if isolated else program,
            cwd=folder,
            env={"PATH": os.defpath, "HOME": folder, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(write_end,),
            check=False,
            timeout=TEST_TIMEOUT_S,
            start_new_session=True,
        )
        return os.read(read_end, MAX_SAID_BYTES) if done.returncode == 0 else b""
    except (subprocess.TimeoutExpired, BlockingIOError):
        return b""
    finally:
        os.close(read_end)
        os.close(write_end)


def run_tests(folder: Path, task: Task) -> dict[str, FixtureResult]:
    """Run the tests of both fixtures of a run once more, in the sandbox: before on the template, after on its files."""
    with tempfile.TemporaryDirectory(prefix="sotctl-template-") as template, ThreadPoolExecutor(2) as pool:
        for path, text in task.files.items():
            (Path(template) / path).write_text(text, encoding="utf-8")
        before = pool.submit(tests_pass, task, Path(template), isolated=True)
        after = {
            name: pool.submit(tests_pass, task, folder / place, isolated=True)
            for name, place in (("real", files.REAL), ("fake", files.FAKE))
        }
        return {
            name: FixtureResult(passed_before=before.result(), passed_after=result.result())
            for name, result in after.items()
        }
