"""What a published site needs: the 404 page, descriptions, cards, citations, the map for crawlers, links outside."""

import datetime
import json
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document
from PIL import Image
from small_site import small_site
from visit import MODES, ROOT, served, visit

from website.cite import bibtex, cite_box
from website.links import Page, external, faults, pages
from website.publish import DESCRIPTION, LONGEST, description, from_root

CHAPTER = "book/foundations/linear-layers.html"
PUBLISHED = """
html_baseurl = "https://example.org/book"
html_theme_options = {"repository_url": "https://github.com/a/b", "repository_branch": "trunk"}
"""


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    return small_site(tmp_path_factory.mktemp("published"), PUBLISHED)


@pytest.fixture(scope="module")
def private(tmp_path_factory) -> Path:
    return small_site(tmp_path_factory.mktemp("private"), "")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_sites_address_makes_sitemap_canonical_links_and_a_card(published: Path) -> None:
    address = "https://example.org/book/layers.html"
    assert f"<loc>{address}</loc>" in read(published / "sitemap.xml")
    assert "404" not in read(published / "sitemap.xml")
    assert "Sitemap: https://example.org/book/sitemap.xml" in read(published / "robots.txt")
    page = read(published / "layers.html")
    assert f'<link rel="canonical" href="{address}"' in page
    assert f'property="og:url" content="{address}"' in page
    assert 'property="og:image" content="https://example.org/book/_static/social-card.png"' in page
    assert f'name="citation_public_url" content="{address}"' in page
    assert f"url       = {{{address}}}" in page


def test_without_addresses_nothing_needs_them(private: Path) -> None:
    assert not (private / "sitemap.xml").exists() and not (private / "robots.txt").exists()
    page = read(private / "layers.html")
    for word in ("canonical", "og:url", "og:image", "citation_public_url", "Report an error", "Edit this page"):
        assert word not in page, word
    assert 'property="og:title" content="Layers &amp; &lt;maps&gt;"' in page
    assert 'name="citation_title" content="Layers &amp; &lt;maps&gt;"' in page


def test_the_repositorys_address_makes_links_to_mend_a_page(published: Path) -> None:
    links = Page(published / "layers.html").links
    assert "https://github.com/a/b/edit/trunk/layers.ipynb" in links
    (report,) = [link for link in links if "issues/new" in link]
    assert "Layers%20%26%20%3Cmaps%3E" in report and "layers.ipynb" in report and '"' not in report


def test_chapters_alone_are_cited(published: Path) -> None:
    assert "citation_title" not in read(published / "index.html")
    assert "cite-page" not in read(published / "index.html")


@pytest.mark.parametrize(("site_name", "root"), [("published", "/book/"), ("private", "/")])
def test_links_of_the_404_page_start_at_the_sites_root(request, site_name: str, root: str) -> None:
    page = Page(request.getfixturevalue(site_name) / "404.html")
    own = [link for link in [*page.links, *page.parts] if not link.startswith(("#", "https://example.org"))]
    assert len(own) > 20 and [link for link in own if not link.startswith(root)] == []


def test_links_from_the_root() -> None:
    kept = '<a href="#b"><img src="data:x"><a href="https://c.d"><a href="/e">'
    page = f'<a href="a.html">{kept}<form action="search.html">'
    assert from_root(page, "/r/") == f'<a href="/r/a.html">{kept}<form action="/r/search.html">'


@pytest.mark.parametrize("mode", MODES)
def test_an_address_that_leads_nowhere_shows_the_books_page(browser, home: str, mode: str) -> None:
    with visit(browser, home, **MODES[mode]) as seen:
        seen.go("book/foundations/nowhere/at-all.html?x=1")
        assert [error for error in seen.errors if "404" not in error] == []
        assert len(seen.errors) == 2  # the page itself: what the server said, and what the console made of it
        assert seen.page.locator("h1").inner_text() == "There is no page here"
        assert "Source Serif" in seen.page.locator("article p").first.evaluate("p => getComputedStyle(p).fontFamily")
        assert seen.axe() == []
        seen.page.locator("article input").fill("rank")
        seen.page.locator("article input").press("Enter")
        seen.page.wait_for_selector(".search-results a")
        assert seen.outside == []


