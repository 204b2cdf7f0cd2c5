"""The box at a chapter's foot that says how to cite it: in words, and as BibTeX with the page's copy button.

Its data are CITATION.cff's and the page's own; its date is the release's, so a build changes nothing in it.
"""

import html
import re
from typing import Any

SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"})


def in_words(title: str, book: dict[str, Any], address: str) -> str:
    """The chapter as a list of references names it, as HTML."""
    authors = ", ".join(author["name"] for author in book["authors"])
    said = f"{html.escape(authors)} ({book['date-released'].year}). “{html.escape(title)}”. In "
    said += f"<cite>{html.escape(book['title'])}</cite>, version {html.escape(book['version'])}."
    return said + (f" {html.escape(address)}" if address else "")


def bibtex(page: str, title: str, book: dict[str, Any], address: str) -> str:
    """The chapter as a BibTeX entry."""
    fields = {
        "author": " and ".join(f"{{{author['name'].translate(SPECIAL)}}}" for author in book["authors"]),
        "title": f"{{{title.translate(SPECIAL)}}}",
        "booktitle": f"{{{book['title'].translate(SPECIAL)}}}",
        "year": str(book["date-released"].year),
        "note": f"Version {book['version']}",
    }
    if address:
        fields["url"] = address
    key = "chainrule-" + re.sub(r"[^a-z0-9]+", "-", page.rsplit("/", 1)[-1].lower())
    lines = "".join(f"  {name:<9} = {{{value}}},\n" for name, value in fields.items())
    return f"@incollection{{{key},\n{lines}}}"


def cite_box(page: str, title: str, book: dict[str, Any], address: str) -> str:
    """The closed box, as HTML. `div.highlight` is what the copy buttons look for."""
    entry = html.escape(bibtex(page, title, book, address))
    return (
        '<details class="cite-page d-print-none"><summary>Cite this chapter</summary>'
        f"<p>{in_words(title, book, address)}</p>"
        f'<div class="highlight-bibtex notranslate"><div class="highlight"><pre>{entry}</pre></div></div></details>'
    )
