"""The shell script that git runs for a hook: it looks before it starts Python, and starts it once.

A start of Python takes ten times as long as this script, and git runs reference-transaction some hundred times for one
fetch. The interpreter is named by its absolute path, `-I` keeps the user's environment and the working directory out,
and `-S` the `site` module, whose work is done here beforehand: `places` are the directories that the packages lie in.
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

_HEAD = """\
#!/bin/sh
{mark}: `sotctl hooks status` tells of it, `sotctl hooks uninstall` takes it out.
python={python}
places={places}
home={home}
kept="$0{kept}"
check() {{
    if [ ! -x "$python" ] || [ ! -f "$home/sotctl/hooks/__main__.py" ]; then
        echo "sotctl: $python or the sotctl in $home is gone, so nothing can be checked and this is refused" >&2
        echo "hint: install sotctl again, then run: sotctl hooks install" >&2
        exit 3
    fi
    exec "$python" -I -S -c {start} "$places" "$@"
}}
"""
_START = 'import sys; sys.path += sys.argv.pop(1).split(":"); from sotctl.hooks.__main__ import main; main()'
_PLAIN = """\
if [ -x "$kept" ]; then
    "$kept" "$@" || exit $?
fi
check {name} "$@"
"""
_READS = """\
if [ -x "$kept" ]; then
    updates=$(cat)
    printf '%s\\n' "$updates" | "$kept" "$@" || exit $?
    exec <<UPDATES
$updates
UPDATES
fi
check {name} "$@"
"""
_TRANSACTION = """\
guarded={guarded}
if [ "$1" != prepared ]; then
    [ ! -x "$kept" ] || exec "$kept" "$@"
    exit 0
fi
if [ -x "$kept" ]; then
    updates=$(cat)
    printf '%s\\n' "$updates" | "$kept" "$@" || exit $?
    exec <<UPDATES
$updates
UPDATES
fi
upstream=
while read -r old new ref; do
    case $new in *[!0]*) ;; *) continue ;; esac
    case $ref in
    {patterns})
        if [ -n "$upstream" ]; then
            {{ printf '%s' "$upstream"; cat; }} | check {name} "$1" "$guarded" "$old $new $ref"
            exit $?
        fi
        check {name} "$1" "$guarded" "$old $new $ref" ;;
    refs/remotes/*) upstream="$upstream$old $new $ref
" ;;
    esac
done
exit 0
"""


def shim(hook: Hook, guarded: Sequence[str]) -> str:
    """The script for a hook; *guarded* are the refs that reference-transaction stands before."""
    head = _HEAD.format(
        mark=MARK,
        python=shlex.quote(sys.executable),
        places=shlex.quote(":".join(_places())),
        home=shlex.quote(_places()[0]),
        kept=KEPT,
        start=shlex.quote(_START),
    )
    if hook.id == "reference-transaction":
        patterns = " | ".join(f"{ref}*" if ref.endswith("/") else ref for ref in guarded)
        return head + _TRANSACTION.format(name=hook.id, guarded=shlex.quote(" ".join(guarded)), patterns=patterns)
    return head + (_READS if hook.reads_updates else _PLAIN).format(name=hook.id)


def _places() -> list[str]:
    """The directories that hold sotctl and what it needs in a hook, sotctl's own first."""
    found = []
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(str(Path(spec.origin).resolve().parent.parent))
    return list(dict.fromkeys(found))
