"""A chapter's own references are a plain list; the citations lead to the bibliography of the whole book.

A work may be cited by many chapters, but only one place in a Sphinx project can define it.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.directives import BibliographyDirective


class References(BibliographyDirective):
    def run(self) -> list[nodes.Node]:
        if "filter" in self.options:
            self.options.setdefault("list", "bullet")
        return super().run()


def setup(app: Sphinx) -> dict[str, Any]:
    """Replace the bibliography directive."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_directive("bibliography", References, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
