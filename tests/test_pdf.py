"""What readers take along: the book as a PDF, and the site as a zip."""

import re
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader
from visit import MODES, table_of_contents, visit

from website import offline, pdf

PAGES = ["book/foundations/index", "book/foundations/perceptron"]
ADDRESS = re.compile(r'(?:href|src)="(file:|/)[^"]*"')


def test_two_pages_as_a_pdf(site: Path, tmp_path: Path) -> None:
    if pdf.find_chromium() is None:
        pytest.skip("no Chromium on the path")
    pdf.write(site, PAGES, tmp_path / "book.pdf")
    book = PdfReader(tmp_path / "book.pdf")
    chapters = [entry for entry in book.outline if not isinstance(entry, list)]
    assert [entry.title for entry in chapters] == ["Contents", "Foundations", "The perceptron"]
    text = "".join(page.extract_text() for page in book.pages)
    assert "Contents" in book.pages[1].extract_text() and "2 · The perceptron" in book.pages[1].extract_text()
    for words in ("By the Chain Rule authors", "Rosenblatt", "Solution", "solution_nand", "def learn_gate"):
        assert words in text
    assert "2" in book.pages[1].extract_text().split()  # its number
    assert sum(len(page.images) for page in book.pages) >= 2
    links = [a.get_object() for page in book.pages for a in page.get("/Annots", [])]
    addresses = [link["/A"]["/URI"] for link in links if "/A" in link and "/URI" in link["/A"]]
    assert [address for address in addresses if not address.startswith("http")] == []
    assert any("/Dest" in link for link in links), "no link leads into the book"


def test_a_document_of_pages_has_each_name_once_and_no_dead_link(site: Path) -> None:
    html = pdf.document(site, PAGES)
    names = re.findall(r'\sid="([^"]+)"', re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(names)
    assert "<script" not in html and 'loading="lazy"' not in html
    folds = re.findall(r"<details[^>]*>", html)
    assert folds and [fold for fold in folds if 'open=""' not in fold] == []


def test_the_offline_site_is_whole_and_opens_from_its_first_page(browser, site: Path, tmp_path: Path) -> None:
    offline.write(site, tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as packed:
        packed.extractall(tmp_path)
    root = tmp_path / offline.ROOT
    assert [page for page in table_of_contents() if not (root / f"{page}.html").exists()] == []
    absolute = {
        path.name: found
        for path in root.rglob("*.html")
        if "_static" not in path.parts
        and path.name != "404.html"  # which a server sends, at any depth
        and (found := ADDRESS.findall(path.read_text(encoding="utf-8")))
    }
    assert absolute == {}
    with visit(browser, root.as_uri() + "/", **MODES["light"]) as seen:
        seen.go("index.html")
        seen.page.wait_for_selector("article h1")
        assert seen.outside == [] and seen.errors == []
