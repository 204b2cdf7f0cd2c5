"""The search: what the index holds of a page, and what a reader finds, from a server and from files."""

import gzip
import json
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from small_site import small_site
from sphinx import addnodes
from visit import MODES, served, visit

from website.search import Entry, entries


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def start(request, home: str, site: Path) -> str:
    return home if request.param == "http" else site.as_uri() + "/"


def read_index(site: Path) -> dict:
    script = (site / "search-index.js").read_text(encoding="utf-8")
    return json.loads(script.removeprefix("window.bookIndex=").rstrip(";\n"))


def section(anchor: str, heading: str, *children: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", heading), *children, ids=[anchor])


def page(*sections: nodes.Node) -> nodes.document:
    document = new_document("page")
    document += section("top", "Linear layers", *sections)
    return document


def test_an_entry_holds_the_words_of_its_own_section() -> None:
    below = section("why", "Why the square root", nodes.paragraph("", "Variance grows."))
    found = list(entries(page(nodes.paragraph("", "A matrix."), below), "book/foundations/linear-layers"))
    assert found == [
        Entry("", "Linear layers", "A matrix.", "", ""),
        Entry("why", "Why the square root", "Variance grows.", "", ""),
    ]


def test_formulas_are_indexed_as_they_are_read_and_code_by_its_names() -> None:
    said = nodes.paragraph("", "", nodes.Text("The rate "), nodes.math("", r"\alpha x"), nodes.Text(" is small."))
    source = "for layer in LowRank(n_in):  # bends()\n    log_softmax(layer.weight)"
    code = nodes.literal_block(source, source)
    printed = nodes.container("", nodes.paragraph("", "0.125"), classes=["cell_output"])
    display = nodes.math_block("", r"\frac{a}{b}")
    (entry,) = entries(page(said, display, code, printed), "book/foundations/linear-layers")
    assert entry.text == "The rate αx is small."
    assert entry.names.split() == ["LowRank", "log_softmax", "weight"]


def test_the_works_of_a_chapter_are_left_to_the_bibliography() -> None:
    item = nodes.list_item("", nodes.paragraph("", "Cauchy, 1847."))
    below = nodes.section("", nodes.title("", "References"), nodes.bullet_list("", item), ids=["references"])
    found = list(entries(page(nodes.paragraph("", "A matrix."), below), "book/foundations/linear-layers"))
    assert [(entry.heading, entry.text) for entry in found][1:] == [("References", "")]


def test_a_definition_is_an_entry_of_its_own() -> None:
    term = nodes.term("", "logit", ids=["term-logit"])
    item = nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", "The log of the odds.")))
    glossary = addnodes.glossary("", nodes.definition_list("", item))
    whole, definition = entries(page(glossary), "book/glossary")
    assert whole.text == ""
    assert definition == Entry("term-logit", "logit", "The log of the odds.", "", "glossary")


def test_the_glossarys_definitions_reach_the_index(tmp_path: Path) -> None:
    index = read_index(small_site(tmp_path, ""))
    (found,) = [entry for entry in index["entries"] if entry[-1] == "glossary"]
    page, anchor, *words = found
    assert index["pages"][page] == ["index.html", "Chain Rule"]
    assert words == ["logit, log-odds", "What a sigmoid takes: the log of the odds.", "", "glossary"]
    assert f'id="{anchor}"' in (tmp_path / "html" / "index.html").read_text(encoding="utf-8")


def test_what_the_library_offers_is_marked_as_such() -> None:
    found = list(entries(page(section("LowRank", "LowRank")), "book/reference/dense"))
    assert [(entry.heading, entry.kind) for entry in found] == [("Linear layers", "library"), ("LowRank", "library")]


def ask(seen, query: str) -> list[str]:
    """The results, each as its text and the address that it leads to."""
    seen.page.fill(".book-search input", query)
    seen.page.wait_for_function("q => document.querySelector('.search-status').textContent.includes(q)", arg=query)
    return seen.page.locator(".search-results > li").evaluate_all(
        "all => all.map(li => li.innerText + ' ' + li.querySelector('a').href)"
    )


QUERIES = {
    "Mirsky": ("Linear layers", "The best matrix of rank r", "linear-layers.html#the-best-matrix-of-rank-r"),
    "zero_grad forgotten": ("A first network", "zero_grad forgotten", "first-network.html#zero-grad-forgotten"),
    "LowRank": ("LowRank", "LIBRARY", "reference/dense.html#LowRank"),
    "log_softmax": ("Activations", "log_softmax", "reference/activations.html#log-softmax"),
    "backpropagaton": ("Backpropagation", "", "backpropagation.html"),
}


def test_words_of_prose_headings_and_library_are_found(browser, start: str) -> None:
    with visit(browser, start, **MODES["light"]) as seen:
        seen.go("search.html")
        assert not seen.page.get_by_text("needs JavaScript").is_visible()
        for query, (chapter, words, address) in QUERIES.items():
            first = ask(seen, query)[:3]
            here = [text for text in first if address in text]
            assert here and chapter in here[0] and words.lower() in here[0].lower(), f"{query}: {first}"
        marks = seen.page.locator(".search-results mark")
        assert marks.count() and marks.first.inner_text().lower().startswith("backprop")
        assert seen.outside == []
        assert seen.errors == []


def test_a_result_opens_at_its_section_and_back_leads_to_the_results(browser, start: str) -> None:
    with visit(browser, start, **MODES["light"]) as seen:
        seen.go("book/index.html")
        seen.page.keyboard.press("Control+k")
        seen.page.keyboard.type("eckart young")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_selector(".search-results a")
        assert "search.html?q=eckart+young" in seen.page.url
        ask(seen, "eckart young mirsky")
        assert "search.html?q=eckart+young+mirsky" in seen.page.url
        results = seen.page.locator(".search-results").inner_text()
        seen.page.locator(".book-search input").press("Enter")
        seen.page.wait_for_url("**/linear-layers.html#*")
        anchor = seen.page.url.split("#")[1]
        assert seen.page.locator(f"[id='{anchor}']").bounding_box()["y"] < 300
        seen.page.go_back()
        seen.page.wait_for_selector(".search-results a")
        assert seen.page.locator(".search-results").inner_text() == results
        assert seen.errors == []


def test_arrows_move_among_the_results(browser, home: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go("search.html?q=rank")
        seen.page.wait_for_selector(".search-results a")
        focused = "document.activeElement.matches('input') ? -1 : [...document.links].indexOf(document.activeElement)"
        places = [seen.page.evaluate(focused)]
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
            seen.page.keyboard.press(key)
            places.append(seen.page.evaluate(focused))
        assert places[0] == places[4] == -1
        assert places[1] == places[3] >= 0 and places[2] == places[1] + 1
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("Escape")
        assert seen.page.evaluate(focused) == -1


def test_a_word_that_nowhere_stands_is_answered_with_help(browser, home: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go("search.html")
        assert ask(seen, "xyzzyq") == []
        assert "Nothing matches" in seen.page.locator(".search-status").inner_text()
        assert seen.page.locator(".search-help").is_visible()


@pytest.mark.parametrize("mode", MODES)
def test_the_results_are_accessible(browser, home: str, mode: str) -> None:
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go("search.html?q=rank")
        seen.page.wait_for_selector(".search-results mark")
        assert seen.axe() == []
        width, room = seen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width <= room


def test_without_scripts_the_page_says_where_to_look(browser, home: str) -> None:
    with visit(browser, home, java_script_enabled=False) as seen:
        seen.page.goto(home + "search.html")
        assert seen.page.get_by_text("Searching needs JavaScript").is_visible()


def test_the_index_is_small_and_loaded_for_a_query_alone(browser, home: str, site: Path) -> None:
    with visit(browser, home) as seen:
        asked = []
        seen.page.on("request", lambda request: asked.append(request.url))
        for address in ("book/foundations/linear-layers.html", "search.html"):
            seen.go(address)
        assert not [url for url in asked if "search-index" in url or "minisearch" in url or "searchindex" in url]
        ask(seen, "rank")
        assert [url for url in asked if url.endswith("search-index.js")]
    packed = len(gzip.compress((site / "search-index.js").read_bytes()))
    entries = read_index(site)["entries"]
    assert packed / len(entries) < 250, f"{packed} bytes for {len(entries)} entries"
