"""The detector reads nothing but its input, and imports fast."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "sotctl" / "secrets").rglob("*.py"))
FORBIDDEN = {"git", "click", "subprocess", "os", "time", "pathlib", "socket", "random", "questionary"}
HEAVY = {"dataclasses", "typing", "inspect", "pkgutil", "json", "pathlib", "hashlib", "hyperscan", "ast"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_module_imports_nothing_that_reads_the_world(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {(node.module or "").split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not names & FORBIDDEN
    assert not {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)} & {
        "open",
        "print",
        "input",
    }


def test_a_scan_of_a_small_file_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from sotctl.secrets import scan\n"
        "scan(b'api_key: none, password: none')\n"
        "print(*sys.modules)"
    )
    modules = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not HEAVY & set(modules)
