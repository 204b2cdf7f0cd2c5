"""Every page of the library's reference in a real browser, in light, dark and at a phone's width by turns."""

from pathlib import Path

import pytest
from visit import MODES, reference_pages, served, visit

PAGES = list(enumerate(reference_pages()))


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


@pytest.mark.parametrize(("i", "page"), PAGES, ids=[page for _, page in PAGES])
def test_page(browser, home: str, i: int, page: str) -> None:
    mode = list(MODES)[i % len(MODES)]
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go(f"{page}.html")
        assert seen.outside == []
        assert seen.errors == []
        width, room = seen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width <= room, f"the page is {width} pixels wide on a screen of {room}"
        assert seen.axe() == []
        assert seen.page.locator("article .math").count() == seen.page.locator("article .math .katex").count()
        assert seen.page.locator(".maths-error, .katex-error").count() == 0
