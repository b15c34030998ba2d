"""The site in a real browser: every page, the three clicks, accessibility, and nothing asked of the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from samples import Repository
from web.site_repository import DECIDED, RUN_ID, build, commit, evidence, issues, read

CHROMIUM = "/usr/bin/chromium"
MORE = """\
## A-1 - <script>document.title = "run"</script>

Status: blocked.

| a | b |
| - | - |
| 1 | 2 |

```
code
```

Blocked by:

- A-2

## A-2 - עברית

Status: in_progress.
"""
pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def out(empty: Repository, tmp_path: Path) -> Path:
    """A site with everything on it."""
    files = {**DECIDED, f".sot/04-EVIDENCE/{RUN_ID}.md": evidence(), ".sot/02-ISSUES/more.md": issues(MORE)}
    commit(empty, files)
    build(empty.path, tmp_path / "site")
    return tmp_path / "site"


class Opened:
    """A page, and what it asked for and complained of."""

    def __init__(self, browser: Browser, width: int, *, script: bool = True, scheme: str = "light") -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, out: Path, name: str) -> Page:
        """Open a page of the site."""
        self.asked.clear()
        self.page.goto((out / name).as_uri())
        return self.page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.slow
def test_every_page_opens_fits_and_is_accessible(browser: Browser, out: Path, width: int, scheme: str) -> None:
    opened = Opened(browser, width, scheme=scheme)
    for name in read(out):
        page = opened.go(out, name)
        assert opened.asked == [(out / name).as_uri()], "the page asks for something"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{name} is {wide} px too wide"
        serious = [
            (violation["id"], [node["html"][:200] for node in violation["nodes"]])
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in ("serious", "critical", "moderate")
        ]
        assert serious == [], name
    assert opened.said == []
    opened.context.close()


def test_three_clicks_lead_from_a_pass_to_its_approval(browser: Browser, out: Path) -> None:
    opened = Opened(browser, 1280, script=False)
    page = opened.go(out, "index.html")
    for link in (RUN_ID, "openai-codex/gpt-5.5", "CTO-WORK-020-DR-001"):
        page.locator("main").get_by_role("link", name=link, exact=True).first.click()
    assert page.locator("h1").inner_text() == "Decision CTO-WORK-020-DR-001"
    assert page.get_by_text("openai-codex/gpt-5.5: JP chat approval on 2026-05-31").is_visible()
    page.locator(".chain").get_by_role("link", name=RUN_ID).click()
    page.locator(".chain").get_by_role("link", name="CTO-WORK-020", exact=True).last.click()
    assert page.locator("h1").inner_text().startswith("CTO-WORK-020 - ")
    opened.context.close()


def test_a_title_stays_text_and_search_finds_it(browser: Browser, out: Path) -> None:
    opened = Opened(browser, 1280)
    page = opened.go(out, "issues/A-1.html")
    assert page.locator("h1").inner_text() == 'A-1 - <script>document.title = "run"</script>'
    page = opened.go(out, "search.html")
    page.get_by_label("Id, title, pair or status").fill("script A-1")
    assert page.locator("#count").inner_text() == "1 found"
    page.locator("#results a").click()
    assert page.title().startswith("A-1 - <script>")
    assert opened.said == []
    opened.context.close()


def test_without_javascript_search_says_where_to_look(browser: Browser, out: Path) -> None:
    opened = Opened(browser, 390, script=False)
    page = opened.go(out, "search.html")
    assert page.get_by_text("Search needs JavaScript").is_visible()
    opened.context.close()
