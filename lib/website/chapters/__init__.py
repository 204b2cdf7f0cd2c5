"""Chapters know what they are: their number, their part, what they need, how long they take; and the site shows it.

Everything is computed from what is written anyway: the order in `_toc.yml`, and each notebook's cells. One sentence
is added to a notebook's metadata, the question that the chapter answers: `"chapter": {"question": "…"}`.
"""

from typing import Any

from sphinx.application import Sphinx

from website.chapters import build, chart, header, links, lists, numbers, times


def setup(app: Sphinx) -> dict[str, Any]:
    """Load what shows the chapters on the site."""
    for topic in (build, numbers, links, header, chart, lists, times):
        topic.setup(app)
    app.add_css_file("chapters.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
