"""Chapters: their numbers and prerequisites, the layout of their map, and what of it a reader sees on the site."""

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import yaml
from docutils import nodes
from docutils.utils import new_document
from visit import MODES, ROOT, served, visit

from website.chapters import build, links, numbers
from website.chapters.book import Book, Chapter, Part, read_book
from website.chapters.chart import NARROW, WIDE
from website.chapters.effort import Effort, effort
from website.chapters.layout import HEIGHT, Layout, layout
from website.chapters.pages import Shown
from website.chapters.times import spoken
from website.notebooks import normalise

HERE = read_book(ROOT)
PERCEPTRON = HERE.chapters["book/foundations/perceptron"]


def small_book(folder: Path, needs: dict[str, list[str]], question: str = "Why?") -> Path:
    """The files of a book with one part and these chapters."""
    for name, needed in needs.items():
        road = " ".join(f"[it]({other}.ipynb#there)" for other in needed)
        cells = [
            nbformat.v4.new_markdown_cell(f"# The {name}\n\n**What you need.** Numbers.\n{road}\n\n[no](z.ipynb)"),
            nbformat.v4.new_code_cell("1"),
        ]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"chapter": {"question": question}})
        nbformat.write(notebook, folder / f"{name}.ipynb")
    pages = [{"file": name} for name in ["index", *needs]]
    toc = {"parts": [{"caption": "Start", "chapters": [{"file": "a"}]}, {"caption": "I · One", "chapters": pages}]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc))
    return folder


def made_up(sizes: list[int], needs: dict[int, list[int]]) -> list[Part]:
    """Parts of so many chapters, which need others by their numbers."""
    parts, number = [], 0
    for i, size in enumerate(sizes):
        chapters = [
            Chapter(f"c{n}", n, f"Title {n}", "?", tuple(f"c{k}" for k in needs.get(n, [])), Effort(5, 0, 0, 0))
            for n in range(number + 1, number + size + 1)
        ]
        parts.append(Part("I" * (i + 1), "Name", f"p{i}", tuple(chapters)))
        number += size
    return parts


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


@pytest.mark.parametrize(
    ("needs", "question", "said"),
    [
        ({"a": ["b"], "b": []}, "Why?", "a.ipynb needs b"),
        ({"a": ["a"]}, "Why?", "a.ipynb needs a"),
        ({"a": []}, "", "question"),
    ],
)
def test_a_chapter_that_the_site_cannot_place_is_refused(tmp_path, needs, question, said) -> None:
    with pytest.raises(ValueError, match=said):
        read_book(small_book(tmp_path, needs, question))


def test_this_book_asks_one_question_a_chapter() -> None:
    for chapter in HERE.chapters.values():
        assert re.fullmatch(r"[A-Z][^?.]+\?", chapter.question), chapter.page
        assert len(chapter.question) < 90
        assert chapter.effort.exercises >= 4
    assert len({c.question for c in HERE.chapters.values()}) == len(HERE.chapters)


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


