"""The built website: its files, and every page of it in a real browser in light, dark and at a phone's width."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from visit import MODES, served, table_of_contents, visit

from website.links import Page, pages

PAGES = [f"{name}.html" for name in table_of_contents()]
RAW_MATHS = re.compile(r"\$[^$\n]+\$|\\(?:frac|partial|sum|begin|mathbf|top)\b")
VISIBLE_TEXT = """() => [...document.querySelectorAll("article :is(p, li, td, th, dd, figcaption, h1, h2, h3, h4)")]
  .map(e => { const copy = e.cloneNode(true);
              copy.querySelectorAll("code, pre, .katex").forEach(x => x.remove()); return copy.textContent; })"""


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def files(site: Path) -> dict[Path, Page]:
    return pages(site)


def test_every_page_is_built(site: Path) -> None:
    assert [page for page in PAGES if not (site / page).exists()] == []


def test_internal_links_and_anchors_resolve(site: Path, files: dict[Path, Page]) -> None:
    broken = []
    for path, page in files.items():
        for link in [*page.links, *page.parts]:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            folder = site if url.path.startswith("/") else path.parent  # the 404 page's links start at the root
            target = (folder / unquote(url.path).lstrip("/")).resolve() if url.path else path
            if not target.exists():
                broken.append(f"{path.name}: {link}")
            elif url.fragment and target in files and unquote(url.fragment) not in files[target].names:
                broken.append(f"{path.name}: {link} (no such anchor)")
    assert broken == []


def test_pages_are_made_of_the_sites_own_files(files: dict[Path, Page]) -> None:
    assert [f"{path.name}: {part}" for path, page in files.items() for part in page.parts if "//" in part] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("address", [*PAGES, "search.html"])
def test_page(browser, home: str, address: str, mode: str) -> None:
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go(address)
        assert seen.outside == []
        assert seen.errors == []
        theme = seen.page.evaluate("document.documentElement.dataset.theme")
        assert theme == ("dark" if mode == "dark" else "light")
        width, room = seen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width <= room, f"the page is {width} pixels wide on a screen of {room}"
        assert seen.axe() == []


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("address", PAGES)
def test_maths_is_rendered(browser, home: str, address: str, javascript: bool) -> None:
    with visit(browser, home, java_script_enabled=javascript) as seen:
        seen.go(address) if javascript else seen.page.goto(home + address)
        formulas = seen.page.locator("article .math")
        rendered = seen.page.locator("article .math .katex")
        assert rendered.count() == formulas.count()
        assert seen.page.locator(".maths-error, .katex-error").count() == 0
        if javascript:
            assert [text for text in seen.page.evaluate(VISIBLE_TEXT) if RAW_MATHS.search(text)] == []
            if formulas.count():
                font = seen.page.evaluate("document.fonts.check('16px KaTeX_Main')")
                assert font, "the formulas' font is not loaded"
