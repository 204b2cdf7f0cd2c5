"""Hints over terms and symbols, as a reader meets them: with a pointer, with the keyboard, with a finger."""

from pathlib import Path

import pytest
from visit import MODES, differ, pixels, served, visit

PERCEPTRON, LINEAR = "book/foundations/perceptron.html", "book/foundations/linear-layers.html"
DENSE = "book/reference/dense.html"


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


def hint(seen) -> str:
    """What the hint says, and nothing where none is seen."""
    tip = seen.page.locator(".tip")
    return tip.inner_text() if tip.is_visible() else ""


def test_a_term_explains_itself_under_the_pointer(browser, home: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go(PERCEPTRON)
        term = seen.page.locator("#use-margin")
        term.scroll_into_view_if_needed()
        around = seen.page.locator("p", has=term)
        before = pixels(around)
        term.hover()
        assert hint(seen).startswith("The smallest distance")
        assert differ(before, pixels(around))
        seen.page.locator(".tip").hover()
        seen.page.wait_for_timeout(300)
        assert hint(seen), "the hint goes when the pointer reaches it"
        seen.page.mouse.move(5, 5)
        seen.page.wait_for_timeout(300)
        assert hint(seen) == ""
        assert seen.errors == [] and seen.outside == []


def test_a_term_explains_itself_to_the_keyboard(browser, home: str) -> None:
    with visit(browser, home, **MODES["dark"]) as seen:
        seen.go(PERCEPTRON)
        link = seen.page.locator("a", has=seen.page.locator("#use-bias"))
        seen.page.locator("a", has=seen.page.locator("#use-weight")).focus()
        for _ in range(4):  # past the links between the two
            seen.page.keyboard.press("Tab")
            if link.evaluate("link => link === document.activeElement"):
                break
        assert hint(seen).startswith("A trained number that is added")
        shown, at = seen.page.locator(".tip").bounding_box(), link.bounding_box()
        assert shown["y"] >= at["y"] + at["height"], "the hint covers its own word"
        seen.page.keyboard.press("Escape")
        assert hint(seen) == ""
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/glossary.html#term-bias")


def test_a_finger_shows_the_hint_first_and_follows_the_link_next(browser, home: str) -> None:
    with visit(browser, home, **MODES["phone"]) as seen:
        seen.go(PERCEPTRON)
        term = seen.page.locator("#use-unit")
        term.tap()
        assert hint(seen).startswith("One output of a layer")
        shown = seen.page.locator(".tip").bounding_box()
        assert shown["y"] + shown["height"] <= 844 and shown["x"] >= 0 and shown["x"] + shown["width"] <= 390
        term.tap()
        seen.page.wait_for_url("**/glossary.html#term-unit")


def test_without_javascript_a_term_is_a_link(browser, home: str) -> None:
    with visit(browser, home, java_script_enabled=False) as seen:
        seen.page.goto(home + PERCEPTRON)
        seen.page.locator("#use-margin").click()
        seen.page.wait_for_url("**/glossary.html#term-margin")


@pytest.mark.parametrize(
    ("page", "symbol", "says"),
    [
        (LINEAR, "div.math [data-symbol=W]", "W (n_in, n_out) the weights of a layer, a column for each unit"),
        (LINEAR, "table [data-symbol=u], div.math [data-symbol=u]", "u the shape of y the gradient that arrives"),
        (PERCEPTRON, "div.math [data-symbol=b]", "b () the bias of the unit"),
        (PERCEPTRON, "div.math [data-symbol=gain]", "gain () how far one step raises the score"),
        (DENSE, "#Dense [data-symbol=W]", "W (n_in, n_out) the weights of a layer"),
        (DENSE, "#Dense [data-symbol=dx]", "dx (..., n_in) gradient of the loss with respect to x"),
        (DENSE, "#LowRank [data-symbol=B]", "B (r, n_out) the second factor"),
        ("book/reference/convolution.html", "#Conv2d [data-symbol=W]", "W (n_out, n_in / groups, kh, kw)"),
    ],
)
def test_a_symbol_tells_its_shape_and_meaning(browser, home: str, page: str, symbol: str, says: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go(page)
        seen.page.locator(symbol).first.hover()
        assert " ".join(hint(seen).split()).startswith(says)
        assert seen.errors == []


def test_the_arrow_keys_walk_the_symbols_of_a_formula(browser, home: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go(LINEAR)
        formula = seen.page.locator("div.math .katex[tabindex]").first
        formula.focus()
        walked = []
        for _ in range(4):
            seen.page.keyboard.press("ArrowRight")
            walked.append(hint(seen).split()[0])
        assert walked == ["x", "W", "b", "ynj"[0]]
        seen.page.keyboard.press("ArrowLeft")
        assert hint(seen).split()[0] == "b"
        seen.page.keyboard.press("Escape")
        assert hint(seen) == ""
        assert formula.locator("math").count() == 1, "the formula lost its MathML"


@pytest.mark.parametrize(("page", "mode"), [(PERCEPTRON, "light"), (DENSE, "dark")])
def test_an_open_hint_is_accessible(browser, home: str, page: str, mode: str) -> None:
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go(page)
        seen.page.locator("article [tabindex='0'].katex").first.focus()
        seen.page.keyboard.press("ArrowRight")
        assert hint(seen)
        assert seen.axe() == []