BOOKS = {
    "this": list(HERE.parts),
    "chain": made_up([4], {2: [1], 3: [2], 4: [1, 2, 3]}),
    "wide": made_up([9, 5], {10: [1], 11: [9, 10], 14: [1, 13]}),
    "long": made_up([12, 6, 16, 6, 4, 6, 4, 2], {n: [n - 1, max(1, n // 2), max(1, n - 7)] for n in range(2, 57)}),
}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("parts", BOOKS.values(), ids=BOOKS)
def test_the_maps_boxes_stand_apart_and_below_what_they_need(parts: list[Part], size) -> None:
    plan = layout(parts, size)
    boxes = {page: (plan.left(column), plan.top(row)) for page, (row, column) in plan.cells.items()}
    assert set(boxes) == {c.page for part in parts for c in part.chapters}
    for (x, y), (x2, y2) in combinations(boxes.values(), 2):
        assert abs(x - x2) >= plan.size.box + 10 or abs(y - y2) >= HEIGHT + 20
    assert all(
        0 < x and x + plan.size.box < plan.width and 0 < y and y + HEIGHT < plan.height for x, y in boxes.values()
    )
    assert plan.width <= (700 if size is WIDE else 358), "wider than the column of text, or than a phone's"
    chapters = [c for part in parts for c in part.chapters]
    assert all(boxes[need][1] < boxes[c.page][1] for c in chapters for need in c.needs)
    rows = [{plan.cells[c.page][0] for c in part.chapters} for part in parts]
    assert all(max(a) < min(b) for a, b in zip(rows, rows[1:]))
    assert [edge for edge in plan.edges if crosses(plan, *edge)] == []


def crosses(plan: Layout, start: str, end: str) -> bool:
    """Whether the upright part of an arrow runs through a box."""
    upright = re.search(r"(\d+) (\d+)V(\d+)", plan.path(start, end))
    if not upright:
        return False
    lane, top, bottom = map(int, upright.groups())
    return any(
        plan.left(column) <= lane <= plan.left(column) + plan.size.box
        and top < plan.top(row) + HEIGHT
        and bottom > plan.top(row)
        for row, column in plan.cells.values()
    )


def test_arrows_that_follow_from_others_are_left_out() -> None:
    assert layout(BOOKS["chain"], WIDE).edges == [("c1", "c2"), ("c2", "c3"), ("c3", "c4")]


def an_app(book: Book) -> SimpleNamespace:
    builder = SimpleNamespace(get_target_uri=lambda page: f"{page}.html")
    return SimpleNamespace(builder=builder, env=SimpleNamespace(shown=Shown(book, {})))


@pytest.mark.parametrize(
    ("text", "address", "warning"),
    [
        (f"Chapter {PERCEPTRON.number}", "perceptron.html", None),
        ("linear layers", "perceptron.html", None),
        (f"see chapter {PERCEPTRON.number + 1}", "perceptron.html#rule", f"leads to chapter {PERCEPTRON.number}"),
        ("Chapter 1", "../how-to-read.html", "leads to no chapter"),
    ],
)
def test_a_link_that_names_another_chapter_is_a_warning(monkeypatch, text, address, warning) -> None:
    said: list[str] = []
    monkeypatch.setattr(links.log, "warning", lambda message, *values, **_: said.append(message % values))
    document = new_document("page")
    document += nodes.paragraph("", "", nodes.reference("", text, internal=True, refuri=address))
    links.describe_links(an_app(HERE), document, "book/foundations/linear-layers")
    assert said == [] if warning is None else (len(said) == 1 and warning in said[0])
    (link,) = document.findall(nodes.reference)
    told = f"Chapter {PERCEPTRON.number}: {PERCEPTRON.question}"
    assert link.get("reftitle") == (told if "perceptron" in address else None)


def test_titles_are_numbered_once_and_anew() -> None:
    chapter = made_up([1], {})[0].chapters[0]
    entry = nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "", nodes.reference("", "Title 1"))))
    env = SimpleNamespace(titles={}, longtitles={}, tocs={"c1": entry})
    for number in (1, 1, 7):
        env.shown = Shown(Book((Part("I", "Name", "p0", (replace(chapter, number=number),)),)), {})
        numbers.number_titles(None, env)
    assert (env.titles["c1"].astext(), entry.astext()) == ("7 · Title 1", "7 Title 1")
    assert env.titles["p0"].astext() == "Part I · Name"


def test_a_changed_chapter_rewrites_the_pages_that_show_it(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(build, "took", lambda app, env: {})
    app = SimpleNamespace(srcdir=small_book(tmp_path, {"a": [], "b": ["a"]}))
    metadata = {"a": {}, "b": {}, "map": {build.DEPENDS: True}, "other": {}}
    env = SimpleNamespace(found_docs=set(metadata), metadata=metadata)
    assert build.update(app, env) == sorted(metadata)
    assert build.update(app, env) == []
    small_book(tmp_path, {"a": [], "b": []})
    assert set(build.update(app, env)) == {"a", "b", "map"}
    small_book(tmp_path, {"a": [], "b": []}, "How?")
    assert build.update(app, env) == sorted(metadata)


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_a_chapter_says_where_it_stands(browser, home: str, mode: str) -> None:
    *_, before, last = HERE.chapters.values()
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go(f"{last.page}.html")
        assert seen.page.title().startswith(f"{last.number} · {last.title}")
        eyebrow, title, facts = (
            seen.page.locator(f"article {name}").first for name in ("p.chapter-eyebrow", "h1", ".chapter-facts")
        )
        assert eyebrow.inner_text().endswith(f"Chapter {last.number}")
        tops = [place.bounding_box()["y"] for place in (eyebrow, title, facts)]
        assert tops == sorted(tops)
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        needed = facts.locator("dd a").evaluate_all("all => all.map(a => a.getAttribute('href').split('/').pop())")
        assert needed == [f"{Path(c.page).name}.html" for c in HERE.needs(last) + HERE.unlocks(last)]
        assert seen.page.locator(".prev-next-title").first.inner_text() == f"{before.number} · {before.title}"
        current = seen.page.locator(".bd-links li.current.active > a").last.text_content()
        assert current == f"{last.number} {last.title}"


def before(chapter) -> set[str]:
    """The pages of all chapters that come before this one, however far back."""
    return set(chapter.needs).union(*(before(HERE.chapters[page]) for page in chapter.needs))


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_the_map_leads_to_chapters_by_pointer_and_keyboard(browser, home: str, mode: str) -> None:
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go("book/map.html")
        boxes = seen.page.locator(".chapter-map svg:visible a.chapter")
        assert boxes.count() == len(HERE.chapters)
        drawn = seen.page.locator(".chapter-map svg").evaluate_all("all => all.map(svg => svg.checkVisibility())")
        assert drawn == ([False, True] if mode == "phone" else [True, False])
        chapter = HERE.chapters["book/foundations/linear-layers"]
        layers = boxes.nth(chapter.number - 1)
        named = seen.page.get_by_role("link", name=f"{chapter.number} {chapter.title}")
        assert named.and_(boxes).count() == 1
        size = layers.bounding_box()
        assert size["height"] >= 40 and size["width"] >= 120
        boxes.nth(chapter.number - 2).focus()
        seen.page.keyboard.press("Tab")
        assert layers.evaluate("a => a === document.activeElement")
        lit = boxes.evaluate_all("all => all.map(a => [...a.classList].filter(name => name !== 'chapter').join())")
        light = dict.fromkeys(before(chapter), "needed")
        light |= {c.page: "unlocked" for c in HERE.chapters.values() if chapter.page in before(c)}
        assert lit == [(light | {chapter.page: "here"}).get(page, "") for page in HERE.chapters]
        assert {"needed", "here", "unlocked"} <= set(lit)
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url(f"**/{chapter.page}.html")
        seen.go("book/map.html")
        boxes.last.click()
        seen.page.wait_for_url(f"**/{list(HERE.chapters)[-1]}.html")
        assert seen.errors == []


def test_the_map_is_also_a_list(browser, home: str) -> None:
    with visit(browser, home, java_script_enabled=False) as seen:
        seen.page.goto(f"{home}book/map.html")
        for chapter in HERE.chapters.values():
            item = seen.page.locator("ul.chapter-needs > li > ul > li").nth(chapter.number - 1)
            names = item.locator("a").all_inner_texts()
            listed = [chapter, *HERE.needs(chapter), *HERE.unlocks(chapter)]
            assert [name.replace("\N{NO-BREAK SPACE}", " ") for name in names] == [
                f"{c.number} {c.title}" for c in listed
            ]
        seen.page.goto(f"{home}{HERE.parts[0].opener}.html")
        assert seen.page.locator("ol.chapter-cards > li").count() == len(HERE.parts[0].chapters)
        seen.page.goto(f"{home}book/times.html")
        assert seen.page.locator("table.page-times tbody tr").count() >= len(HERE.chapters)
