"""The book's words and symbols: what the build marks, and where the marks lead. In a browser: test_words_browser.py."""

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from website import glossary, notation
from website.chapters.book import read_book
from website.maths import render
from website.symbols import Symbol, mark, names
from website.terms import CHAPTER, Term, link_first_uses

ROOT = Path(__file__).parent.parent
CHAPTERS = list(read_book(ROOT).chapters)
CONSTANTS = {"e", "π"}
TEX = re.compile(
    r'<div class="[^"]*\bmath\b(?:(?!</div>).)*?<annotation encoding="application/x-tex">(.*?)</annotation>', re.DOTALL
)
USE = re.compile(
    r'<a class="reference internal" href="([^"]+)"><span class="term" data-tip="([^"]+)"(?: id="([^"]+)")?>'
)


def page(site: Path, name: str) -> str:
    return (site / f"{name}.html").read_text(encoding="utf-8")


def linked(*children: nodes.Node) -> list[tuple[str, str]]:
    """The words that become links, and the terms they lead to."""
    document = new_document("page")
    document += children
    link_first_uses(document, set(), "book/part/chapter", indexed=True)
    return [(term.astext(), term.parent["reftarget"]) for term in document.findall(Term)]


def paragraph(text: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.Text(text))


def test_only_the_first_use_of_a_term_is_linked() -> None:
    assert linked(paragraph("An epoch, then another epoch."), paragraph("Epochs again.")) == [("epoch", "epoch")]


def test_the_longest_term_wins_and_does_not_use_up_the_shorter_one() -> None:
    found = linked(paragraph("A learning rate.\nWeight decay and low\nrank, then a weight and its rank."))
    assert [word for word, _ in found] == ["learning rate", "Weight decay", "low\nrank", "weight", "rank"]


@pytest.mark.parametrize(
    ("words", "term"),
    [("Epochs", "epoch"), ("losses", "loss"), ("binary cross-entropies", "binary cross-entropy"), ("biases", "bias")]
    + [("back-propagation", "backpropagation"), ("SVD", "singular value decomposition"), ("GANs", "GAN")],
)
def test_inflections_and_other_spellings_are_found(words: str, term: str) -> None:
    assert linked(paragraph(f"about {words}, say")) == [(words, term)]


def test_parts_of_words_are_no_terms() -> None:
    assert linked(paragraph("unity, epochal, non-linear layerings, tanhs-like, pre-epoch")) == []


@pytest.mark.parametrize(
    "quiet",
    [
        nodes.title("", "", nodes.Text("The epoch")),
        nodes.literal("epoch", "epoch"),
        nodes.literal_block("epoch", "epoch"),
        nodes.math("epoch", "epoch"),
        nodes.reference("", "", nodes.Text("an epoch"), refuri="x"),
        addnodes.pending_xref("", nodes.inline("", "epoch"), reftype="doc"),
        nodes.container("", paragraph("epoch"), classes=["cell"]),
        nodes.caption("", "", nodes.Text("epoch")),
    ],
    ids=lambda node: type(node).__name__,
)
def test_headings_links_code_maths_and_outputs_are_left_alone(quiet: nodes.Node) -> None:
    assert linked(quiet) == []
    assert linked(quiet, paragraph("An epoch.")) == [("epoch", "epoch")]


def test_only_chapters_are_searched() -> None:
    assert CHAPTER.fullmatch("book/foundations/perceptron")
    for other in ("book/index", "book/foundations/index", "book/reference/dense", "genindex", "book/how-to-read"):
        assert not CHAPTER.fullmatch(other)


def test_the_glossary_is_in_order_and_says_each_term_once() -> None:
    entries = glossary.entries()
    assert len(entries) >= 80
    assert [entry.name for entry in entries] == sorted((entry.name for entry in entries), key=str.lower)
    spellings = [spelling.lower() for entry in entries for spelling in entry.spellings]
    assert len(spellings) == len(set(spellings))
    for entry in entries:
        assert entry.definition.endswith(".")
        assert 1 <= len(re.findall(r"[.:;](?: |$)", entry.definition)) <= 6, entry.name
        assert not re.search(r"\b(simply|just|obviously)\b|[$*\]]", entry.definition), entry.name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_term_of_a_chapter_leads_once_to_its_entry(site: Path, chapter: str) -> None:
    html, entries = page(site, chapter), page(site, "book/glossary")
    uses = USE.findall(html)
    assert len(uses) > 5
    assert len({href for href, _, _ in uses}) == len(uses)
    for href, tip, where in uses:
        assert href.startswith("../glossary.html#term-")
        assert f'id="{href.partition("#")[2]}"' in entries
        assert unescape(tip) in {entry.definition for entry in glossary.entries()}
        assert f'href="{chapter.removeprefix("book/")}.html#{where}"' in entries
    assert not re.search(r'<(h[1-6]|pre|figcaption|table)\b[^>]*>(?:(?!</\1>).)*class="term"', html, re.DOTALL)


def test_a_definition_links_others_and_not_itself(site: Path) -> None:
    html = page(site, "book/glossary")
    start = html.index('id="term-margin"')
    margin = html[start : html.index("<dt", start)]
    assert 'href="#term-perceptron"' in margin and 'href="#term-margin"><span class="term"' not in margin


def marked(tex: str, known: dict[str, Symbol]) -> list[tuple[str, str]]:
    html = mark(render(tex, True), known.get)
    return re.findall(r'data-symbol="([^"]*)" data-shape="([^"]*)"', html)


