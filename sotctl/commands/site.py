"""Write the store as static pages for a browser."""

from __future__ import annotations

import importlib.util
import webbrowser
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.quote import counted
from sotctl.errors import Command, SotError
from sotctl.result import Result

GROUP = "share"


@verb(example="sotctl site --out public --open")
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The folder to write to.")
@click.option("--open", "opens", is_flag=True, help="Open the overview in a browser afterwards.")
def command(app: App, out: Path, opens: bool) -> Result:
    """Write what HEAD holds as pages: overview, board, graph, timeline, and one for each issue, decision and run.

    The pages need no server and load nothing from elsewhere. The folder must be new, empty, or an earlier site.
    """
    if importlib.util.find_spec("jinja2") is None:
        raise SotError("the site needs Jinja2", hint=Command("pip install 'sotctl[site]'"))
    from sotctl.site.build import pages
    from sotctl.site.read import read_site
    from sotctl.site.write import write_site

    site = read_site(app.store)
    count = write_site(out, pages(site))
    if opens:
        webbrowser.open((out / "index.html").resolve().as_uri())
    found = counted(len(site.findings), "finding")
    return Result(
        type="sotctl.site/v1",
        values={"out": str(out), "commit": site.commit or None, "pages": count, "findings": len(site.findings)},
        text=f"wrote  {counted(count, 'page')} to {out}",
        error=f"note   the store has {found}; next: sotctl check --all" if site.findings else "",
    )
