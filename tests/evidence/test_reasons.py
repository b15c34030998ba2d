"""Every reason and every rule that these rooms can give is explained, and nothing else is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import sotctl
from sotctl.checks.run import explanations

PACKAGE = Path(sotctl.__file__).parent
ROOMS = (*("admissions", "decisions", "issues", "gate", "checks", "documents", "evidence", "stage2"),)
NO_REASONS = {
    *("for-each-ref", "ls-files", "ls-tree", "rev-list", "rev-parse", "symbolic-ref", "branch-ref", "route-prefix"),
    # kinds, fields, formats and annotations of schemas
    *(
        "systemd-run",
        "decision-record",
        "evidence-record",
        "sot-document",
        "not-promoted",
        "approval-source",
        "review-trigger",
        "provider-decision",
        "subject-prefix",
    ),
    *("class-name", "exact-name", "issue-id", "one-line", "outside-path", "record-id", "repository-path"),
    *("x-ask", "x-body", "x-decides", "x-derives", "x-message", "x-names", "x-rule"),
    # names of pairs, classes, tasks and namespaces
    *("anthropic-oauth", "claude-sonnet-4-6", "openai-codex", "openai-codex-hosted", "openai-codex-oauth"),
    *("openai-completions", "string-slugify", "sotctl-admission"),
    # the network class of one's own hosts
    "local-hosts",
    # what the task of the fixture must give
    *("a-b", "hello-world"),
    # what the scan of a run calls its findings, as the detector calls its own
    *("credential-value", "handed-on-value", "unreadable-file"),
    # outcomes of requests, wires, headers, and what stands in for a key
    *("client-left", "encoding-refused", "models-listed", "too-large", "too-many", "unknown-path"),
    "upgrade-refused",
    *("chat-completions", "generate-content", "api-version", "openai-model", "x-openai-model"),
    *("sotctl-stand-in", "stand-in", "step-finish"),
    # names of providers and of their protocols
    *("amazon-bedrock", "azure-openai-responses", "github-copilot", "google-antigravity", "google-gemini-cli"),
    *("google-vertex", "kimi-coding", "minimax-cn", "opencode-go", "vercel-ai-gateway"),
    *("anthropic-messages", "google-generative-ai", "openai-codex-responses"),
    # words of git, ssh-keygen, HTTP, Python and the file system
    *("commit-tree", "hash-object", "read-tree", "update-index", "update-ref", "write-tree"),
    *("find-principals", "ssh-keygen", "content-length", "content-type"),
    *("case-data", "latin-1", "utf-8", "utf-16", "utf-16-be", "utf-16-le"),
}


def literals(path: Path) -> set[str]:
    """The texts that a module holds; those of a table of explanations explain, and give nothing."""
    tree = ast.parse(path.read_text())
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if "EXPLANATIONS" in assigned:
        return set()
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def texts(*places: Path) -> set[str]:
    modules = [path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])]
    return set().union(*map(literals, modules))


def test_every_word_with_hyphens_is_explained_or_known_to_be_no_reason() -> None:
    words = {text for text in texts(*(PACKAGE / room for room in ROOMS)) if re.fullmatch("[a-z]+(-[a-z0-9]+)+", text)}
    assert words - set(explanations()) == NO_REASONS


def test_everything_that_is_explained_can_be_given() -> None:
    by_name = {"baseline-invalid"}  # given by the constant that holds the rule
    assert set(explanations()) - texts(PACKAGE) == by_name
