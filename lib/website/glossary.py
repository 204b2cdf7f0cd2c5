"""The glossary: what its page says of each term, and the chapters that use it.

The page `book/glossary.md` is the only source. Its entries have other spellings as further lines above the definition.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

PAGE = "book/glossary"
FILE = Path(__file__).parents[2] / f"{PAGE}.md"
LISTING = re.compile(r"^```\{glossary\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"((?:^\S.*\n)+)((?:^ {2,}\S.*\n)+)", re.MULTILINE)
MARKUP = re.compile(r" See \[[^\]]*\]\([^)]*\)\.|[*`]")


class Entry(NamedTuple):
    """A term of the glossary, its other spellings, and its definition as plain text."""

    name: str
    spellings: tuple[str, ...]
    definition: str


@lru_cache(1)
def entries() -> list[Entry]:
    """The glossary's entries, read from its page."""
    listing = "\n".join(LISTING.findall(FILE.read_text(encoding="utf-8")))
    found = []
    for head, body in ENTRY.findall(listing):
        spellings = tuple(head.split("\n")[:-1])
        found.append(Entry(spellings[0], spellings, MARKUP.sub("", " ".join(body.split()))))
    return found


def inflections(term: str) -> set[str]:
    """The term and its plural, in small letters."""
    term = term.lower()
    if re.search(r"(s|x|sh|tch)$", term):
        return {term, term + "es"}
    if re.search(r"[^aeiou]y$", term):
        return {term, term[:-1] + "ies"}
    return {term, term + "s"}


@lru_cache(1)
def vocabulary() -> dict[str, Entry]:
    """Each form in which a term may be met."""
    return {form: entry for entry in entries() for spelling in entry.spellings for form in inflections(spelling)}


@lru_cache(1)
def pattern() -> re.Pattern[str]:
    """Any of the terms as whole words, the longest first; a line may break within one."""
    forms = sorted(vocabulary(), key=len, reverse=True)
    words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


def entry_of(term: str) -> Entry | None:
    """The entry that a heading of the glossary belongs to."""
    return vocabulary().get(term.lower())


def in_order(env: BuildEnvironment, docname: str) -> Iterable[str]:
    """The pages of the book in its own order, from the one given."""
    yield docname
    for child in env.toctree_includes.get(docname, []):
        yield from in_order(env, child)


def used_in(says: str, links: list[nodes.reference]) -> nodes.inline:
    """In The perceptron, Linear layers: the words, and the chapters as links."""
    said = nodes.inline("", "", nodes.Text(says), classes=["used-in"])
    for i, chapter in enumerate(links):
        said += [nodes.Text(", ")] * bool(i) + [chapter]
    return said


def name_chapters(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Under each definition: the chapters that use the term, in the book's order."""
    if docname != PAGE:
        return
    uses: dict[str, list[nodes.reference]] = {}
    for page in in_order(app.env, app.config.root_doc):
        for _, name, where, _, _ in app.env.get_domain("index").entries.get(page, []):  # type: ignore[attr-defined]
            if where.startswith("use-"):
                address = f"{app.builder.get_relative_uri(PAGE, page)}#{where}"
                title = app.env.titles[page].astext()
                uses.setdefault(name, []).append(nodes.reference("", title, internal=True, refuri=address))
    for item in doctree.findall(nodes.definition_list_item):
        entry = entry_of(item[0].astext())
        if entry and entry.name in uses:
            item[-1] += nodes.paragraph("", "", used_in("In ", uses[entry.name]))


def read_with_chapters(_app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
    """The glossary names the chapters, so it is written again whenever one of them is."""
    if docnames and PAGE not in docnames:
        docnames.append(PAGE)


def setup(app: Sphinx) -> dict[str, Any]:
    """Name the chapters when the glossary is written."""
    for cached in (entries, vocabulary, pattern):
        cached.cache_clear()
    app.connect("env-before-read-docs", read_with_chapters)
    app.connect("doctree-resolved", name_chapters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
