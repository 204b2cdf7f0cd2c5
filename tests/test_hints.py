"""Hints for a reader without an idea: folded into each other, open by keyboard, and never the answer."""

import ast
import importlib
import re
from html.parser import HTMLParser
from pathlib import Path

import exercise_cells as ec
import pytest
from made_exercises import count, gradient, lora
from visit import MODES, differ, pixels, served, visit

BOOK = Path(__file__).parent.parent / "book"
CHAPTERS = [p for p in sorted(BOOK.glob("*/*.ipynb")) if ec.code_cells(p, "check")]
HINTS = ".exercise-feedback > details > summary"


class Outline(HTMLParser):
    """The text of a piece of HTML, each with the tags around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)
        assert self.open == [], "a tag stays open"

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((" ".join(self.open), data))


def test_each_hint_is_folded_into_the_one_before() -> None:
    assert Outline(count.check(...)._repr_html_()).texts == [
        ("div p", "Not attempted yet."),
        ("div details summary", "A hint"),
        ("div details p", "Count weights, then biases."),
        ("div details details summary", "Another hint"),
        ("div details details p", "A weight for each pair."),
        ("div details details details summary", "A last hint"),
        ("div details details details p", "A bias for each unit."),
    ]
    assert " open" not in count.check(...)._repr_html_()


def test_hints_are_text_in_which_backticks_are_code() -> None:
    html = gradient.check(...)._repr_html_()
    assert "Sum <code>x</code> times dy over the batch: &lt;which&gt; product is that?" in html


def test_hints_are_offered_until_the_answer_is_right() -> None:
    for exercise, answers in (
        (gradient, (..., 3, lambda x, dy: -(x.T @ dy), lambda x, dy: dy.T @ x, lambda x, dy: (..., 1))),
        (lora, (..., "trains", "explodes")),
        (count, (..., 12, 20)),
    ):
        for answer in answers:
            assert exercise.check(answer).hints == exercise.hints, (exercise.ask, answer)
        assert exercise.check(exercise.answer).hints == ()
        assert "<details" not in exercise.check(exercise.answer)._repr_html_()


def test_plain_text_stays_short() -> None:
    assert repr(count.check(12)) == "Not yet. And the biases?"


def given_away(exercise, solution: str) -> list[str]:
    """What no hint may say: the value, or for a function what the notebook's solution computes and returns."""
    answer = exercise.answer
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, tuple):
        return [", ".join(map(str, answer))]
    if not callable(answer):
        return [str(round(answer, 3))]
    nodes = list(ast.walk(ast.parse(solution)))
    returned = [n.value for n in nodes if isinstance(n, ast.Return)] + [
        n.body for n in nodes if isinstance(n, ast.Lambda)
    ]
    computed = [r for r in returned if any(isinstance(n, (ast.BinOp, ast.Call)) for n in ast.walk(r))]
    return [ast.unparse(r) for r in computed]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_hint_of_the_book_gives_the_answer_away(path: Path) -> None:
    module = importlib.import_module(f"chainrule.exercises.{path.stem.replace('-', '_')}")
    for task in ec.tasks(path):
        exercise = vars(module)[task.name]
        mistakes = {hint for _, hint in exercise.mistakes.values()}
        for hint in exercise.hints:
            assert hint not in mistakes, f"{task.name}: a hint of its own, not a mistake's"
            secrets = given_away(exercise, task.solution)
            told = [s for s in secrets if re.search(rf"(?<![\w.]){re.escape(s)}(?!\w)", hint)]
            assert told == [], f"{task.name}: {hint}"


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


def test_hints_open_by_keyboard(browser, home: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go("book/foundations/linear-layers.html")
        first = seen.page.locator(HINTS).first
        second = first.locator("xpath=..").locator("> details > summary")
        text = first.locator("xpath=following-sibling::p")
        assert not text.is_visible()
        first.focus()
        seen.page.keyboard.press("Enter")
        assert text.is_visible()
        assert not second.locator("xpath=following-sibling::p").is_visible()
        seen.page.keyboard.press("Tab")
        assert second.evaluate("e => e === document.activeElement")
        seen.page.keyboard.press("Space")
        assert second.locator("xpath=following-sibling::p").is_visible()
        assert seen.axe() == []
        first.focus()
        seen.page.keyboard.press("Enter")
        assert not text.is_visible()


def test_solutions_open_by_keyboard(browser, home: str) -> None:
    with visit(browser, home, **MODES["dark"]) as seen:
        seen.go("book/foundations/perceptron.html")
        fold = seen.page.locator(".tag_solution details.hide").first
        assert "Show the solution" in fold.inner_text()
        verdict = fold.locator(".exercise-feedback.right")
        assert not verdict.is_visible()
        fold.locator("summary").focus()
        seen.page.keyboard.press("Enter")
        assert verdict.is_visible()
        assert "Hide the solution" in fold.inner_text()
        assert seen.axe() == []


@pytest.mark.parametrize("mode", MODES)
def test_a_hint_can_be_hit_and_its_focus_seen(browser, home: str, mode: str) -> None:
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go("book/foundations/perceptron.html")
        hint = seen.page.locator(HINTS).first
        box = hint.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        around = hint.locator("xpath=ancestor::*[contains(@class, 'cell_output')][1]")
        before = pixels(around)
        seen.page.locator(".tag_check button").first.focus()
        for _ in range(4):
            seen.page.keyboard.press("Tab")
            if hint.evaluate("e => e === document.activeElement"):
                break
        assert differ(before, pixels(around)), "the focus does not show"
