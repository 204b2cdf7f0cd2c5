"""The chapters' numbers in the sidebar, in the titles of pages, in previous and next, in what a search finds.

All of these are made from two tables of Sphinx's, so the numbers are put there, anew at each build.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from website.chapters.book import Book

CLASS = "chapter-number"


def number_titles(_app: Sphinx, env: BuildEnvironment) -> None:
    """Put each chapter's number before its title, and a part's before its opener's."""
    book: Book = env.shown.book  # type: ignore[attr-defined]
    for chapter in book.chapters.values():
        name_page(env, chapter.page, f"{chapter.number} · {chapter.title}")
        entry = next(iter(env.tocs[chapter.page].findall(nodes.reference)))
        entry[:] = [nodes.inline("", str(chapter.number), classes=[CLASS]), nodes.Text(f" {chapter.title}")]
    for page, part in book.openers.items():
        name_page(env, page, f"Part {part.numeral} · {part.name}")


def name_page(env: BuildEnvironment, page: str, name: str) -> None:
    """The name of a page wherever the page itself is not seen."""
    env.titles[page] = env.longtitles[page] = nodes.title("", name)


def setup(app: Sphinx) -> None:
    """Number the titles once the book is read."""
    app.connect("env-updated", number_titles, priority=410)
