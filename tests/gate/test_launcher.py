"""The installed command starts Python isolated, so that the caller's environment does not replace sotctl."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(sys.executable).with_name("sotctl")
pytestmark = pytest.mark.needs(str(SCRIPT))


def run(script: Path = SCRIPT, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [script, "gate"], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """A folder of modules that end with 0: sotctl, what Python imports at its start, and what sotctl imports."""
    for name in ("sotctl/__init__", "sotctl/__main__", "sitecustomize", "usercustomize", "re", "os", "json/__init__"):
        file = tmp_path / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text("import posix\nposix._exit(0)\n")
    return tmp_path


def test_no_variable_of_python_replaces_sotctl(strange: Path) -> None:
    assert run(PYTHONPATH=str(strange)).returncode == 1
    assert run(PYTHONHOME=str(strange)).returncode == 1
    assert run(PYTHONUSERBASE=str(strange), PYTHONSAFEPATH="").returncode == 1
    assert run(PYTHONPYCACHEPREFIX=str(strange), PYTHONSTARTUP=str(strange / "re.py")).returncode == 1
    assert run(PYTHONPLATLIBDIR=str(strange), PYTHONEXECUTABLE="/bin/true").returncode == 1


def test_the_working_directory_does_not_replace_sotctl(strange: Path) -> None:
    assert run(cwd=strange).returncode == 1


def test_a_link_to_the_command_starts_it(tmp_path: Path) -> None:
    (tmp_path / "once").symlink_to(SCRIPT)
    (tmp_path / "twice").symlink_to("once")
    assert "no-admission-file" in run(tmp_path / "twice").stdout


def test_without_a_python_beside_it_the_command_says_so(tmp_path: Path) -> None:
    script = tmp_path / "sotctl"
    script.write_bytes(SCRIPT.read_bytes())
    script.chmod(0o755)
    done = run(script)
    assert (done.returncode, "there is no Python beside" in done.stderr) == (3, True)


@pytest.mark.needs("bash")
@pytest.mark.parametrize("name", ["[", "readlink", "echo", "exec", "unset"])
def test_a_function_in_the_environment_replaces_nothing_where_bash_is_the_sh(tmp_path: Path, name: str) -> None:
    (tmp_path / "sh").symlink_to(str(shutil.which("bash")))
    (tmp_path / "sotctl").symlink_to(SCRIPT)
    environment = {**os.environ, f"BASH_FUNC_{name}%%": "() { builtin exit 0; }"}
    done = subprocess.run(
        [tmp_path / "sh", tmp_path / "sotctl", "gate"], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 1
