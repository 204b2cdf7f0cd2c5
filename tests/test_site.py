"""The built website: its files, and every page of it in a real browser in light, dark and at a phone's width."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from visit import MODES, differ, pixels, served, table_of_contents, visit

from website.links import Page, pages

PAGES = [f"{name}.html" for name in table_of_contents()]
RAW_MATHS = re.compile(r"\$[^$\n]+\$|\\(?:frac|partial|sum|begin|mathbf|top)\b")
VISIBLE_TEXT = """() => [...document.querySelectorAll("article :is(p, li, td, th, dd, figcaption, h1, h2, h3, h4)")]
  .map(e => { const copy = e.cloneNode(true);
              copy.querySelectorAll("code, pre, .katex").forEach(x => x.remove()); return copy.textContent; })"""
KEY = """e => e.type === "checkbox" ? "Space" : e.type === "radio" ? "ArrowRight" :
  e.tagName === "SELECT" ? (e.selectedIndex ? "ArrowUp" : "ArrowDown") :
  e.value === e.max ? "ArrowLeft" : "ArrowRight" """
MOVED = "([name, frame]) => document.querySelector(`figure[data-name='${name}']`).dataset.frame !== frame"


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


@pytest.mark.parametrize("address", PAGES)
def test_explorers_answer_to_the_keyboard(browser, home: str, address: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go(address)
        for name in seen.page.locator("figure.explorer").evaluate_all("all => all.map(f => f.dataset.name)"):
            check_explorer(seen, name)
        assert seen.errors == []


def check_explorer(seen, name: str) -> None:
    """One press of a key on each control changes picture and address, and the last address brings the picture back."""
    figure = seen.page.locator(f'figure.explorer[data-name="{name}"]')
    image = figure.locator("img")
    image.scroll_into_view_if_needed()
    start, after = figure.get_attribute("data-frame"), pixels(image)
    for i in range(figure.locator(".explorer-control").count()):
        before, frame = after, figure.get_attribute("data-frame")
        press_key(seen.page, figure.locator(".explorer-control").nth(i))
        seen.page.wait_for_function(MOVED, arg=[name, frame], timeout=5000)
        after = pixels(image)
        assert differ(before, after), f"{name}: control {i} moves and the picture stays"
    address, moved_to = seen.page.url, figure.get_attribute("data-frame")
    assert f"{name}." in address, f"{name}: its state is not in the address {address}"
    seen.page.goto("about:blank")
    seen.page.goto(address, wait_until="load")
    seen.page.wait_for_function(MOVED, arg=[name, start], timeout=5000)
    assert figure.get_attribute("data-frame") == moved_to
    image.scroll_into_view_if_needed()
    assert not differ(after, pixels(image)), f"{name}: {address} shows another picture"


def press_key(page, row) -> None:
    """Press the key that moves the control of this row away from where it stands."""
    control = row.locator("select, input:checked, input:not([type=radio])").first
    key = control.evaluate(KEY)
    control.focus()
    page.keyboard.press(key)
    control.blur()


@pytest.mark.parametrize("address", PAGES)
def test_explorers_show_their_default_without_scripts(browser, home: str, address: str) -> None:
    with visit(browser, home, java_script_enabled=False) as seen:
        seen.page.goto(home + address)
        for image in seen.page.locator("figure.explorer img").all():
            image.scroll_into_view_if_needed()
            assert np_range(pixels(image)) > 100, "the default picture is blank"
            assert len(image.get_attribute("alt")) > 20
            assert not image.locator("xpath=ancestor::figure").locator("input, select").first.is_visible()


def np_range(picture) -> int:
    return int(picture.max() - picture.min())


def test_pages_open_from_their_files(browser, site: Path) -> None:
    with visit(browser, site.as_uri() + "/", **MODES["light"]) as seen:
        for address in PAGES:
            seen.go(address)
            for name in seen.page.locator("figure.explorer").evaluate_all("all => all.map(f => f.dataset.name)")[:1]:
                check_explorer(seen, name)
        assert seen.outside == []
        assert seen.errors == []
