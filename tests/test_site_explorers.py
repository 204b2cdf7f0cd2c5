"""Every explorer on the built site: on its page, at the keyboard, without scripts, and from files."""

import re
from pathlib import Path

import nbformat
import pytest
from visit import MODES, ROOT, differ, pixels, served, table_of_contents, visit

PAGES = [f"{name}.html" for name in table_of_contents()]
KEY = """e => e.type === "checkbox" ? "Space" : e.type === "radio" ? "ArrowRight" :
  e.tagName === "SELECT" ? (e.selectedIndex ? "ArrowUp" : "ArrowDown") :
  e.value === e.max ? "ArrowLeft" : "ArrowRight" """
MOVED = "([name, frame]) => document.querySelector(`figure[data-name='${name}']`).dataset.frame !== frame"


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


@pytest.mark.parametrize("path", sorted(ROOT.glob("book/**/[!.]*.ipynb")), ids=lambda p: p.stem)
def test_every_explorer_of_a_notebook_stands_on_its_page(site: Path, path: Path) -> None:
    made = [c.source for c in nbformat.read(path, as_version=4).cells if re.search(r"^explore\(", c.source, re.M)]
    names = [re.search(r'name="([^"]+)"', source)[1] for source in made]
    page = (site / path.relative_to(ROOT).with_suffix(".html")).read_text(encoding="utf-8")
    assert re.findall(r'<figure class="explorer" id="[^"]+" data-name="([^"]+)"', page) == names


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
