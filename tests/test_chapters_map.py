"""The map of the chapters: its layout, and what of it a reader sees on the site."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from small_books import made_up
from visit import MODES, ROOT, served, visit

from website.chapters.book import Part, read_book
from website.chapters.chart import NARROW, WIDE
from website.chapters.layout import HEIGHT, Layout, layout

HERE = read_book(ROOT)


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


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


def before(chapter) -> set[str]:
    """The pages of all chapters that come before this one, however far back."""
    return set(chapter.needs).union(*(before(HERE.chapters[page]) for page in chapter.needs))


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_the_map_leads_to_chapters_by_pointer_and_keyboard(browser, home: str, mode: str) -> None:
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go("book/map.html")
        assert seen.page.locator(".chapter-map svg:visible .chapter").count() == len(HERE.plan)
        boxes = seen.page.locator(".chapter-map svg:visible a.chapter")
        assert boxes.count() == len(HERE.chapters)
        drawn = seen.page.locator(".chapter-map svg").evaluate_all("all => all.map(svg => svg.checkVisibility())")
        assert drawn == ([False, True] if mode == "phone" else [True, False])
        chapter = HERE.chapters["book/foundations/linear-layers"]
        layers = boxes.nth(list(HERE.chapters).index(chapter.page))
        named = seen.page.get_by_role("link", name=f"{chapter.number} {chapter.title}")
        assert named.and_(boxes).count() == 1
        size = layers.bounding_box()
        assert size["height"] >= 40 and size["width"] >= 120
        boxes.nth(list(HERE.chapters).index(chapter.page) - 1).focus()
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
            assert item.get_attribute("class") is None
            names = item.locator("a").all_inner_texts()
            listed = [chapter, *HERE.needs(chapter), *HERE.unlocks(chapter)]
            assert [name.replace("\N{NO-BREAK SPACE}", " ") for name in names] == [
                f"{c.number} {c.title}" for c in listed
            ]
        seen.page.goto(f"{home}{HERE.parts[0].opener}.html")
        assert seen.page.locator("ol.chapter-cards > li").count() == len(HERE.parts[0].chapters)
        seen.page.goto(f"{home}book/times.html")
        assert seen.page.locator("table.page-times tbody tr").count() >= len(HERE.chapters)
