"""The book's own search: an index of its sections, made with the site, that the search page loads as a script.

Each page leaves its sections beside the doctrees when it is written; the index joins those of all pages, so a build
that writes one page loses nothing of the others. It is a script because a page opened from a file may fetch nothing.
"""

import builtins
import json
import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from website.label import label
from website.maths import render

INDEX = "search-index.js"
LIBRARY, REFERENCES = "book/reference/", "references"
NAME = re.compile(r"(?<=\.)[A-Za-z_]\w{2,}|\b[A-Za-z_]\w{2,}(?=\()")  # what is called, or looked up in something
UNNAMED = re.compile(r'"""(?:.|\n)*?"""|"[^"\n]*"|#[^\n]*')  # strings and comments
MATHML = re.compile(r"<math.*?<annotation", re.DOTALL)
UNSEEN = re.compile("<[^>]*>?|\u2061")  # tags, and the mark that a function is applied
OWN_ENTRIES = (nodes.section, addnodes.glossary)
UNREAD = (nodes.math_block, nodes.raw, nodes.comment, nodes.system_message)


class Entry(NamedTuple):
    """What a search finds: a section, a definition of the glossary, or something that the library offers."""

    anchor: str
    heading: str
    text: str
    names: str  # what the code calls or looks up, each once
    kind: str  # "", "glossary" or "library"


def entries(doctree: nodes.document, page: str) -> Iterator[Entry]:
    """The page's sections in their order, each with the text that stands in no section below it.

    Works are found on the page of them all, and not once more at the end of every chapter.
    """
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        is_page = isinstance(section.parent, nodes.document)
        kind = "library" if page.startswith(LIBRARY) else ""
        works = section.findall(nodes.bullet_list) if REFERENCES in section["ids"] else ()
        text, names = read(section, skip=(title, *works))
        yield Entry("" if is_page else section["ids"][0], words([title.astext()]), text, names, kind)
    for item in doctree.findall(nodes.definition_list_item):
        if isinstance(item.parent.parent, addnodes.glossary):
            yield definition(item)


def definition(item: nodes.definition_list_item) -> Entry:
    """An entry of the glossary, under the names that it goes by."""
    terms = [child for child in item if isinstance(child, nodes.term)]
    text, names = read(item.next_node(nodes.definition))
    heading = ", ".join(words([term.astext()]) for term in terms)
    return Entry(terms[0]["ids"][0], heading, text, names, "glossary")


def read(entry: nodes.Element, skip: tuple[nodes.Node, ...] = ()) -> tuple[str, str]:
    """The entry's text, and the names that its code uses; what entries of their own hold is left to them."""
    pieces: list[str] = []
    names: dict[str, None] = {}

    def walk(node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            pieces.append(str(node))
        elif isinstance(node, nodes.math):
            pieces.append(formula(node.astext()))
        elif isinstance(node, nodes.literal_block):
            names.update(dict.fromkeys(NAME.findall(UNNAMED.sub(" ", node.astext()))))
        elif not (isinstance(node, (*OWN_ENTRIES, *UNREAD)) or is_output(node) or any(node is s for s in skip)):
            for child in node.children:
                walk(child)
            if not isinstance(node, nodes.Inline):
                pieces.append(" ")

    for child in entry.children:
        walk(child)
    return words(pieces), " ".join(
        name for name in names if not keyword.iskeyword(name) and not hasattr(builtins, name)
    )


def is_output(node: nodes.Node) -> bool:
    """Whether this is what a code cell printed: numbers that nobody looks for."""
    return isinstance(node, nodes.Element) and "cell_output" in node.get("classes", ())


def formula(tex: str) -> str:
    """The formula's characters, as its MathML has them: `\\alpha x` is αx."""
    found = MATHML.search(render(tex.strip(), False))
    return UNSEEN.sub("", found[0]) if found else ""


def words(pieces: list[str]) -> str:
    """The pieces as one line."""
    return " ".join("".join(pieces).split())


def keep(app: Sphinx, page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Leave the page's entries beside its doctree."""
    if doctree is not None:
        kept = shelf(app, page)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(list(entries(doctree, page)), ensure_ascii=False), encoding="utf-8")


def shelf(app: Sphinx, page: str) -> Path:
    """Where the page's entries are kept between builds."""
    return Path(app.doctreedir, f"{page}.search.json")


def join(app: Sphinx, error: Exception | None) -> None:
    """Write the index of all pages: pages by number, so that an entry names its page in a digit or two."""
    if error or app.builder.format != "html":
        return
    pages = sorted(page for page in app.env.found_docs if shelf(app, page).exists())
    found = [
        [number, *entry]
        for number, page in enumerate(pages)
        for entry in json.loads(shelf(app, page).read_text(encoding="utf-8"))
    ]
    addresses = [[app.builder.get_target_uri(page), label(app.env, page)] for page in pages]
    index = json.dumps({"pages": addresses, "entries": found}, ensure_ascii=False, separators=(",", ":"))
    Path(app.outdir, INDEX).write_text(f"window.bookIndex={index};\n", encoding="utf-8")


def replace_sphinx_search(app: Sphinx) -> None:
    """Sphinx makes neither its own index nor its own page of results."""
    app.builder.search = False


def search_page(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page of results."""
    yield "search", {"title": "Search"}, "search.html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the index, and the page that asks it."""
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", keep)
    app.connect("build-finished", join)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
