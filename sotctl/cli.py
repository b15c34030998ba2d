"""Finds the verb, and is the one place where errors become exit codes."""

from __future__ import annotations

import functools
import importlib
import io
import itertools
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

import click

from sotctl import __version__
from sotctl.app import store_flag
from sotctl.app.completion import COMPLETE_VARIABLE
from sotctl.errors import SotError
from sotctl.findings import RejectedError
from sotctl.scanning.engine import offer_engine
from sotctl.streams import fill_closed

COMMANDS = Path(__file__).parent / "commands"


class Verbs(click.Group):
    """A group whose verbs are the files of a folder, imported when they run."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(**settings)
        self.folder = folder

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, sorted: every file and folder without a leading `_`."""
        names = {path.stem for path in self.folder.iterdir() if path.suffix == ".py" or path.is_dir()}
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb; for the help of a whole group only its first line is read."""
        name = cmd_name.replace("-", "_")
        if cmd_name not in self.list_commands(ctx):
            return None
        if (self.folder / name).is_dir():
            return Verbs(self.folder / name, name=cmd_name, help=_first_line(self.folder / name / "__init__.py"))
        parts = self.folder.relative_to(COMMANDS.parent).parts
        module = importlib.import_module(".".join(("sotctl", *parts, name)))
        command: click.Command = module.command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs with their first lines, importing none."""
        rows = []
        for name in self.list_commands(ctx):
            path = self.folder / name.replace("-", "_")
            rows.append((name, _first_line(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))))
        with formatter.section("Verbs"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or name a close one."""
        from sotctl.documents.quote import did_you_mean, quote

        if args[:1] == ["help"]:
            args = [*args[1:], "--help"]
        if args == ["--help"]:
            click.echo(ctx.get_help())
            ctx.exit()
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            hint = did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f"there is no verb {quote(args[0])}{hint}")
        return super().resolve_command(ctx, args)


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline().strip().strip('"')


cli = Verbs(
    COMMANDS,
    name="sotctl",
    help=(
        "Decide on the record which model provider may do real work, and make the decision hold.\n\n"
        "\b\nFor example:\n    sotctl init\n    sotctl decide CTO-WORK-020\n    sotctl check --all"
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[click.Option(["--store"], **store_flag.SETTINGS)],
)
cli = click.version_option(__version__, prog_name="sotctl")(cli)


def main() -> NoReturn:
    """Run sotctl and exit: 0 pass, 1 findings or blocked, 2 usage, 3 could not be done, 4 a bug, 130 interrupted."""
    fill_closed()
    offer_engine()
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    (sys.stdout, written), (sys.stderr, _) = _patient(sys.stdout), _patient(sys.stderr)
    status = _complete() if COMPLETE_VARIABLE in os.environ else run(sys.argv[1:])
    sys.stdout.flush()
    if written.error:
        sys.stderr.write(f"error: the result could not be written: {written.error.strerror}\n")
        status = 3
    sys.exit(status)


class _Patient(io.FileIO):
    """Output that is dropped once its reader has gone: the verb goes on to the status that it would have had.

    So is what there is no room for; `error` keeps that, and is told once, at the end.
    """

    error: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write, or pass over what nobody reads."""
        try:
            return super().write(data)
        except BrokenPipeError:
            pass
        except OSError as error:
            self.error = error
        return memoryview(data).nbytes


def _patient(stream: TextIO) -> tuple[TextIO, _Patient]:
    """*stream* for writing whatever characters there are, to a reader that may leave; and what lies below it."""
    below = _Patient(stream.fileno(), "w", closefd=False)
    at_once = stream.isatty() or stream is sys.stderr
    text = io.TextIOWrapper(
        io.BufferedWriter(below), encoding=stream.encoding, errors="backslashreplace", line_buffering=at_once
    )
    return text, below


def _complete() -> int:
    """Answer a shell that asks what could come next."""
    from click.shell_completion import shell_complete

    return shell_complete(cli, {}, "sotctl", COMPLETE_VARIABLE, os.environ[COMPLETE_VARIABLE])


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit status.

    An error is told in prose on stderr, and where JSON was asked for, as one document on stdout besides. It is left out
    when the verb has printed its result already: a program that reads stdout reads one document.
    """
    stdout = sys.stdout
    watched = _Watched(stdout) if _wants_json(arguments) else None
    sys.stdout = cast("TextIO", watched or stdout)
    try:
        ended = _end(arguments)
    finally:
        sys.stdout = stdout
    if isinstance(ended, int):
        return ended
    sys.stderr.write(ended.prose or _in_prose(ended))
    if watched and not watched.has_written:
        _tell_program(ended)
    return ended.status


def _in_prose(failure: _Failure) -> str:
    from sotctl.report.formats import text

    return text.failure(failure.message, failure.hint, failure.prefix, stream=sys.stderr)


def _tell_program(failure: _Failure) -> None:
    """Print the document of an error."""
    from sotctl.app.shared import print_json

    values = {"error": failure.message, "hint": failure.hint, "exit_code": failure.status}
    print_json("sotctl.error/v1", {**values, **failure.details})


class _Watched:
    """Standard output that knows whether anything was written to it, or to the bytes below it."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._was_written = stream, False

    @property
    def has_written(self) -> bool:
        return self._was_written or ("buffer" in vars(self) and self.buffer.has_written)

    @functools.cached_property
    def buffer(self) -> _Watched:
        """The bytes below; click goes there in a locale without UTF-8."""
        return _Watched(self._stream.buffer)

    def write(self, data: str | bytes) -> Any:
        """Write on; click writes nothing to find out what a stream takes."""
        self._was_written = self._was_written or bool(data)
        return self._stream.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _narrow_width() -> int | None:
    """The width of help on a narrow terminal; click alone would go on writing fifty columns there."""
    columns = shutil.get_terminal_size().columns
    return max(columns - 1, 20) if columns < 52 else None


def _wants_json(arguments: list[str]) -> bool:
    """Whether a command line asks for JSON; it may be too broken to be parsed. The gate has documents of its own."""
    given = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if _verb(given) == "gate":
        return False
    return "--json" in given or "--format=json" in given or ("--format", "json") in itertools.pairwise(given)


def _verb(arguments: list[str]) -> str:
    """The verb of a command line, "" where there is none: the first word that is not `--store` or its value."""
    rest = iter(arguments)
    for word in rest:
        if word == "--store":
            next(rest, None)
        elif not word.startswith("--store="):
            return word
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """How a command line failed: the exit status, and what is said of it.

    `prose` stands on stderr in place of `message`, where it is more than that; `details` stand in the JSON document.
    """

    status: int
    message: str
    hint: str = ""
    prefix: str = "error: "
    prose: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


def _end(arguments: list[str]) -> int | _Failure:
    """Run one command line to its exit status, or to what went wrong."""
    try:
        _refuse_secrets(arguments)
        # Not `cli.main`: click would end the process itself, with statuses of its own.
        with cli.make_context("sotctl", list(arguments), terminal_width=_narrow_width()) as context:
            cli.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _Failure(status=130, message="interrupted", prefix="")
    except SotError as error:
        return _refused(error)
    except click.ClickException as error:
        return _misused(error)
    except OSError as error:  # a full disk, a file system that is read only: nothing of ours to mend
        where = f"{error.filename}: " if error.filename else ""
        hint = "put that right and try again; what was begun is undone by the next command"
        return _Failure(status=3, message=f"{where}{error.strerror or error}", hint=hint)
    except Exception:
        import traceback

        traceback.print_exc()
        message = "this is a bug in sotctl; the store is as it was or will be mended by the next command"
        return _Failure(status=4, message=message)
    return 0


def _refused(error: SotError) -> _Failure:
    if isinstance(error, RejectedError):
        from sotctl.report.formats import text
        from sotctl.report.places import printable

        findings = printable(error.findings)
        prose = text.render(findings, {}, stream=sys.stderr)
        message = "; ".join(finding.message for finding in findings)
        details = {"findings": [finding.to_json() for finding in findings]}
        return _Failure(status=error.exit_code, message=message, prefix="", prose=prose, details=details)
    prefix = "" if error.exit_code == 130 else "error: "
    return _Failure(
        status=error.exit_code, message=error.message, hint=error.hint, prefix=prefix, details=error.details
    )


def _misused(error: click.ClickException) -> _Failure:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return _Failure(status=2, message=error.message, prefix="")
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"{context.command_path if context else 'sotctl'} --help"
    return _Failure(status=2, message=_in_our_words(error.format_message()), hint=hint)


def _in_our_words(message: str) -> str:
    """What click says, as we say it: `missing argument ISSUE`, in one sentence that begins small."""
    sentences = [sentence[:1].lower() + sentence[1:] for sentence in message.rstrip(".").split(". ")]
    return re.sub(r"'([^']*)'", r"`\1`", "; ".join(sentences))


def _refuse_secrets(arguments: list[str]) -> None:
    """Refuse a secret on the command line, where every process of the machine can read it; it is not printed."""
    from sotctl.errors import UsageError
    from sotctl.secrets import scan_text

    for number, argument in enumerate(arguments, 1):
        if found := scan_text(argument):
            message = (
                f"argument {number} holds what looks like a secret ({found[0].rule}); it was not used and not kept"
            )
            raise UsageError(message, hint="revoke it: other processes and the shell's history may have it")
