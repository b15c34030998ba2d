"""The shell script that git runs for a hook: it starts Python only if needed, and once.

A start of Python takes ten times as long as this script, and git runs reference-transaction some hundred times for one
fetch. The interpreter is named by its absolute path, `-I` keeps the user's environment and the working directory out,
and `-S` the `site` module, whose work is done here in advance: `places` are the directories of the packages.
"""

from __future__ import annotations

import importlib.util
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from sotctl.hooks import Hook

MARK = "# Installed by sotctl"
KEPT = ".before-sotctl"
_PACKAGES = ("sotctl", "frontmatter", "pyromark", "yaml")

_TOP = """\
#!/bin/sh
{mark}: `sotctl hooks status` shows its state, `sotctl hooks uninstall` removes it.
kept="${{0%.legacy}}{kept}"
"""
_CHAINED = """\
chained() {{
    read -r first < "$kept" || :
    case $first in
    '#!'*/sh | '#!'*/sh\\ -* | '#!'*/bash | '#!'*/bash\\ -* | '#!'*/env\\ sh | '#!'*/env\\ bash)
        ${{first#??}} -c '. "$0{kept}"' "${{0%.legacy}}" "$@" ;;
    *) "$kept" "$@" ;;
    esac
}}
"""
"""Runs the user's hook. A shell script gets the name of the hook as its `$0`, since husky finds its scripts by that
name.
"""
_CHECK = """\
python={python}
places={places}
home={home}
check() {{
    if [ ! -x "$python" ] || [ ! -f "$home/sotctl/hooks/__main__.py" ]; then
        echo "sotctl: $python or the sotctl in $home is gone, so nothing can be checked and this is refused" >&2
        echo "hint: install sotctl again and run: sotctl hooks install; or, to remove its hooks here:" >&2
        echo "      grep -l --null '^{mark}' '${{0%/*}}'/* | xargs -0 rm" >&2
        exit 3
    fi
    exec "$python" -I -S -c {start} "$places" "$@"
}}
"""
_START = 'import sys; sys.path += sys.argv.pop(1).split(":"); from sotctl.hooks.__main__ import main; main()'
_FIRST = """\
if [ -x "$kept" ]; then
    chained "$@" || exit $?
fi
"""
_FIRST_OF_TWO = """\
if [ -x "$kept" ]; then
    updates=$(cat)
    if [ -n "$updates" ]; then
        printf '%s\\n' "$updates" | chained "$@" || exit $?
        exec <<UPDATES
$updates
UPDATES
    else
        chained "$@" < /dev/null || exit $?
        exec < /dev/null
    fi
fi
"""
_QUICK = """\
[ "$1" = prepared ] || [ -x "$kept" ] || exit 0
"""
_OTHER_STATES = """\
if [ "$1" != prepared ]; then
    chained "$@"
    exit $?
fi
"""
_LOOK = """\
guarded={guarded}
before=
update=
while read -r old new ref; do
    case $ref in
    {patterns})
        case $new in *[!0]*) update="$old $new $ref" && break ;; esac ;;
    *) before="$before$old $new $ref
" ;;
    esac
done
[ -n "$update" ] || exit 0
"""
_CHECK_UPDATES = """\
if [ -n "$before" ]; then
    {{ printf '%s' "$before"; cat; }} | check {name} "$1" "$guarded" "$update"
    exit $?
fi
check {name} "$1" "$guarded" "$update"
"""


def shim(hook: Hook, guarded: Sequence[str]) -> str:
    """The script for a hook; *guarded* are the refs that reference-transaction guards."""
    top, chained = _TOP.format(mark=MARK, kept=KEPT), _CHAINED.format(kept=KEPT)
    check = _CHECK.format(
        python=shlex.quote(sys.executable),
        places=shlex.quote(":".join(_places())),
        home=shlex.quote(_places()[0]),
        start=shlex.quote(_START),
        mark=MARK,
    )
    if hook.id == "reference-transaction":
        patterns = " | ".join(f"{ref}*" if ref.endswith("/") else ref for ref in guarded)
        look = _LOOK.format(guarded=shlex.quote(" ".join(guarded)), patterns=patterns)
        first = chained + _OTHER_STATES + _FIRST_OF_TWO
        # Most runs end in these first lines, before the shell has read the rest.
        return top + _QUICK + first + look + check + _CHECK_UPDATES.format(name=hook.id)
    first = chained + (_FIRST_OF_TWO if hook.reads_updates else _FIRST)
    return f'{top}{first}{check}check {hook.id} "$@"\n'


def _places() -> list[str]:
    """The directories that hold sotctl and what it needs in a hook, sotctl's own first."""
    found = []
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(str(Path(spec.origin).resolve().parent.parent))
    return list(dict.fromkeys(found))
