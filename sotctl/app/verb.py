"""Makes a function a verb: options, one call, a `Result`. The options that every verb has stand here, once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import click

from sotctl.app.app import App
from sotctl.errors import UsageError
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
    options = [_format_option()] if formats else []
    options += [_json_option("The same as --format json." if formats else "Print the result as JSON.")]
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


def store_option() -> click.Option:
    """`--store PATH`, before and after the verb."""

    def remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.ensure_object(App).store_path = value

    help_ = "The store, or the directory that holds .sot/ (default: found upwards)."
    return click.Option(["--store"], metavar="PATH", expose_value=False, callback=remember, help=help_)


def _flag(name: str, help_: str) -> click.Option:
    def set_(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        setattr(ctx.ensure_object(App), name.removeprefix("--").replace("-", "_"), value)

    return click.Option([name], is_flag=True, expose_value=False, callback=set_, help=help_)


def _json_option(help_: str) -> click.Option:
    def set_(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        app = ctx.ensure_object(App)
        if value:
            refuse_both("--json", app.form != "json", "--format", app.form)
            app.form = "json"

    return click.Option(["--json"], is_flag=True, expose_value=False, callback=set_, help=help_)


def _format_option() -> click.Option:
    def set_(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is None:
            return
        from sotctl.report import known_formats

        if value not in known_formats():
            from sotctl.documents.quote import quote

            raise UsageError(f"there is no format {quote(value)}; known: {', '.join(sorted(known_formats()))}")
        ctx.ensure_object(App).form = value

    help_ = "text (the default), json, sarif or github."
    return click.Option(["--format"], metavar="FORMAT", is_eager=True, expose_value=False, callback=set_, help=help_)


def refuse_both(first: str, first_value: object, second: str, second_value: object) -> None:
    """Refuse two options that cannot be used together.

    Raises:
        UsageError: Both are given.
    """
    if first_value and second_value:
        raise UsageError(f"{first} and {second} do not go together", hint="leave one of them out")
