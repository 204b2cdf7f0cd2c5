"""Links to chapters say what waits there, and one that names a chapter by number names the right one.

In the notebooks they are plain links to files, which work in JupyterLab. A link whose text has a wrong number is a
warning, and with that the site does not build.
"""

import posixpath
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from website.chapters.book import Book

log = logging.getLogger(__name__)

NAMED = re.compile(r"\bchapter\s+(\d+)\b", re.IGNORECASE)


def describe_links(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Give each link to a chapter a tooltip, and check the number that its text has."""
    book: Book = app.env.shown.book  # type: ignore[attr-defined]
    here = posixpath.dirname(app.builder.get_target_uri(page))
    chapters = {app.builder.get_target_uri(name): chapter for name, chapter in book.chapters.items()}
    for link in doctree.findall(nodes.reference):
        if not link.get("internal") or not (path := link.get("refuri", "").split("#")[0]):
            continue
        chapter = chapters.get(posixpath.normpath(posixpath.join(here, path)))
        named = NAMED.search(link.astext())
        if named and (chapter is None or int(named[1]) != chapter.number):
            leads = f"chapter {chapter.number}" if chapter else "no chapter"
            log.warning("the link %r leads to %s", link.astext(), leads, location=link, type="chapters")
        if chapter:
            link["reftitle"] = f"Chapter {chapter.number}: {chapter.question}"


def setup(app: Sphinx) -> None:
    """Look at the links once they are resolved."""
    app.connect("doctree-resolved", describe_links)
