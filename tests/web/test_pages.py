"""What stands on the pages: everything, escaped, linked both ways, without a secret, and the same each time."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

import pytest
from markupsafe import escape

from samples import ADMISSION_PATH, RECORD_PATH, TOKEN, Repository
from sotctl.errors import BlockedError
from sotctl.site.addresses import Addresses
from sotctl.site.markdown import render
from web.site_repository import DECIDED, RUN_ID, build, commit, evidence, issues, read

pytestmark = pytest.mark.slow  # each takes little, all together take long

RUN_PATH = f".sot/04-EVIDENCE/{RUN_ID}.md"
WHOLE = {**DECIDED, RUN_PATH: evidence()}
ADMISSION_PAGE = f"admissions/{Path(ADMISSION_PATH).stem}.html"


@pytest.fixture
def whole(empty: Repository) -> Repository:
    """A repository with a decision, an admission and a run."""
    commit(empty, WHOLE)
    return empty


def site(repository: Repository, tmp_path: Path) -> dict[str, str]:
    build(repository.path, tmp_path / "site")
    return read(tmp_path / "site")


def test_there_is_a_page_for_everything_and_every_link_leads_to_one(whole: Repository, tmp_path: Path) -> None:
    found = site(whole, tmp_path)
    assert sorted(found) == [
        ADMISSION_PAGE,
        "board.html",
        "decisions/CTO-WORK-020-DR-001.html",
        "graph.html",
        "index.html",
        "issues/CTO-WORK-019.html",
        "issues/CTO-WORK-020.html",
        "issues/CTO-WORK-027.html",
        "issues/index.html",
        "issues/status-blocked.html",
        "issues/status-validated.html",
        f"runs/{RUN_ID}.html",
        "search.html",
        "timeline.html",
    ]
    for name, text in found.items():
        for target in re.findall(r'href="([^"#][^"]*)"', text):
            path = (tmp_path / "site" / name).parent / target
            assert path.resolve().is_file(), f"{name}: {target}"


def test_the_chain_stands_on_every_page_of_it(whole: Repository, tmp_path: Path) -> None:
    found = site(whole, tmp_path)
    chain = ["issues/CTO-WORK-020.html", "decisions/CTO-WORK-020-DR-001.html", ADMISSION_PAGE, f"runs/{RUN_ID}.html"]
    for here in chain:
        for there in chain:
            assert f'href="../{there}"' in found[here], f"{here} lacks {there}"
    assert "JP chat approval on 2026-05-31" in found["decisions/CTO-WORK-020-DR-001.html"]


def test_a_run_finds_its_admission_after_it_was_revoked(whole: Repository, tmp_path: Path) -> None:
    commit(whole, {ADMISSION_PATH: WHOLE[ADMISSION_PATH].replace(b'"admitted"', b'"revoked"')})
    assert "as it was before it was revoked" in site(whole, tmp_path)[f"runs/{RUN_ID}.html"]


def test_one_commit_has_one_site(whole: Repository, tmp_path: Path) -> None:
    assert site(whole, tmp_path) == site(whole, tmp_path / "again")
    for name, value in (("log.showRoot", "false"), ("log.showSignature", "true"), ("color.ui", "always")):
        whole.git("config", name, value)
    whole.write("not-committed.md", "x")
    whole.write(RECORD_PATH, b"not committed")
    assert site(whole, tmp_path / "third") == site(whole, tmp_path)


def test_every_page_forbids_what_it_does_not_need(whole: Repository, tmp_path: Path) -> None:
    for name, text in site(whole, tmp_path).items():
        policy = text.partition('Content-Security-Policy" content="')[2].partition('"')[0]
        words = policy.replace("&#39;", "'")
        assert words.startswith("default-src 'none'; style-src 'sha256-"), name
        assert "unsafe" not in words
        assert ("script-src" in words) == (name == "search.html")
        assert " style=" not in text
        assert "onclick" not in text


def test_what_a_document_says_is_text(empty: Repository, tmp_path: Path) -> None:
    text = """\
## A-1 - <script>alert(1)</script> & "quotes"

Status: draft.

