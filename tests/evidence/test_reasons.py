"""Every reason that the gate or a run can give is explained, and nothing else is.

Rules are values, which mypy checks; the reasons of gate and run are words, which are looked for in the source.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import sotctl
from sotctl.checks.run import explanations
from sotctl.evidence import reasons as evidence
from sotctl.gate import reasons as gate

PACKAGE = Path(sotctl.__file__).parent
ROOMS = ("gate", "evidence", "stage2")
NO_REASONS = {
    # names of pairs, tasks and namespaces, and what the task of the fixture must give
    *("anthropic-oauth", "claude-sonnet-4-6", "openai-codex", "openai-codex-hosted", "openai-codex-oauth"),
    *("openai-completions", "string-slugify", "a-b", "hello-world"),
    # what the scan of a run calls its findings, as the detector calls its own
    *("credential-value", "handed-on-value", "unreadable-file"),
    # outcomes of requests, wires, headers, and what stands in for a key
    *("client-left", "encoding-refused", "models-listed", "too-large", "too-many", "unknown-path", "upgrade-refused"),
    *("chat-completions", "generate-content", "api-version", "openai-model", "x-openai-model"),
    *("sotctl-stand-in", "stand-in", "step-finish"),
    # names of providers and of their protocols
    *("amazon-bedrock", "azure-openai-responses", "github-copilot", "google-antigravity", "google-gemini-cli"),
    *("google-vertex", "kimi-coding", "minimax-cn", "opencode-go", "vercel-ai-gateway"),
    *("anthropic-messages", "google-generative-ai", "openai-codex-responses"),
    # words of git, ssh-keygen, systemd, HTTP, Python and the file system
    *("commit-tree", "hash-object", "read-tree", "update-index", "update-ref", "write-tree"),
    *("for-each-ref", "ls-tree", "rev-list", "rev-parse", "symbolic-ref"),
    *("find-principals", "ssh-keygen", "systemd-run", "content-length", "content-type"),
    *("case-data", "latin-1", "utf-8", "utf-16"),
}


def literals(path: Path) -> set[str]:
    """The texts that a module holds; those of a table of explanations explain, and give nothing."""
    tree = ast.parse(path.read_text())
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if "EXPLANATIONS" in assigned:
        return set()
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_no_reason_is_explained_twice() -> None:
    """A second row of one id would silently take the place of the first."""
    for module in (gate, evidence):
        rows = [node for node in ast.walk(ast.parse(Path(module.__file__).read_text())) if isinstance(node, ast.Tuple)]
        ids = [row.elts[0].value for row in rows if isinstance(row.elts[0], ast.Constant)]
        assert len(set(ids)) == len(ids) > 40
    assert set(gate.EXPLANATIONS).isdisjoint(evidence.EXPLANATIONS)


def texts(*places: Path) -> set[str]:
    modules = [path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])]
    return set().union(*map(literals, modules))


def test_every_word_with_hyphens_is_explained_or_known_to_be_no_reason() -> None:
    words = {text for text in texts(*(PACKAGE / room for room in ROOMS)) if re.fullmatch("[a-z]+(-[a-z0-9]+)+", text)}
    assert words - set(explanations()) == NO_REASONS


def test_every_reason_that_is_explained_can_be_given() -> None:
    reasons = {*gate.EXPLANATIONS, *evidence.EXPLANATIONS}
    assert reasons - texts(*(PACKAGE / room for room in ROOMS)) == set()
