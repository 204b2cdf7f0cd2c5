"""Chapters: their numbers, prerequisites and plan, and the work that they ask for."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from small_books import small_book
from visit import ROOT

from website.chapters.book import read_book
from website.chapters.effort import Effort, effort
from website.chapters.times import spoken
from website.notebooks import normalise

HERE = read_book(ROOT)


def test_numbers_follow_the_table_of_contents(tmp_path: Path) -> None:
    book = read_book(small_book(tmp_path, {"b": [], "z": ["b"], "y": ["z", "b", "z", "elsewhere"]}))
    assert [(c.page, c.number, c.title) for c in book.chapters.values()] == [
        ("b", 1, "The b"),
        ("z", 2, "The z"),
        ("y", 3, "The y"),
    ]
    assert [c.needs for c in book.chapters.values()] == [(), ("b",), ("z", "b")]
    assert [c.page for c in book.needs(book.chapters["y"])] == ["b", "z"]
    assert [c.page for c in book.unlocks(book.chapters["b"])] == ["z", "y"]
    assert book.openers["index"].numeral == "I"


A_PLAN = {"number": 2, "title": "Later", "question": "When?", "needs": ["a"]}


def with_plan(folder: Path, plan: dict) -> Path:
    (folder / "book").mkdir()
    (folder / "book" / "planned.yml").write_text(yaml.safe_dump(plan))
    return small_book(folder, {"a": [], "b": ["a"]})


def test_planned_chapters_keep_their_numbers_and_stand_in_their_parts(tmp_path: Path) -> None:
    book = read_book(with_plan(tmp_path, {"I · One": {"later": A_PLAN}, "II · Two": {"last": A_PLAN | {"number": 4}}}))
    assert [(c.page, c.number) for c in book.plan.values()] == [("a", 1), ("later", 2), ("b", 3), ("last", 4)]
    assert list(book.chapters) == ["a", "b"]
    assert [(part.opener, part.name) for part in book.parts] == [("index", "One"), ("", "Two")]
    assert list(book.openers) == ["index"]
    assert [c.page for c in book.unlocks(book.chapters["a"])] == ["b"]


@pytest.mark.parametrize(
    ("page", "entry", "said"),
    [
        ("a", A_PLAN, "which the book has: delete"),
        ("later", A_PLAN | {"number": 5}, "leaves a gap"),
        ("later", A_PLAN | {"needs": ["b"]}, "later needs b"),
        ("later", A_PLAN | {"needs": ["nowhere"]}, "later needs nowhere"),
        ("later", A_PLAN | {"number": "2"}, "a number and a list"),
        ("later", {"number": 2}, "expected"),
    ],
)
def test_a_plan_that_contradicts_the_book_is_refused(tmp_path, page, entry, said) -> None:
    with pytest.raises(ValueError, match=said):
        read_book(with_plan(tmp_path, {"I · One": {page: entry}}))


def test_two_planned_chapters_of_one_number_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two chapters one number"):
        read_book(with_plan(tmp_path, {"I · One": {"later": A_PLAN, "last": A_PLAN}}))


@pytest.mark.parametrize(
    ("needs", "question", "said"),
    [
        ({"a": ["b"], "b": []}, "Why?", "a needs b"),
        ({"a": ["a"]}, "Why?", "a needs a"),
        ({"a": []}, "", "question"),
    ],
)
def test_a_chapter_that_the_site_cannot_place_is_refused(tmp_path, needs, question, said) -> None:
    with pytest.raises(ValueError, match=said):
        read_book(small_book(tmp_path, needs, question))


def test_this_book_asks_one_question_a_chapter() -> None:
    for chapter in HERE.plan.values():
        assert re.fullmatch(r"[A-Z][^?.]+\?", chapter.question), chapter.page
        assert len(chapter.question) < 90
        assert chapter.effort is None or chapter.effort.exercises >= 4
    assert len({c.question for c in HERE.plan.values()}) == len(HERE.plan)


def test_notebooks_keep_their_question() -> None:
    notebook = nbformat.v4.new_notebook(metadata={"chapter": {"question": "Why?"}, "widgets": {}})
    normalise(notebook)
    assert notebook.metadata["chapter"] == {"question": "Why?"}
    assert "widgets" not in notebook.metadata


def test_effort_is_counted_from_the_cells() -> None:
    text = "word " * 2000 + "\n\n## Exercises\n\n**(easy, 3 min)** " + "word " * 4000 + "\n\n## More\n\n$$\nx\n$$"
    code = [("explore(\n    f)", ["hide-input"]), ("x = 1\n" * 60, []), ("x = 1\n" * 600, ["solution"])]
    cells = [nbformat.v4.new_markdown_cell(text)]
    cells += [nbformat.v4.new_code_cell(source, metadata={"tags": tags}) for source, tags in code]
    assert effort(cells) == Effort(reading=20, practice=3, exercises=1, explorers=1)  # 10 + 2 + 1 + 2 = 15 and a little


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (7.4, "7 s"), (14.0, "15 s"), (57.0, "55 s"), (59.0, "1 min"), (130, "2 min")]
)
def test_times_are_said_as_a_person_would(seconds: float, said: str) -> None:
    assert spoken(seconds) == said
