"""A chapter's own references are a plain list; the citations lead to the bibliography of the whole book, and back.

A work may be cited by many chapters, but only one place in a Sphinx project can define it.
"""

from typing import Any, ClassVar

from docutils import nodes
from pybtex.plugin import register_plugin
from pybtex.style import FormattedEntry
from pybtex.style.formatting.alpha import Style as Alpha
from pybtex.style.labels.alpha import LabelStyle
from pybtex.style.names.plain import NameStyle
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinxcontrib.bibtex.directives import BibliographyDirective

from website.glossary import in_order, used_in

PAGE = "book/bibliography"


class Style(Alpha):
    """The alphabetic style, which formats a work once, however many chapters cite it, and knows its own parts."""

    default_label_style, default_name_style, default_sorting_style = LabelStyle, NameStyle, SortingStyle
    formatted: ClassVar[dict[str, FormattedEntry]] = {}

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> FormattedEntry:
        key = f"{label} {entry!r}"
        if key not in self.formatted:
            self.formatted[key] = super().format_entry(label, entry, bib_data)
        return self.formatted[key]


class References(BibliographyDirective):
    def run(self) -> list[nodes.Node]:
        if "filter" in self.options:
            self.options.setdefault("list", "bullet")
        return super().run()


def name_chapters(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """After each work: the chapters that cite it, each link to the place in the text."""
    if docname != PAGE:
        return
    domain: Any = app.env.get_domain("cite")
    keys = {made.citation_id: made.key for made in domain.citations if made.bibliography_key.docname == PAGE}
    for citation in doctree.findall(nodes.citation):
        places: dict[str, str] = {}  # page → its first citation of the work
        for cited in domain.citation_refs:
            if keys.get(citation["ids"][0]) in [target.key for target in cited.targets]:
                places.setdefault(cited.docname, cited.citation_ref_id)
        links = [
            nodes.reference(
                "",
                app.env.titles[page].astext(),
                internal=True,
                refuri=f"{app.builder.get_relative_uri(PAGE, page)}#{places[page]}",
            )
            for page in in_order(app.env, app.config.root_doc)
            if page in places
        ]
        if links:
            citation[-1] += used_in(" Cited in ", links)


def read_with_chapters(_app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
    """The bibliography names the chapters, so it is written again whenever one of them is."""
    if docnames and PAGE not in docnames:
        docnames.append(PAGE)


def setup(app: Sphinx) -> dict[str, Any]:
    """Replace the bibliography directive and offer its style."""
    register_plugin("pybtex.style.formatting", "book", Style, force=True)
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_directive("bibliography", References, override=True)
    app.connect("env-before-read-docs", read_with_chapters)
    app.connect("doctree-resolved", name_chapters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
