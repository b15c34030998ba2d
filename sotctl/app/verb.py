"""Makes a function a verb: options, one call, a `Result`. The options that every verb has stand here, once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import click

from sotctl.app.app import App
from sotctl.documents.quote import quote
from sotctl.errors import UsageError
from sotctl.report import known_formats
from sotctl.report.terminal import continued
from sotctl.result import Result


class _Formatter(click.HelpFormatter):
    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options; on a narrow terminal, the description of a long one goes below it."""
        super().write_dl(rows, min(col_max, self.width // 2 - col_spacing), col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class Verb(click.Command):
    """A command whose `epilog` holds examples, one a line."""

    context_class = _Context

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.epilog:
            formatter.write("\nFor example:\n")
            for example in self.epilog.splitlines():
                formatter.write("\n".join(continued(example, formatter.width)) + "\n")


def verb(
    *, example: str, store: bool = True, writes: bool = False, formats: bool = False
) -> Callable[[Callable[..., Result]], Verb]:
    """A decorator that makes a verb of `command(app, ...) -> Result`.

    Args:
        example: Command lines to copy, one a line, the first of this verb.
        store: The verb takes `--store PATH`.
        writes: The verb takes `--dry-run` and `--no-commit`.
        formats: The verb takes `--format NAME` besides `--json`.
    """
    named = "text (the default), json, sarif or github."
    options = [_option("--format", _take_format, metavar="FORMAT", is_eager=True, help=named)] if formats else []
    as_json = "The same as --format json." if formats else "Print the result as JSON."
    options += [_option("--json", _take_json, is_flag=True, help=as_json)]
    options += [_flag("--dry-run", "Print the diff and change nothing.")] if writes else []
    options += [_flag("--no-commit", "Write the files and do not commit them.")] if writes else []
    options += [store_option()] if store else []

    def decorate(function: Callable[..., Result]) -> Verb:
        @functools.wraps(function)
        def run(*arguments: object, **values: object) -> Result:
            app = click.get_current_context().ensure_object(App)
            call = functools.partial(function, app, *arguments, **values)
            return app.in_turn(call) if writes else call()

        command = click.command(cls=Verb, epilog=example)(run)
        command.params += options
        return command

    return decorate


def _option(name: str, take: Callable[[App, Any], None], **settings: Any) -> click.Option:
    """An option whose value, where one is given, goes to the `App`."""

    def callback(ctx: click.Context, _: click.Parameter, value: object) -> None:
        if value not in (None, False):
            take(ctx.ensure_object(App), value)

    return click.Option([name], expose_value=False, callback=callback, **settings)


def store_option() -> click.Option:
    """`--store PATH`, before and after the verb."""
    help_ = "The store, or the directory that holds .sot/ (default: found upwards)."
    return _option("--store", lambda app, path: setattr(app, "store_path", path), metavar="PATH", help=help_)


def _flag(name: str, help_: str) -> click.Option:
    attribute = name.removeprefix("--").replace("-", "_")
    return _option(name, lambda app, _: setattr(app, attribute, True), is_flag=True, help=help_)


def _take_json(app: App, _: bool) -> None:
    refuse_both("--json", app.form != "json", "--format", app.form)
    app.form = "json"


def _take_format(app: App, name: str) -> None:
    if name not in known_formats():
        raise UsageError(f"there is no format {quote(name)}; known: {', '.join(sorted(known_formats()))}")
    app.form = name


def refuse_both(first: str, first_value: object, second: str, second_value: object) -> None:
    """Refuse two options that cannot be used together.

    Raises:
        UsageError: Both are given.
    """
    if first_value and second_value:
        raise UsageError(f"{first} and {second} do not go together", hint="leave one of them out")
