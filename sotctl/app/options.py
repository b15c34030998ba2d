"""The options that verbs have in common. Every verb imports this, so it imports nothing that takes time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from sotctl.app import store_flag
from sotctl.errors import UsageError
from sotctl.report import formats

F = TypeVar("F", bound=Callable[..., Any])


def refuse_both(first: str, first_value: object, second: str, second_value: object) -> None:
    """Refuse two options of which one would do nothing beside the other.

    Raises:
        UsageError: Both are given.
    """
    if first_value and second_value:
        raise UsageError(f"{first} and {second} do not go together", hint="leave one of them out")


def store_option(function: F) -> F:
    """`--store PATH`."""
    return click.option("--store", **store_flag.SETTINGS)(function)


def json_option(function: F) -> F:
    """`--json`, as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def format_options(function: F) -> F:
    """`--format NAME` and `--json`, as `form`, the format itself."""

    @functools.wraps(function)
    def with_form(*arguments: object, name: str | None, as_json: bool, **options: object) -> object:
        known = formats()
        if name != "json":
            refuse_both("--json", as_json, "--format", name)
        name = "json" if as_json else name or "text"
        if (form := known.get(name)) is None:
            from sotctl.documents.quote import quote

            raise UsageError(f"there is no format {quote(name)}; known: {', '.join(sorted(known))}")
        return function(*arguments, form=form, **options)

    names = "text (the default), json, sarif or github."
    decorated = click.option("--format", "name", metavar="FORMAT", help=names)(
        click.option("--json", "as_json", is_flag=True, help="The same as --format json.")(with_form)
    )
    return cast("F", decorated)


def write_options(function: F) -> F:
    """`--dry-run` and `--no-commit`."""
    function = click.option("--no-commit", is_flag=True, help="Write the files and do not commit them.")(function)
    return click.option("--dry-run", is_flag=True, help="Print the diff and change nothing.")(function)
