"""What the parts of the site that show chapters share: a place on a page for what is known only at the end."""

from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from website.chapters.book import Book, Part
from website.chapters.chapter import Chapter

DEPENDS = "shows-chapters"  # in the metadata of a page with a directive of ours; Sphinx keeps that up to date


class Took(NamedTuple):
    """The seconds that a page took by the clock, and of a processor where that was measured."""

    seconds: float
    cpu: float | None


class Shown(NamedTuple):
    """What pages show: the book, and how long each of its pages took to run. Kept as `env.shown`."""

    book: Book
    times: dict[str, Took]


class Place(nodes.General, nodes.Element):
    """Where the answer of the function `make` comes to stand, once all pages are read."""


Make = Callable[[Sphinx, str, Shown], str]


def shows(app: Sphinx, name: str, make: Make) -> None:
    """Offer a directive without content, in whose place stands the HTML that `make(app, page, shown)` returns."""

    class Shows(SphinxDirective):
        def run(self) -> list[nodes.Node]:
            self.env.metadata[self.env.docname][DEPENDS] = True
            return [Place(name=name)]

    def fill(app: Sphinx, doctree: nodes.document, page: str) -> None:
        for place in [p for p in doctree.findall(Place) if p["name"] == name]:
            html = make(app, page, app.env.shown)  # type: ignore[attr-defined]
            place.replace_self(nodes.raw("", html, format="html"))

    app.add_directive(name, Shows)
    app.connect("doctree-resolved", fill)


def parts_for(page: str, shown: Shown) -> list[Part]:
    """The part that the page opens, or all."""
    opened = shown.book.openers.get(page)
    return [opened] if opened else [part for part in shown.book.parts if part.chapters]


def anchor(app: Sphinx, page: str, target: str, text: str, **attributes: Any) -> str:
    """A link from the page to the target, a page too, with the text."""
    extra = "".join(f' {name.rstrip("_")}="{escape(str(value))}"' for name, value in attributes.items())
    return f'<a href="{address(app, page, target)}"{extra}>{escape(text)}</a>'


def address(app: Sphinx, page: str, target: str) -> str:
    """Where the target is, seen from the page."""
    return escape(app.builder.get_relative_uri(page, target))


def chapter_link(app: Sphinx, page: str, chapter: Chapter) -> str:
    """A chapter by its number and title, with its question as a tooltip: a link once it is written."""
    name = f"{chapter.number}\N{NO-BREAK SPACE}{chapter.title}"
    if not chapter.effort:
        return f'<span title="{escape(chapter.question)}">{escape(name)}</span>'
    return anchor(app, page, chapter.page, name, title=chapter.question)
