"""Print the completion script of a shell."""

from __future__ import annotations

import click

from sotctl.app.app import App
from sotctl.app.completion import COMPLETE_VARIABLE
from sotctl.app.verb import verb
from sotctl.result import Result

SHELLS = ("bash", "fish", "zsh")


GROUP = "set up"


@verb(example='sotctl completion bash\neval "$(sotctl completion zsh)"', store=False)
@click.argument("shell", type=click.Choice(SHELLS))
def command(app: App, shell: str) -> Result:
    """Print the script that completes verbs, options, issues, statuses, rules and kinds in SHELL."""
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    root = click.get_current_context().find_root().command
    script = completion(root, {}, "sotctl", COMPLETE_VARIABLE).source()
    return Result(type="sotctl.completion/v1", values={"shell": shell, "script": script}, text=script)
