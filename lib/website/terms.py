"""The first use of a term in a chapter leads to the glossary, and the general index leads to that first use.

Chapters stay plain Markdown: their running text is searched for the terms of `book/glossary.md`. Headings, links, code,
formulas, tables and outputs are left alone. In the glossary itself each definition links the terms that it uses.
"""

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

from website.glossary import FILE, PAGE, Entry, entry_of, pattern, vocabulary

CHAPTER = re.compile(r"book/(?!reference/)[^/]+/(?!index$)[^/]+")
QUIET = (
    *(nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw),
    *(nodes.caption, nodes.table, nodes.footnote, nodes.term, nodes.comment, nodes.rubric, addnodes.pending_xref),
)


class Term(nodes.inline):
    """The words in a chapter that lead to the glossary; they carry the definition for a hint."""


class LinkTerms(SphinxTransform):
    """Link the first use of each term: once in a chapter, and once in each definition of the glossary."""

    default_priority = 800  # before Sphinx collects the entries of its index

    def apply(self, **_: Any) -> None:
        docname = self.env.docname
        if docname == PAGE:
            for item in self.document.findall(nodes.definition_list_item):
                own = entry_of(item[0].astext())
                link_first_uses(item, {own} if own else set(), docname, indexed=False)
        elif CHAPTER.fullmatch(docname):
            for source in (FILE, __file__):
                self.env.note_dependency(str(source))
            link_first_uses(self.document, set(), docname, indexed=True)


def link_first_uses(tree: nodes.Element, done: set[Entry], docname: str, indexed: bool) -> None:
    """Turn the first use of each term that is not done into a link."""
    for text in [text for text in tree.findall(nodes.Text) if not _is_quiet(text)]:
        made: list[nodes.Node] = []
        rest = 0
        for match in pattern().finditer(text):
            entry = vocabulary()[" ".join(match[0].lower().split())]
            if entry not in done:
                done.add(entry)
                made += [nodes.Text(text[rest : match.start()]), *link(entry, match[0], docname, indexed)]
                rest = match.end()
        if made:
            text.parent.replace(text, [*made, nodes.Text(text[rest:])])


def _is_quiet(node: nodes.Node) -> bool:
    while node := node.parent:
        if isinstance(node, QUIET) or {"cell", "dropdown"} & set(node.get("classes", [])):
            return True
    return False


def link(entry: Entry, words: str, docname: str, indexed: bool) -> Iterator[nodes.Node]:
    """The words as a link to the entry, and their place for the index."""
    where = f"use-{nodes.make_id(entry.name)}"
    term = Term(words, words, classes=["term"], definition=entry.definition, ids=[where] if indexed else [])
    if indexed:
        yield addnodes.index(entries=[("single", entry.name, where, "", None)])
    options = {"reftype": "term", "refdomain": "std", "refexplicit": False, "refwarn": True, "refdoc": docname}
    yield addnodes.pending_xref("", term, reftarget=entry.name, **options)


def visit_term(translator: HTML5Translator, node: Term) -> None:
    """Write the words with their definition beside them."""
    translator.body.append(translator.starttag(node, "span", "", **{"data-tip": node["definition"]}))


def depart_term(translator: HTML5Translator, _node: Term) -> None:
    """Close what `visit_term` opened."""
    translator.body.append("</span>")


def setup(app: Sphinx) -> dict[str, Any]:
    """Link terms while pages are read."""
    app.add_node(Term, html=(visit_term, depart_term))
    app.add_transform(LinkTerms)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
