"""Write the store as static pages for a browser."""

from __future__ import annotations

import importlib.util
import webbrowser
from pathlib import Path

import click

from sotctl.app.options import json_option, store_option
from sotctl.app.shared import print_json, store_here
from sotctl.app.verb import Verb
from sotctl.documents.quote import counted
from sotctl.errors import SotError


@click.command(cls=Verb, epilog="sotctl site --out public --open")
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The folder to write to.")
@click.option("--open", "opens", is_flag=True, help="Open the overview in a browser afterwards.")
@json_option
@store_option
def command(out: Path, opens: bool, as_json: bool) -> None:
    """Write what HEAD holds as pages: overview, board, graph, timeline, and one for each issue, decision and run.

    The pages need no server and ask for nothing elsewhere. The folder must be new, empty, or an earlier site.
    """
    if importlib.util.find_spec("jinja2") is None:
        raise SotError("the site needs Jinja2", hint="pip install 'sotctl[site]'")
    from sotctl.site.build import pages
    from sotctl.site.read import read_site
    from sotctl.site.write import write_site

    store = store_here()
    try:
        site = read_site(store)
    finally:
        store.objects.close()
    count = write_site(out, pages(site))
    if as_json:
        values = {"out": str(out), "commit": site.commit or None, "pages": count, "findings": len(site.findings)}
        print_json("sotctl.site/v1", values)
    else:
        click.echo(f"wrote  {counted(count, 'page')} to {out}")
        if site.findings:
            click.echo(
                f"note   the store has {counted(len(site.findings), 'finding')}; next: sotctl check --all", err=True
            )
    if opens:
        webbrowser.open((out / "index.html").resolve().as_uri())
