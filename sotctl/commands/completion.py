"""Print the completion script of a shell."""

from __future__ import annotations

import click

from sotctl.app.completion import COMPLETE_VARIABLE
from sotctl.app.options import json_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb

SHELLS = ("bash", "fish", "zsh")


@click.command(cls=Verb, epilog='sotctl completion bash\neval "$(sotctl completion zsh)"')
@click.argument("shell", type=click.Choice(SHELLS))
@json_option
def command(shell: str, as_json: bool) -> None:
    """Print the script that completes verbs, options, issues, statuses, rules and kinds in SHELL."""
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    root = click.get_current_context().find_root().command
    script = completion(root, {}, "sotctl", COMPLETE_VARIABLE).source()
    if as_json:
        print_json("sotctl.completion/v1", {"shell": shell, "script": script})
    else:
        click.echo(script)
