"""Makes `docs/session.svg`: a real decision at a terminal of 96 columns, from the first question to the next command.

Long parts (the issue, the answers, the run) are left out at the marked places.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from terminal import Terminal  # noqa: E402

COLUMNS, ROWS = 96, 200
CELL_W, CELL_H = 8.4, 18
ANSWERS = (
    ("? Decision", "down"),
    ("? Provider class", "down"),
    ("? Model", "gpt-5.5"),
    ("? Approval source", "JP chat approval on 2026-05-31"),
    ("? Credential source class", "hermes-openai-codex-oauth-and-local-vllm-config"),
    ("? Allowed network class", "codex-oauth-hosted-model-plus-local-vllm-fallback"),
    ("? Review trigger", "when the model changes"),
    ("? Evidence sources 1", "commit f39d8ab"),
    ("? Evidence sources 2", ""),
    ("? Served names 1", "gpt-5.5-2026-04-23"),
    ("? Served names 2", ""),
    ("? Fallback pairs 1", "vllm/qwen3.6-35b-a3b"),
    ("? Fallback pairs 2", ""),
    ("? Rationale", ""),
    ("? What now?", "down"),
    ("? Type openai-codex/gpt-5.5 to approve", "openai-codex/gpt-5.5"),
)


def session(work: Path) -> list[str]:
    """Everything that stands on the screen after CTO-WORK-020 has been decided."""
    shutil.copytree(HERE.parent / ".sot-example" / "02-ISSUES", work / ".sot" / "02-ISSUES")
    shutil.copy(HERE.parent / ".sot-example" / "sot.toml", work / ".sot")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Add the issues"]):
        subprocess.run(["git", *command], cwd=work, check=True)
    terminal = Terminal(work, "decide", "CTO-WORK-020", columns=COLUMNS, rows=ROWS, NO_COLOR="1")
    for question, answer in ANSWERS:
        terminal.answer(question, *([answer] if answer else []), "enter")
    if status := terminal.finish():
        raise SystemExit(f"the session ended with {status}:\n{terminal.screen}")
    return terminal.screen.splitlines()


def excerpt(lines: list[str]) -> list[str]:
    """The questions and the end, below the command that was given; where the store lies is left out."""
    at = [
        number for number, line in enumerate(lines) if line.startswith(("? Decision", "Decision ", "Checks:", "next"))
    ]
    shown = [
        "$ sotctl decide CTO-WORK-020",
        "⋮  the issue, and what blocks it",
        *lines[at[0] : at[1]],
        "⋮  every answer again; the exact diff is behind a choice",
        *lines[at[-2] : at[-1] + 2],
        "⋮  the run, whole",
    ]
    if any(len(line) >= COLUMNS for line in shown):
        raise SystemExit("a line does not fit: the terminal has cut it")
    return shown


def svg(lines: list[str]) -> str:
    """Lines of text on a dark ground."""
    width, height = COLUMNS * CELL_W + 32, len(lines) * CELL_H + 32
    rows = "\n".join(
        f'<text xml:space="preserve" x="16" y="{28 + number * CELL_H:g}"{style(line)}>{marked(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">\n'
        "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d8dee9;white-space:pre}"
        ".q{fill:#88c0d0;font-weight:bold}.ok{fill:#a3be8c}.cut{fill:#7b8698}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#22272e"/>\n{rows}\n</svg>\n'
    )


def marked(line: str) -> str:
    """A line as text of an SVG, its question apart from the answer."""
    title = next((title for title, _ in ANSWERS if line.startswith(title)), "")
    return f'<tspan class="q">{escape(title)}</tspan>{escape(line[len(title) :])}' if title else escape(line)


def style(line: str) -> str:
    """The class of a line: results stand out, and what was left out stands back."""
    if line.startswith("⋮"):
        return ' class="cut"'
    return ' class="ok"' if line.startswith(("$", "decided", "Checks: passed", "commit ", "next")) else ""


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.mkdir()
        (Path(folder) / "gitconfig").write_text(
            "[user]\nname = JP\nemail = jp@example.com\n[init]\ndefaultBranch = main\n"
        )
        os.environ["GIT_CONFIG_GLOBAL"] = str(Path(folder) / "gitconfig")
        (HERE / "session.svg").write_text(svg(excerpt(session(work))))


if __name__ == "__main__":
    main()
