"""The one place that prints a verb's result; it withholds everything that the detector takes for a secret."""

from __future__ import annotations

import json

import click

from sotctl.result import Result
from sotctl.secrets import scan_text
from sotctl.secrets.withheld import withheld


def result(answer: Result, *, as_json: bool) -> None:
    """Print the result of a verb: as a document, as JSON with its `type` first, or as text."""
    if answer.note:
        error(answer.note + "\n")
    if answer.document:
        click.echo(withheld(answer.document), nl=not answer.document.endswith("\n"))
    elif as_json:
        click.echo(json.dumps(_withheld_values({"type": answer.type, **answer.values}), indent=2))
    elif answer.text:
        click.echo(withheld(answer.text))
    if answer.error:
        error(answer.error + "\n")


def text(written: str) -> None:
    """Print what a person has to see before the answer."""
    click.echo(withheld(written), nl=False)


def error(text: str) -> None:
    """Print to standard error."""
    click.echo(withheld(text), nl=False, err=True)


def traceback() -> None:
    """Print the traceback of the exception that is being handled."""
    import traceback as python_traceback

    error(python_traceback.format_exc())


def _withheld_values(value: object) -> object:
    """A JSON value whose texts hold no secret, keys included; the whole is searched once before its parts are."""
    return _each(value) if scan_text(json.dumps(value, ensure_ascii=False)) else value


def _each(value: object) -> object:
    if isinstance(value, str):
        return withheld(value)
    if isinstance(value, dict):
        return {withheld(key) if isinstance(key, str) else key: _each(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each(entry) for entry in value]
    return value
