"""The whole book as one PDF: `python -m website.pdf`, after the site is built; needs Chromium.

The articles of all pages become one document, in the order of the table of contents, so that a link from chapter to
chapter is a link within the PDF. Chromium prints it through the site's print style, with an outline of its headings.
What is folded on the site, solutions too, is printed in full at its place; explorers show their first picture.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

SITE = Path("_build/html")
BOOK = Path("_build/chain-rule.pdf")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LEFT_OUT = "script, a.headerlink, .explorer-controls, .copybtn, noscript, .d-print-none"
TITLE = '<section class="book-title"><p class="book-name">Chain Rule</p><p>{author}</p></section>'


def find_chromium() -> str | None:
    """Chromium or Chrome: the one that the environment names, or the first on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pages_in_order(toc: dict) -> Iterator[str]:
    """Every page of the table of contents, those of sections after the page they belong to."""

    def walk(entries: list[dict]) -> Iterator[str]:
        for entry in entries:
            yield entry["file"]
            yield from walk(entry.get("sections", []))

    yield toc["root"]
    for part in toc["parts"]:
        yield from walk(part["chapters"])


def name_of(page: str, anchor: str = "") -> str:
    """The name that a page, or an anchor in it, has in the one document."""
    return page.replace("/", "-") + (f"--{anchor}" if anchor else "")


def article(site: Path, page: str, pages: list[str]) -> Tag:
    """The article of a page, its names and addresses turned into those of the one document."""
    soup = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    found = soup.select_one("article")
    found["id"] = name_of(page)
    for waste in found.select(LEFT_OUT):
        waste.decompose()
    for element in found.find_all(id=True):
        element["id"] = name_of(page, element["id"])
    for link in found.find_all("a", href=True):
        redirect(link, page, pages)
    for picture in found.find_all("img", src=True):
        picture["src"] = target(page, picture["src"])
        picture.attrs.pop("loading", None)
    for fold in found.find_all("details"):
        unfold(fold)
    return found


def target(page: str, address: str) -> str:
    """An address used by a page, as seen from the root of the site."""
    return os.path.normpath(PurePosixPath(page).parent / address).replace(os.sep, "/")


def redirect(link: Tag, page: str, pages: list[str]) -> None:
    """Point a link into the document; one to a file that the PDF does not hold becomes plain text."""
    url = urlsplit(link["href"])
    if url.scheme or url.netloc:
        return
    other = target(page, url.path).removesuffix(".html") if url.path else page
    if other in pages:
        link["href"] = "#" + name_of(other, url.fragment)
    else:
        link.unwrap()


def unfold(fold: Tag) -> None:
    """Open what is folded, under a title that offers nothing to click."""
    fold["open"] = ""
    for title in fold.select("summary .expanded"):
        title.decompose()
    for title in fold.select("summary .collapsed"):
        title["class"] = ["admonition-title"]  # the other class hides it where the fold is open
        title.string = title.get_text().removeprefix("Show the ").capitalize()


def contents(articles: list[Tag]) -> str:
    """The titles of all pages, each a link, chapters with their numbers."""
    entries = ""
    for page in articles:
        place, title = page.select_one(".chapter-eyebrow"), page.h1.get_text().strip()
        number = f"{place.get_text().split()[-1]} · " if place else ""
        entries += f'<li><a href="#{page["id"]}">{escape(number + title)}</a></li>'
    return f'<nav class="book-contents"><h2>Contents</h2><ul>{entries}</ul></nav>'


def document(site: Path, pages: list[str]) -> str:
    """All pages as one, to be read from the root of the site."""
    first = BeautifulSoup((site / f"{pages[0]}.html").read_text(encoding="utf-8"), "html.parser")
    styles = [target(pages[0], link["href"]) for link in first.select("link[rel=stylesheet]")]
    author = first.select_one(".footer-item .component-author, p.component-author")
    articles = [article(site, page, pages) for page in pages]
    body = [TITLE.format(author=author.get_text(" ", strip=True) if author else ""), contents(articles)]
    body += map(str, articles)
    links = "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
    head = f'<meta charset="utf-8"><title>Chain Rule</title><base href="{site.resolve().as_uri()}/">{links}'
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head>{head}</head>'
        f'<body class="book-in-print"><main class="bd-main"><div class="bd-content">'
        f'<div class="bd-article-container">{"".join(body)}</div></div></main></body></html>'
    )


def write(site: Path, pages: list[str], pdf: Path) -> None:
    """Print the pages into the file; exits with one line where there is no Chromium."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("A PDF needs Chromium: install it (Debian: apt install chromium) or set CHROMIUM=/path/to/it")
    with tempfile.TemporaryDirectory(dir=site) as folder:
        book = Path(folder, "book.html")
        book.write_text(document(site, pages), encoding="utf-8")
        flags = [
            "--headless",
            "--disable-gpu",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            f"--user-data-dir={folder}/p",
        ]
        printing = ["--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={pdf.resolve()}"]
        command = [chromium, *flags, *printing, book.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=900)


def main() -> None:
    """Print the whole book."""
    if not (SITE / "index.html").exists():
        sys.exit(f"There is no site in {SITE}; `make site` builds it.")
    toc = yaml.safe_load(Path("_toc.yml").read_text(encoding="utf-8"))
    write(SITE, list(pages_in_order(toc)), BOOK)
    print(f"{BOOK}  {BOOK.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