def test_a_symbol_is_its_letter_with_accent_index_and_d() -> None:
    tex = r"\mathrm{d}W_1 = \tilde x^\top n_\text{in} + \mathbf 1 + \sigma_k^2 + \frac{\partial L}{\partial W_{01}} ab"
    written = [name for _, name in names(render(tex, True))]
    assert sorted(written) == sorted(["W_1", "x\u0303", "n_in", "bold 1", "σ_k", "W_01", "L", "a", "b"])


def test_a_gradient_has_the_shape_of_its_own_quantity() -> None:
    known = {"W": Symbol("(3, 2)", "weights"), "dθ": Symbol("()", "of the integral")}
    assert marked(r"\mathrm{d}W", known) == [("dW", "(3, 2)")]
    assert marked(r"x^{\top} dW_0", known) == [("dW", "(3, 2)")]
    assert marked(r"\frac{\partial L}{\partial W}", known) == [("W", "(3, 2)")]
    assert marked(r"\int d\theta", known) == [("dθ", "()")]


def test_upright_names_and_capital_letters_are_known() -> None:
    known = {name: Symbol("()", "") for name in ("E", "KL", "Φ", "tr")}
    assert marked(r"\operatorname{E}_x \operatorname{KL}(p) + \Phi(x) \max x", known) == [
        (n, "()") for n in ("E", "KL", "Φ")
    ]
    assert marked(r"\operatorname{tr} E", {"tr": Symbol("()", "")}) == [("tr", "()")]


def test_an_index_is_looked_up_before_the_letter_alone() -> None:
    known = {"W": Symbol("(3, 2)", "weights"), "W_0": Symbol("(9, 9)", "the frozen ones")}
    assert marked("W_0 + W_{ij}", known) == [("W_0", "(9, 9)"), ("W", "(3, 2)")]


def drawn(tex: str) -> str:
    """The formula as any reader of XML returns it: a drawing's lines joined, its name space left to HTML."""
    html = render(tex, True).replace("\n", " ").replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return html.replace("/>", "></path>")


def test_marking_leaves_the_formula_as_it_was() -> None:
    html = drawn(r"\sqrt[3]{W} \le \sum_{k>r} \sigma_k(W)^2 \begin{cases} 1 & \text{if } y \end{cases}")
    assert mark(html, lambda name: None) == html
    spelled = mark(html, lambda name: Symbol("()", "x < y & z"))
    assert re.sub(r' data-\w+="[^"]*"', "", spelled) == html
    assert 'data-tip="x < y &amp; z"' in spelled


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_symbol_of_a_displayed_formula_is_in_the_notation(site: Path, chapter: str) -> None:
    known = notation.symbols(chapter)
    formulas = [unescape(tex) for tex in TEX.findall(page(site, chapter))]
    assert len(formulas) >= 5
    found = {base: written for tex in formulas for base, written in names(render(tex, True)) if written not in known}
    assert set(found) - set(known) <= CONSTANTS


def test_the_same_letter_means_what_it_means_on_its_page() -> None:
    assert notation.symbols("book/foundations/perceptron")["b"].shape == "()"
    assert notation.symbols("book/foundations/linear-layers")["b"].shape == "(n_out,)"
    assert "sigmoid" in notation.symbols("book/foundations/first-network")["σ"].meaning


def test_no_symbol_of_a_page_hides_another() -> None:
    entries = [e for group in notation.topics().values() for e in group if "in" in e]
    counted = Counter((e["in"], e.get("name") or notation.name(e["tex"])) for e in entries)
    assert [symbol for symbol, times in counted.items() if times > 1] == []


def test_the_notation_page_shows_every_entry(site: Path) -> None:
    html = page(site, "book/notation")
    for topic, entries in notation.topics().items():
        assert f"<h2>{topic}" in html.replace("’", "'")
        for entry in entries:
            assert render(entry["tex"], False) in html
    assert html.count("<tr") == sum(1 + len(entries) for entries in notation.topics().values())


def test_the_index_leads_to_first_uses_and_to_the_library(site: Path) -> None:
    html = page(site, "genindex")
    assert "<title>Index" in html
    epoch = re.search(r"<li>epoch\n<span>(.*?)</span></li>", html)
    assert epoch and re.search(
        r'<a href="book/foundations/perceptron.html#use-epoch">\d+ · The perceptron</a>', epoch[1]
    )
    assert 'id="use-epoch"' in page(site, "book/foundations/perceptron")
    assert '<code>Dense</code>\n<span><a href="book/reference/dense.html#Dense">' in html
    for href in set(re.findall(r'<a href="(book/[^"#]+)#([^"]+)"', html)):
        assert f'id="{href[1]}"' in page(site, href[0].removesuffix(".html")), href


def test_a_work_names_the_places_that_cite_it(site: Path) -> None:
    html = page(site, "book/bibliography")
    works = re.findall(r'<div class="citation" id="(id\d+)">(.*?)</div>', html, re.DOTALL)
    assert len(works) > 20
    for work, said in works:
        places = re.findall(r'href="([^"#]+)\.html#(id\d+)"', said.partition("Cited in")[2])
        assert places, said
        for chapter, where in places:
            text = page(site, f"book/{chapter}")
            cited = text[text.index(f'id="{where}"') :].partition("]")[0]  # works cited together share a bracket
            assert f'bibliography.html#{work}"' in cited


def test_a_symbol_without_a_letter_asks_for_a_name() -> None:
    assert notation.name("W") == "W"
    with pytest.raises(ValueError, match=r"'\\\\times' of notation.yml holds no letter; give its entry a `name`"):
        notation.name(r"\times")
