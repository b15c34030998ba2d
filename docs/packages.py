"""Draws the packages of the package, layer by layer, from the order that import-linter holds; `generate.py` writes it."""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path

TOP = Path(__file__).parent.parent
WIDTH, HEIGHT, GAP, LEFT = 900, 44, 10, 16
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .about { font-size: 11px; fill: #59636e }
  rect { fill: #f6f8fa; stroke: #8c959f }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .about { fill: #9198a1 } rect { fill: #151b23; stroke: #656c76 }
  }
"""


def layers() -> list[list[str]]:
    """The layers from the top down, each with its packages."""
    contracts = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rows: list[str] = next(entry["layers"] for entry in contracts if entry["type"] == "layers")
    return [[package.strip().removeprefix("sotctl.") for package in row.replace("|", ":").split(":")] for row in rows]


def about(package: str) -> str:
    """The first line of a package's docstring."""
    path = TOP / "sotctl" / package
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return source.read_text("utf-8").partition("\n")[0].strip('"')


def picture() -> str:
    """The picture as SVG: an arrow from the top to the bottom, a row for each layer."""
    rows = layers()
    height = len(rows) * (HEIGHT + GAP) + 2 * LEFT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' aria-label="The packages of sotctl; imports point down">',
        f"<style>{STYLE}</style>",
    ]
    for number, row in enumerate(rows):
        top = LEFT + number * (HEIGHT + GAP)
        wide = (WIDTH - 2 * LEFT - GAP * (len(row) - 1)) / len(row)
        for place, package in enumerate(row):
            parts += _box(LEFT + place * (wide + GAP), top, wide, package)
    return "\n".join([*parts, "</svg>", ""])


def _box(left: float, top: float, wide: float, package: str) -> list[str]:
    text, most = about(package), int(wide / 5.8)
    shown = text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
    name = package.replace("_", " ")
    lines = [
        f'<rect x="{left:.0f}" y="{top}" width="{wide:.0f}" height="{HEIGHT}" rx="5"/>',
        f'<text x="{left + 10:.0f}" y="{top + 19}">{escape(name)}</text>',
    ]
    if wide > 120:
        lines.append(f'<text class="about" x="{left + 10:.0f}" y="{top + 35}">{escape(shown)}</text>')
    return lines
