"""The general index: each term with the chapters that use it, each name of the library with its module.

Sphinx numbers the places of an entry, [1], [2]. Here each place has a name: the chapter's title, or the module.
"""

from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.config import Config

from website.glossary import PAGE, in_order

TEMPLATES = Path(__file__).parent / "templates"


class Place(NamedTuple):
    """Where an entry of the index leads, and what the link says."""

    address: str
    says: str
    is_code: bool


def places(app: Sphinx) -> dict[str, list[Place]]:
    """Every entry of the index, with its places: the glossary first, then the book in its order."""
    found: dict[str, list[Place]] = {}
    kept = app.env.get_domain("index").entries
    for page in [PAGE, *(page for page in in_order(app.env, app.config.root_doc) if page != PAGE)]:
        for _, text, where, _, _ in kept.get(page, []):
            name, _, module = text.partition(" (")
            says = module.rstrip(")") or ("glossary" if page == PAGE else app.env.titles[page].astext())
            address = f"{app.builder.get_relative_uri('genindex', page)}#{where}"
            found.setdefault(text if where.startswith("term-") else name, []).append(Place(address, says, bool(module)))
    return found


def by_letter(app: Sphinx) -> dict[str, list[tuple[str, list[Place]]]]:
    """The entries in alphabetical order, under their first letters."""
    letters: dict[str, list[tuple[str, list[Place]]]] = {}
    for name, found in sorted(places(app).items(), key=lambda entry: (entry[0].lower(), entry[0])):
        letters.setdefault(name[0].upper(), []).append((name, found))
    return letters


def fill(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Hand the entries to the template of the page that shows them."""
    if page == "genindex":
        context["letters"] = by_letter(app)


def add_template(_app: Sphinx, config: Config) -> None:
    """Let this folder's template stand in for the theme's."""
    config.templates_path.append(str(TEMPLATES))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the index to its template."""
    app.connect("config-inited", add_template)
    app.connect("html-page-context", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
