"""Passwords in tables, where the name is the head of the column, and pairs whose name comes after the value."""

from __future__ import annotations

from sotctl.secrets.context import convinces
from sotctl.secrets.names import Strength, strength
from sotctl.secrets.rule import SecretRule, lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sotctl.secrets.rule import Spans

_MOST_ROWS = 500
_RULED = lazy(rb"[ \t]*[|+]?[ \t]*:?-{1,200}:?[ \t]*[|+][ \t|+:\-]{0,2000}\r?(?:\n|\Z)")
_INSERT = lazy(rb"(?i)insert\s{1,4}into\s{1,4}[\w.\"`\[\]]{1,120}\s{0,8}\((?P<names>[^()]{3,1000})\)\s{0,20}values\s{0,20}(?=\()")
_TUPLE = lazy(rb"\s{0,40},?\s{0,40}\((?P<values>(?:'[^'\r\n]{0,400}'|[^()'\r\n]){1,2000})\)")
_QUOTED = lazy(rb"(?:'[^']*'|[^,'])+")


def _cells(line: bytes, start: int) -> Iterator[tuple[bytes, int]]:
    """Yield the cells of the row *line*, without their markup, and where each begins."""
    for cell in line.split(b"|"):
        text = cell.strip(b" \t\r*_`")
        yield text, start + cell.find(text)
        start += len(cell) + 1


def _telling(names: list[bytes]) -> dict[int, int]:
    return {place: force for place, name in enumerate(names) if (force := strength(name)) > Strength.WEAK}


def _find_ruled(data: bytes, position: int) -> Spans:
    """Return the secret values of the table (Markdown, psql) whose head ends with the ruled line at *position*."""
    start = data.rfind(b"\n", 0, position) + 1
    match = _RULED().match(data, start)
    if match is None or data[start:position].translate(None, b"|+") != data[start:position]:  # not the first cell
        return ()
    above = data.rfind(b"\n", 0, max(0, start - 1)) + 1
    columns = _telling([text for text, _ in _cells(data[above : max(above, start - 1)][:4000], above)])
    spans: list[tuple[int, int]] = []
    place = match.end()
    for _ in range(_MOST_ROWS if columns else 0):
        end = data.find(b"\n", place, place + 4000)
        line = data[place : end if end >= 0 else min(len(data), place + 4000)]
        if b"|" not in line or not line.strip(b" \t|-:+\r"):
            break
        for number, (value, at) in enumerate(_cells(line, place)):
            if len(value) >= 6 and number in columns and convinces(value, columns[number], quoted=True, separator=b"|"):
                spans.append((at, at + len(value)))
        if end < 0:
            break
        place = end + 1
    return spans


def _find_inserted(data: bytes, position: int) -> Spans:
    """Return the values that the statement at *position* inserts into columns that name a secret."""
    match = _INSERT().match(data, position)
    columns = _telling(match["names"].split(b",")) if match else {}
    spans: list[tuple[int, int]] = []
    place = match.end() if match else 0
    for _ in range(_MOST_ROWS if columns else 0):
        row = _TUPLE().match(data, place)
        if row is None:
            break
        for number, value in enumerate(_QUOTED().finditer(data, *row.span("values"))):
            text = value[0].strip().strip(b"'")
            if len(text) >= 6 and number in columns and convinces(text, columns[number], quoted=True, separator=b","):
                at = value.start() + value[0].find(text)
                spans.append((at, at + len(text)))
        place = row.end()
    return spans


def _find_before(data: bytes, position: int) -> Spans:
    """Return the value at *position* if the name of a secret follows: `value: ...` and then `name: DB_PASSWORD`."""
    match = _BEFORE().match(data, position)
    if match is None:
        return ()
    force = strength(match["name"])
    if force > Strength.WEAK and convinces(match["secret"], force, quoted=True, separator=b"="):
        return (match.span("secret"),)
    return ()


_BEFORE_NAME = (
    r"""(?i:value)["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?P<secret>[^\s"'<>\\]{6,240})["']?"""
    r"""[,;]?\s{1,60}["']?(?i:name|key|id)["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?P<name>[\w.\-]{2,80})"""
)
_BEFORE = lazy(_BEFORE_NAME.encode())
_PASSWORD = "h7Kq2" + "mZ9vX4p"

RULES = (
    SecretRule(
        id="table-column",
        loose=True,
        summary="value in a table column that names a secret",
        source="https://github.github.com/gfm/#tables-extension-",
        keywords=("|-", "| -", "|:-", "| :-", "-|", "- |", "-+-"),
        find=_find_ruled,
        matches=("| name | password |\n|---|---|\n| app | " + _PASSWORD + " |\n", " app | pwd\n-----+-----\n a   | " + _PASSWORD + "\n"),
        misses=("| name | password |\n|---|---|\n| app | required |\n", "| name | colour |\n|---|---|\n| app | " + _PASSWORD + " |\n"),
    ),
    SecretRule(
        id="inserted-secret",
        loose=True,
        summary="value inserted into a column that names a secret",
        source="https://www.postgresql.org/docs/current/sql-insert.html",
        keywords=("insert",),
        near=r"insert\s+into\s",
        fold=True,
        find=_find_inserted,
        matches=("INSERT INTO users (name, password) VALUES ('ada', '" + _PASSWORD + "');",),
        misses=("INSERT INTO users (name, password) VALUES ('ada', ?);", "insert into t (a, b) values ('x', '" + _PASSWORD + "')"),
    ),
    SecretRule(
        id="value-before-name",
        loose=True,
        summary="value followed by the name of a secret",
        source="https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
        keywords=("value",),
        near=r"""value["']?[ \t]*[:=][ \t]*["']?[^\s"'<>]{6,240}["']?[,;]?\s+["']?(?:name|key|id)""",
        fold=True,
        find=_find_before,
        pattern=_BEFORE_NAME,
        matches=('- value: "' + _PASSWORD + '"\n  name: DB_PASSWORD', '<add value="' + _PASSWORD + '" key="Password"/>'),
        misses=("- value: production\n  name: DB_PASSWORD", '<add value="' + _PASSWORD + '" key="Colour"/>', "- value: $(X)\n  name: " + "DB_PASSWORD"),
    ),
)
