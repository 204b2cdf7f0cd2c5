"""The symbols of the book, from one file: `book/notation.yml` makes the page of notation and the hints over formulas.

    ```{notation} Layers
    ```

shows the symbols of one topic. A letter may mean different things in different chapters: an entry with `in` holds on
those pages only, and there it goes before the others.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from website.maths import render
from website.symbols import Lookup, Symbol, names

FILE = Path(__file__).parents[2] / "book" / "notation.yml"
COLUMNS = {"tex": "symbol", "shape": "shape", "meaning": "meaning", "code": "in code"}


@lru_cache(1)
def topics() -> dict[str, list[dict[str, str]]]:
    """The entries of each topic."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@lru_cache(None)
def name(tex: str) -> str:
    """The name under which a formula's symbols are looked up, read off the symbol itself.

    Raises ValueError where the symbol holds no letter.
    """
    found = names(render(tex, True))
    if not found:
        raise ValueError(
            f"the symbol {tex!r} of notation.yml holds no letter; give its entry a `name` to look it up by"
        )
    return found[-1][1]


@lru_cache(None)
def symbols(docname: str) -> dict[str, Symbol]:
    """What each symbol means on a page."""
    known: dict[str, Symbol] = {}
    common = ("Layers", "Gradients") if docname.startswith("book/reference/") else tuple(topics())
    entries = [entry for topic, group in topics().items() for entry in group if "in" in entry or topic in common]
    for entry in sorted(entries, key=lambda e: len(e.get("in", ""))):  # a page of its own goes before all others
        if docname.startswith(f"book/{entry.get('in', '')}"):
            key = entry.get("name") or name(entry["tex"])
            known[key] = Symbol(entry.get("shape", ""), entry["meaning"])
    return known


def on_page(docname: str, shapes: dict[str, str] | None = None) -> Lookup:
    """How to look a symbol up on a page. Where shapes are stated, as by a docstring, those hold, and only those."""
    known = symbols(docname)
    if shapes is None:
        return known.get

    def stated(key: str) -> Symbol | None:
        meaning = known[key].meaning if key in known else ""
        return Symbol(shapes[key], meaning) if key in shapes else None

    return stated


class Notation(SphinxDirective):
    """The table of one topic."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(FILE))
        entries = topics()[self.arguments[0]]
        columns = [column for column in COLUMNS if any(column in entry for entry in entries)]
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in columns), cols=len(columns))
        group += nodes.thead("", nodes.row("", *(_cell(nodes.Text(COLUMNS[column]), column) for column in columns)))
        group += nodes.tbody("", *(_row(entry, columns) for entry in entries))
        return [nodes.table("", group, classes=["notation"])]


def _row(entry: dict[str, str], columns: list[str]) -> nodes.row:
    row = nodes.row()
    for column in columns:
        text = entry.get(column, "")
        as_code = column == "code" or (column == "shape" and text.startswith("("))
        kind = nodes.math if column == "tex" else nodes.literal
        row += _cell(kind(text, text) if text and (column == "tex" or as_code) else nodes.Text(text), column)
    return row


def _cell(content: nodes.Node, column: str) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", content), classes=[f"is-{column}"])


def choose(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Tell each formula what its symbols mean: those set off, those of a contract's table, and those of a docstring."""
    for formula in doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block)):
        if "shapes" in formula or isinstance(formula, nodes.math_block) or _is_checked(formula):
            formula["lookup"] = on_page(docname, formula.get("shapes"))


def _is_checked(node: nodes.Element) -> bool:
    """Whether this stands in the table that `check` shows, whose first column is the quantity."""
    while node := node.parent:
        if isinstance(node, nodes.table):
            return next(node.findall(nodes.entry)).astext() == "quantity"
    return False


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the tables, and look symbols up when a page is written."""
    topics.cache_clear()
    symbols.cache_clear()
    app.add_directive("notation", Notation)
    app.connect("doctree-resolved", choose)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
