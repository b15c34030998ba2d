"""The answers of a decision as a command line gives them: `--answers` and `--set`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sotctl.app.app import MAX_INPUT_BYTES, App
from sotctl.decisions.answers import read_values
from sotctl.documents import rules
from sotctl.documents.schema import Schema
from sotctl.documents.strict_json import StrictJsonError, parse_object
from sotctl.documents.strict_yaml import StrictYamlError, parse_mapping, plain
from sotctl.errors import Command, UsageError


def given_answers(app: App, schema: Schema, file: str | None, pairs: tuple[str, ...]) -> dict[str, Any]:
    """The answers of `--answers` and `--set`; a repeated `--set` of a list adds to it.

    Raises:
        UsageError: The file is no mapping, or a pair has no `=`.
    """
    answers: dict[str, Any] = _read(app, file) if file else {}
    lists: dict[str, list[str]] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise UsageError("--set takes FIELD=VALUE", hint="--set decision_status=not_decided")
        if schema.root.get("properties", {}).get(name, {}).get("type") == "array":
            lists.setdefault(name, []).extend([value] if value else [])
            answers[name] = lists[name]
        else:
            answers[name] = value
    return read_values(schema, answers)


def _read(app: App, file: str) -> dict[str, Any]:
    name = "(standard input)" if file == "-" else file
    try:
        data = app.standard_input if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from None
    if len(data) > MAX_INPUT_BYTES:
        raise UsageError(f"{name} is larger than {MAX_INPUT_BYTES // 1024} KiB")
    try:
        if data.lstrip().startswith(b"{"):
            return {key: member.value for key, member in parse_object(data).items()}
    except StrictJsonError as error:
        if error.rule is not rules.JSON_INVALID:  # it may be YAML still
            raise _broken(name, error) from None
    try:
        return plain(parse_mapping(data.decode("utf-8")))
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8") from None
    except StrictYamlError as error:
        if error.rule is not rules.FRONTMATTER_NOT_MAPPING:  # this rule is about documents
            raise _broken(name, error) from None
        message = f"{name}: the answers are not a list of `field: value` lines"
        raise UsageError(message, hint="write lines such as `decision_status: not_decided`") from None


def _broken(name: str, error: StrictJsonError | StrictYamlError) -> UsageError:
    message = f"{name}, line {error.line} of the answers: {error.message} ({error.rule.id})"
    return UsageError(message, hint=Command(f"sotctl explain {error.rule.id}"))