<img src=x onerror=alert(1)> <b>bold</b> [here](javascript:alert(1)) [web](https://example.com/?a=b&c) ![pic](x.png)

<div onclick="x">

A-2 stands in a line.

</div>

## A-2 - right to left עברית

Status: ready.
"""
    commit(empty, {".sot/02-ISSUES/a.md": issues(text)})
    found = site(empty, tmp_path)
    page = found["issues/A-1.html"]
    assert "<script>alert" not in "".join(found.values())
    assert str(escape('<script>alert(1)</script> & "quotes"')) in page
    assert "&lt;img src=x onerror=alert(1)&gt; &lt;b&gt;bold&lt;/b&gt; here " in page
    assert '<a href="https://example.com/?a=b&amp;c" rel="noreferrer noopener">web</a>' in page
    assert "[image: pic]" in page
    assert "&lt;div onclick=&#34;x&#34;&gt;" in page
    assert '<a href="../issues/A-2.html"><bdi>A-2</bdi></a> stands in a line' in page
    assert "<bdi>A-2 - right to left עברית</bdi>" in found["issues/A-2.html"]


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        ("[a](javascript:b)", "<p>a</p>"),
        ("[a](JaVaScRiPt&#58;b)", "<p>a</p>"),
        ("[a](\x01javascript:b)", "<p>[a](\x01javascript:b)</p>"),
        ("[a](data:text/html,b)", "<p>a</p>"),
        ("[a](//evil.example)", "<p>a</p>"),
        ("<javascript:b>", "<p>javascript:b</p>"),
        ('[a](https://b "<c>")', '<p><a href="https://b" rel="noreferrer noopener">a</a></p>'),
        ("[![i](x)](https://b)", '<p><a href="https://b" rel="noreferrer noopener">[image: i]</a></p>'),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("```\n</code></pre><b>\n```", '<pre tabindex="0"><code>&lt;/code&gt;&lt;/pre&gt;&lt;b&gt;\n</code></pre>\n'),
        ("<!-- a -->", "&lt;!-- a --&gt;"),
        ("# a", "<h3>a</h3>\n"),
        ("1. a\n2. b", "<ol>\n<li>a</li><li>b</li></ol>\n"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        (
            "|a|\n|-|\n|<b>|",
            '<div class="wide"><table>\n<tr><td>a</td></tr><tr><td>&lt;b&gt;</td></tr></table></div>\n',
        ),
    ],
)
def test_markdown_is_rendered_without_raw_html(markdown: str, wanted: str) -> None:
    assert str(render(markdown, escape)).replace("\n", "") == wanted.replace("\n", "")


def test_no_secret_is_on_a_page_however_it_is_written(empty: Repository, tmp_path: Path) -> None:
    cut = f"{TOKEN[:12]}**{TOKEN[12:20]}**{TOKEN[20:]}"
    entity = f"&#103;{TOKEN[1:]}"
    text = "".join(
        f"## A-{number} - Title\n\nStatus: draft.\n\n{body}\n\n"
        for number, body in enumerate((TOKEN, cut, entity, "plain"), 1)
    )
    commit(
        empty,
        {".sot/02-ISSUES/a.md": issues(text), f".sot/02-ISSUES/{TOKEN}.md": issues("## B-1 - T\n\nStatus: draft.\n")},
    )
    found = site(empty, tmp_path)
    assert TOKEN not in "".join(found.values())
    for name, page in found.items():
        assert TOKEN not in html.unescape(re.sub(r"<[^>]*>", "", page)), name
    assert "(withheld)" in found["issues/A-1.html"]
    assert "This page is not shown" in found["issues/A-2.html"]
    assert "<p>plain</p>" in found["issues/A-4.html"]
    assert "finding" in found["index.html"]


def test_a_store_with_findings_says_so_first(empty: Repository, tmp_path: Path) -> None:
    commit(empty, {".sot/02-ISSUES/a.md": issues("## A-1 - T\n\nStatus: nonsense.\n")})
    found = site(empty, tmp_path)
    assert "This store has 1 finding" in found["index.html"].partition("In force")[0]
    assert "is not a status" in found["index.html"]
    assert "issues/A-1.html" in found


@pytest.mark.parametrize("committed", [False, True])
def test_an_empty_store_has_a_site(empty: Repository, tmp_path: Path, committed: bool) -> None:
    empty.write(".sot/sot.toml", "")
    if committed:
        commit(empty, {})
    assert "The store is empty" in site(empty, tmp_path)["index.html"]


def test_a_shallow_clone_says_where_its_timeline_begins(whole: Repository, tmp_path: Path) -> None:
    commit(whole, {".sot/02-ISSUES/a.md": issues("## A-1 - T\n\nStatus: draft.\n")})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{whole.path}", str(clone)], check=True)
    build(clone, tmp_path / "site")
    text = read(tmp_path / "site")["timeline.html"]
    assert f'its history begins at <span class="mono">{whole.git("rev-parse", "HEAD").strip()[:12]}' in text


def test_names_do_not_lead_out_of_the_site(empty: Repository, tmp_path: Path) -> None:
    record = DECIDED[RECORD_PATH].replace(b"record_id: CTO-WORK-020-DR-001", b"record_id: ../../../x")
    commit(empty, {**DECIDED, RECORD_PATH: record, ".sot/04-EVIDENCE/index.md": evidence()})
    found = site(empty, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "work"]
    assert next(name for name in found if name.startswith("decisions/")).startswith("decisions/_.._.._x-")
    addresses = Addresses({"a": ["x/y", "x_y", "X_Y", "index", ".", "a" * 300]})
    names = [addresses.page("a", id_) for id_ in ("x/y", "x_y", "X_Y", "index", ".", "a" * 300)]
    assert len({str(name).casefold() for name in names}) == 6
    assert all(name and name.count("/") == 1 and len(name) < 120 for name in names)


def test_a_folder_that_holds_something_else_is_refused(whole: Repository, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(whole.path, out)
    build(whole.path, out)
    (out / "notes.txt").write_text("mine")
    with pytest.raises(BlockedError, match=r"holds notes\.txt, which is no page of a site; nothing was written"):
        build(whole.path, out)
    (out / "notes.txt").unlink()
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("mine")
    with pytest.raises(BlockedError, match=r"holds index\.html"):
        build(whole.path, other)
    assert (other / "index.html").read_text() == "mine"
    (tmp_path / "link").symlink_to(other)
    with pytest.raises(BlockedError, match="is not a folder"):
        build(whole.path, tmp_path / "link")


def test_a_page_whose_thing_is_gone_goes_with_it(whole: Repository, tmp_path: Path) -> None:
    assert f"runs/{RUN_ID}.html" in site(whole, tmp_path)
    whole.git("rm", "-q", RUN_PATH)
    commit(whole, {"x": b"x"})
    assert f"runs/{RUN_ID}.html" not in site(whole, tmp_path)


def test_a_long_list_is_cut_into_pages_and_a_long_text_is_cut(empty: Repository, tmp_path: Path) -> None:
    many = "".join(f"## A-{n} - T\n\nStatus: blocked.\n\nBlocked by:\n\n- A-{n + 1}\n\n" for n in range(1, 450))
    long = "## B-1 - T\n\nStatus: draft.\n\n" + "word " * 100_000 + "\n"
    commit(empty, {".sot/02-ISSUES/a.md": issues(many), ".sot/02-ISSUES/b.md": issues(long)})
    found = site(empty, tmp_path)
    assert {"issues/index.html", "issues/index-page-2.html", "issues/index-page-3.html"} <= set(found)
    assert "The rest of this text is left out" in found["issues/B-1.html"]
    assert max(len(text) for text in found.values()) < 400_000


def test_the_verb_writes_and_counts(store: Repository, tmp_path: Path) -> None:
    assert store.done("site", "--out", str(tmp_path / "site")) == f"wrote  11 pages to {tmp_path / 'site'}\n"
    done = store.run("site", "--out", ".sot", "--json")
    assert done.returncode == 1
    assert "which is no page of a site" in done.stderr


def test_a_secret_of_the_history_is_not_told(empty: Repository, tmp_path: Path) -> None:
    commit(empty, {".sot/02-ISSUES/a.md": issues("## A-1 - T\n\nStatus: draft.\n")})
    empty.write(".sot/02-ISSUES/a.md", issues("## A-1 - T\n\nStatus: ready.\n"))
    empty.git("commit", "-qam", f"A-1: draft -> ready\n\nThe key {TOKEN} works.")
    found = site(empty, tmp_path)
    assert TOKEN not in "".join(found.values())
    assert "<bdi>(withheld)</bdi>" in found["timeline.html"]


def test_a_file_that_is_exported_is_looked_for_in_the_whole_commit(empty: Repository, tmp_path: Path) -> None:
    commit(empty, {**WHOLE, ".sot/sot.toml": b'[exports]\nopencode = "opencode.json"\n'})
    assert "there is no such file (export-drift)" in site(empty, tmp_path)["index.html"]
    empty.run("export", "opencode", "--no-commit")
    commit(empty, {})
    assert "export-drift" not in site(empty, tmp_path)["index.html"]


def test_the_graph_shows_every_issue_that_waits(empty: Repository, tmp_path: Path) -> None:
    chain = "".join(f"## A-{n} - T\n\nStatus: blocked.\n\nBlocked by:\n\n- A-{n - 1}\n\n" for n in range(2, 30))
    wide = "".join(f"## B-{n} - T\n\nStatus: blocked.\n\nBlocked by:\n\n- A-1\n\n" for n in range(1, 40))
    circle = "".join(f"## C-{n} - T\n\nStatus: blocked.\n\nBlocked by:\n\n- C-{3 - n}\n\n" for n in (1, 2))
    commit(empty, {".sot/02-ISSUES/a.md": issues(f"## A-1 - T\n\nStatus: ready.\n\n{chain}{wide}{circle}")})
    graph = site(empty, tmp_path)["graph.html"]
    shown = set(re.findall(r'href="issues/([A-C]-\d+)\.html"', graph))
    assert {f"A-{n}" for n in range(1, 30)} | {"C-1", "C-2"} <= shown
    assert "10 more" in graph
    assert "in a circle" in graph