def test_the_server_says_404_and_sends_the_page(home: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(home + "no/such/page")
    assert answer.value.code == 404
    assert "There is no page here" in answer.value.read().decode()


def document(*paragraphs: str) -> nodes.document:
    made = new_document("page")
    made += nodes.section("", nodes.title("", "Title"), *(nodes.paragraph("", text) for text in paragraphs))
    return made


def test_a_description_is_the_first_paragraph_shortened_at_a_word() -> None:
    assert description(None) == DESCRIPTION
    assert description(document("(5 min)", "A layer is a function that also knows the way back.")).startswith("A layer")
    words = description(document("words " * 60))
    assert words.endswith(" words…") and len(words) <= LONGEST
    assert description(document("word " * 20 + "end. " + "more " * 40)).endswith("end.")


def test_descriptions_of_the_books_pages_differ(site: Path) -> None:
    read_pages = [path for path in site.rglob("*.html") if path.parent != site and "_static" not in path.parts]
    descriptions = [read(path).split('name="description" content="')[1].split('"')[0] for path in read_pages]
    assert len(set(descriptions)) == len(descriptions)
    assert all(20 < len(text) for text in descriptions)


BOOK = {
    "title": "Rules & Chains",
    "version": "1.2.0",
    "date-released": datetime.date(2026, 3, 1),
    "authors": [{"name": "A_B"}, {"name": "C"}],
}


def test_bibtex_escapes_what_tex_would_read() -> None:
    entry = bibtex("book/x/lin-layers", "Half & 50%", BOOK, "https://example.org/a_b")
    assert entry.startswith("@incollection{chainrule-lin-layers,\n")
    assert r"author    = {{A\_B} and {C}}," in entry
    assert r"title     = {{Half \& 50\%}}," in entry
    assert "year      = {2026}," in entry and "url       = {https://example.org/a_b}," in entry
    assert entry.count("{") == entry.count("}")
    assert "url" not in bibtex("book/x/y", "T", BOOK, "")
    assert "<b>" not in cite_box("book/x/y", "<b>", BOOK, "")


def test_the_citation_is_copied_by_its_button(browser, published: Path) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    with served(published) as home, visit(browser, home, **MODES["light"], **allowed) as seen:
        seen.go("layers.html")
        box = seen.page.locator("details.cite-page")
        assert not box.locator("pre").is_visible()
        box.locator("summary").press("Enter")
        box.locator("pre").hover()
        box.locator("button.copybtn").click()
        copied = seen.page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("@incollection{chainrule-layers,") and copied.rstrip().endswith("}")
        assert seen.errors == []


@pytest.mark.parametrize("mode", MODES)
def test_a_pages_foot_is_accessible(browser, published: Path, mode: str) -> None:
    with served(published) as home, visit(browser, home, **MODES[mode]) as seen:
        seen.go("layers.html")
        seen.page.locator("details.cite-page > summary").click()
        assert seen.page.locator("ul.page-links a").count() == 3
        heights = seen.page.locator("ul.page-links a, .cite-page summary").evaluate_all(
            "all => all.map(a => a.getBoundingClientRect().height)"
        )
        assert min(heights) >= 24
        assert seen.axe() == []


@pytest.mark.parametrize("link", ["ul.page-links a", "a.btn-download-source-button"])
def test_a_chapters_download_is_its_notebook(browser, home: str, link: str) -> None:
    with visit(browser, home, **MODES["light"]) as seen:
        seen.go(CHAPTER)
        if "btn" in link:
            seen.page.locator(".dropdown-download-buttons > button").click()
        with seen.page.expect_download() as download:
            seen.page.locator(link).first.click()
        assert download.value.suggested_filename == "linear-layers.ipynb"
        notebook = Path(download.value.path()).read_bytes()
    assert notebook == (ROOT / CHAPTER).with_suffix(".ipynb").read_bytes()
    nbformat.validate(json.loads(notebook))


def test_the_card_has_the_size_that_the_pages_say() -> None:
    with Image.open(ROOT / "book/_static/social-card.png") as card:
        assert card.size == (1200, 630)
    assert (ROOT / "book/_static/social-card.png").stat().st_size < 100_000


def test_links_outside_are_well_formed_and_written_one_way(site: Path) -> None:
    links = list(external(pages(site), site))
    assert any("doi.org" in link for link in links)
    assert faults(links) == []


@pytest.mark.parametrize(
    "links",
    [
        ["http://example.org"],
        ["https://nowhere"],
        ["https://example.org/a b"],
        ["https://example.org/a", "https://www.example.org/a/"],
        ["https://doi.org/10.1/X", "https://dx.doi.org/10.1/x"],
    ],
)
def test_faulty_links_are_told(links: list[str]) -> None:
    assert len(faults(links)) == 1
