"""Show or change the configuration of the store: approvers, hosts, exports and the rest of sot.toml."""

from __future__ import annotations

import json

import click

from sotctl.app.app import App, with_commit
from sotctl.app.verb import refuse_both, verb
from sotctl.decisions.configuration import plan_setting, read_settings
from sotctl.documents import layout
from sotctl.errors import Command, UsageError
from sotctl.report.terminal import wrapped
from sotctl.result import Result

GROUP = "set up"
EXAMPLES = """\
sotctl config
sotctl config approval.approvers --add Ada
sotctl config networks.codex-oauth --add chatgpt.com
sotctl config exports.claude-code .claude/settings.json"""


@verb(example=EXAMPLES, writes=True)
@click.argument("key", required=False, metavar="[TABLE.KEY]")
@click.argument("value", required=False)
@click.option("--add", "added", multiple=True, metavar="VALUE", help="Add to a list; may be repeated.")
@click.option("--remove", "removed", multiple=True, metavar="VALUE", help="Take out of a list; may be repeated.")
@click.option("--unset", is_flag=True, help="Go back to the default.")
def command(
    app: App, key: str | None, value: str | None, added: tuple[str, ...], removed: tuple[str, ...], unset: bool
) -> Result:
    """Show every setting, show one, or change one and commit it; comments in sot.toml stay as they are.

    A list is written as values between commas, or changed with --add and --remove.
    """
    refuse_both("a value", value is not None, "--add or --remove", added or removed)
    refuse_both("--unset", unset, "a value", value is not None or added or removed)
    path = f"{app.store.folder}/{layout.CONFIGURATION}"
    data = app.snapshot.tree.read(path)
    if key is None:
        if added or removed or unset:
            raise UsageError("name the setting to change", hint=Command("sotctl config TABLE.KEY"))
        return _shown(read_settings(data), path)
    if value is None and not (added or removed or unset):
        return _shown(read_settings(data, key), path)
    done = "unset" if unset else "set"
    plan = plan_setting(path, data, key, value=value, added=added, removed=removed, unset=unset)
    return app.carry_out(
        app.planned(plan),
        "sotctl.config/v1",
        {"key": key, "path": path},
        with_commit([f"{done if plan.changed() else 'unchanged'}  {key}"], ["next    sotctl status"]),
    )


def _shown(settings: dict[str, object], path: str) -> Result:
    lines = [
        line for key, value in settings.items() for line in wrapped(json.dumps(value, ensure_ascii=False), f"{key} = ")
    ]
    return Result(
        type="sotctl.config/v1",
        values={"path": path, "settings": settings},
        text="\n".join(lines) or f"{path} sets nothing; every key has its default: sotctl schema sot",
    )
