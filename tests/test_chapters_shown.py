"""What the site shows of chapters: links, numbered titles, the lines around a title."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from small_books import made_up, small_book
from visit import MODES, ROOT, served, visit

from website.chapters import build, links, numbers
from website.chapters.book import Book, Part, read_book
from website.chapters.pages import Shown

HERE = read_book(ROOT)
PERCEPTRON = HERE.chapters["book/foundations/perceptron"]


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
    *_, before, last = HERE.parts[0].chapters
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
