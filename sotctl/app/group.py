"""A group of verbs: the files of a folder, each imported when it runs, listed in `--help` by purpose."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import click

from sotctl.documents.quote import did_you_mean, quote

PACKAGE = Path(__file__).parent.parent
GROUPS = ("decide", "look", "check", "run", "share", "set up")
_GROUP = re.compile(r'^GROUP = "([a-z ]+)"$', re.MULTILINE)


class Group(click.Group):
    """The verbs of one folder of `sotctl/commands`."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(**settings)
        self.folder = folder

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, sorted: every file and folder without a leading `_`."""
        names = {path.stem for path in self.folder.iterdir() if path.suffix == ".py" or path.is_dir()}
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb; a folder is a group, and only its first line is read."""
        name = cmd_name.replace("-", "_")
        if cmd_name not in self.list_commands(ctx):
            return None
        if (self.folder / name).is_dir():
            return Group(self.folder / name, name=cmd_name, help=self._source(cmd_name).partition("\n")[0].strip('"'))
        parts = self.folder.relative_to(PACKAGE).parts
        module = importlib.import_module(".".join(("sotctl", *parts, name)))
        command: click.Command = module.command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs with their first lines, importing none."""
        sections: dict[str, list[tuple[str, str]]] = {name: [] for name in (*GROUPS, "verbs")}
        for name in self.list_commands(ctx):
            source = self._source(name)
            group = _GROUP.search(source)
            sections[group[1] if group else "verbs"].append((name, source.partition("\n")[0].strip('"')))
        for title, rows in sections.items():
            if rows:
                with formatter.section(title.capitalize()):
                    formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or name a close one."""
        if args[:1] == ["help"]:
            args = [*args[1:], "--help"]
        if args == ["--help"]:
            click.echo(ctx.get_help())
            ctx.exit()
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            hint = did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f"there is no verb {quote(args[0])}{hint}")
        return super().resolve_command(ctx, args)

    def _source(self, name: str) -> str:
        path = self.folder / name.replace("-", "_")
        return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")
