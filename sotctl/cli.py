"""Finds the verb; turns a `Result` into output, and an error into an exit status."""

from __future__ import annotations

import os
import re
import sys
from typing import NoReturn

import click

from sotctl import __version__
from sotctl.app import output
from sotctl.app.app import App
from sotctl.app.completion import COMPLETE_VARIABLE
from sotctl.app.group import PACKAGE, Group
from sotctl.app.verb import store_option
from sotctl.errors import Command, InterruptedByUser, SotError, UsageError
from sotctl.findings import RejectedError
from sotctl.report.formats import text
from sotctl.report.places import printable
from sotctl.report.terminal import columns
from sotctl.result import Result
from sotctl.scanning.engine import offer_engine
from sotctl.secrets import scan_text
from sotctl.streams import fill_closed, patient

cli = Group(
    PACKAGE / "commands",
    name="sotctl",
    help=(
        "Decide on the record which model provider may do real work, and make the decision hold.\n\n"
        "\b\nFor example:\n    sotctl init\n    sotctl decide CTO-WORK-020\n    sotctl check --all"
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[store_option()],
)
cli = click.version_option(__version__, prog_name="sotctl")(cli)


def main() -> NoReturn:
    """Run sotctl and exit: 0 pass, 1 findings or blocked, 2 usage, 3 could not be done, 4 a bug, 130 interrupted."""
    fill_closed()
    offer_engine()
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    (sys.stdout, written), (sys.stderr, _) = patient(sys.stdout), patient(sys.stderr)
    status = _complete() if COMPLETE_VARIABLE in os.environ else run(sys.argv[1:])
    sys.stdout.flush()
    if written.error:
        sys.stderr.write(f"error: the result could not be written: {written.error.strerror}\n")
        status = 3
    sys.exit(status)


def _complete() -> int:
    """Answer a shell that asks what could come next."""
    from click.shell_completion import shell_complete

    return shell_complete(cli, {}, "sotctl", COMPLETE_VARIABLE, os.environ[COMPLETE_VARIABLE])


def run(arguments: list[str]) -> int:
    """Run one command line, print its result or its error, and return the exit status."""
    app = App()
    app.arguments = arguments
    try:
        return _run(arguments, app)
    finally:
        app.close()


def _run(arguments: list[str], app: App) -> int:
    try:
        result = _invoke(arguments, app)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as without_verb:
        output.error(f"{without_verb.message}\n")
        return 2
    except click.ClickException as error:
        if "--json" in arguments:  # the options were not read
            app.form = "json"
        return _fail(app, _misused(error))
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _fail(app, InterruptedByUser("interrupted"))
    except SotError as error:
        return _fail(app, error)
    except OSError as error:  # a full disk or a read-only file system, not a bug
        where = f"{error.filename}: " if error.filename else ""
        hint = "put that right and try again; the next command undoes what was begun"
        return _fail(app, SotError(f"{where}{error.strerror or error}", hint=hint))
    except Exception:
        output.traceback()
        return _fail(app, _Bug("this is a bug in sotctl; the store is as it was, or the next command mends it"))
    output.result(result, as_json=app.as_json)
    return result.exit_code


def _invoke(arguments: list[str], app: App) -> Result:
    """Run the verb that a command line names."""
    _refuse_secrets(arguments)
    # Not `cli.main`: click would end the process itself, with statuses of its own.
    with cli.make_context("sotctl", list(arguments), obj=app, terminal_width=_narrow_width()) as context:
        result = cli.invoke(context)
    assert isinstance(result, Result)
    return result


def _narrow_width() -> int | None:
    """The width of help on a narrow terminal, where click alone would use at least fifty columns."""
    width = columns()
    return width - 1 if width < 52 else None


class _Bug(SotError):
    """What an exception that nobody expected is shown as, below its traceback."""

    exit_code = 4


def _fail(app: App, error: SotError) -> int:
    """Print an error as prose on stderr, and for a program as one document on stdout."""
    message, details = error.message, error.details
    if isinstance(error, RejectedError):
        findings = printable(error.findings)
        output.error(text.render(findings, {}, stream=sys.stderr))
        message = "; ".join(finding.message for finding in findings)
        details = {"findings": [finding.to_json() for finding in findings]}
    else:
        prefix = "" if isinstance(error, InterruptedByUser) else "error: "
        output.error(text.failure(message, error.hint, prefix, stream=sys.stderr))
    if app.as_json:
        values = {"error": message, "hint": error.hint, "exit_code": error.exit_code, **details}
        output.result(Result(type="sotctl.error/v1", values=values), as_json=True)
    return error.exit_code


def _misused(error: click.ClickException) -> UsageError:
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = Command(f"{context.command_path if context else 'sotctl'} --help")
    return UsageError(_in_our_words(error.format_message()), hint=hint)


def _in_our_words(message: str) -> str:
    """A message of click in our style: `missing argument ISSUE`, one sentence that begins in lower case."""
    sentences = [sentence[:1].lower() + sentence[1:] for sentence in message.rstrip(".").split(". ")]
    return re.sub(r"'([^']*)'", r"`\1`", "; ".join(sentences))


def _refuse_secrets(arguments: list[str]) -> None:
    """Refuse a secret on the command line, where every process of the machine can read it; it is not printed."""
    for number, argument in enumerate(arguments, 1):
        if found := scan_text(argument):
            message = (
                f"argument {number} holds what looks like a secret ({found[0].rule}); it was neither used nor kept"
            )
            raise UsageError(message, hint="revoke it: other processes and the shell's history may have it")
