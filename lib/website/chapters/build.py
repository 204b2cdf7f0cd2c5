"""What the build knows of the chapters, and which pages are written anew when that changes.

`env.shown` is read from the files and the cache whenever the site is built, so it cannot be stale. Every page shows
numbers, titles and questions (in the sidebar, in links); the chapters and the pages with a directive of ours show the
rest.
"""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from website.chapters.book import Book, read_book
from website.chapters.pages import DEPENDS, Shown
from website.chapters.times import took


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the book; the pages to write because of what has changed in it."""
    before: Shown | None = getattr(env, "shown", None)
    try:
        book = read_book(Path(app.srcdir))
    except ValueError as error:
        raise ExtensionError(str(error)) from error
    now = Shown(book, took(app, env))
    env.shown = now  # type: ignore[attr-defined]
    if before is None or names(before.book) != names(book):
        return sorted(env.found_docs)
    if before != now:
        return [page for page in env.found_docs if page in book.chapters or DEPENDS in env.metadata[page]]
    return []


def names(book: Book) -> list[tuple[Any, ...]]:
    """What every page shows of the book."""
    return [(p.numeral, p.name, p.opener, [(c.page, c.title, c.question) for c in p.chapters]) for p in book.parts]


def setup(app: Sphinx) -> None:
    """Read the book once the notebooks have run, before any page is written."""
    app.connect("env-updated", update, priority=400)
