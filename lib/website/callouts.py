"""Boxes from plain Markdown: what a notebook shows as a quotation or a section, the website shows as what it is.

A quotation that opens with one of five words in bold (`> **Claim: half-moons.** …`) is a callout of that kind; an aside
stands in the margin where there is one. A section that states its difficulty, `**(easy, 3 min)**`, is an exercise.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

KINDS = ("Claim", "Derivation", "Pitfall", "Aside", "Try")
LEAD = re.compile(rf"({'|'.join(KINDS)})(?:: (.+?))?\.?")
DIFFICULTY = re.compile(r"\((easy|medium|hard), (\d+) min\)")


def lead(node: nodes.Element) -> nodes.strong | None:
    """The bold words with which the first paragraph of a node opens."""
    first = next((child for child in node.children if isinstance(child, nodes.paragraph)), None)
    words = (child for child in first.children if child.astext()) if first is not None else iter(())
    opening = next(words, None)
    return opening if isinstance(opening, nodes.strong) else None


def mark_callouts(_app: Sphinx, doctree: nodes.document) -> None:
    """Turn the quotations that open with one of the five words into boxes of that kind."""
    for quote in list(doctree.findall(nodes.block_quote)):
        opening = lead(quote)
        found = LEAD.fullmatch(opening.astext()) if opening is not None else None
        if found is None:
            continue
        kind, title = found[1], found[2]
        box = nodes.container("", classes=["callout", kind.lower(), *(["margin"] if kind == "Aside" else [])])
        box += nodes.paragraph("", "", nodes.strong("", kind), classes=["callout-title"])
        if title:
            box[0] += [nodes.Text(" "), nodes.inline("", "", *after_colon(opening))]
        body = opening.parent
        del body[: body.index(opening) + 1]
        if body.children and isinstance(body[0], nodes.Text):
            body[0] = nodes.Text(body[0].lstrip())
        box += quote.children
        quote.replace_self(box)


def after_colon(opening: nodes.strong) -> list[nodes.Node]:
    """The title of a callout: what follows the kind, formulas included, without the final stop."""
    parts = [part.deepcopy() for part in opening.children]
    parts[0] = nodes.Text(parts[0].split(": ", 1)[1])
    if isinstance(parts[-1], nodes.Text):
        parts[-1] = nodes.Text(parts[-1].removesuffix("."))
    return parts


def mark_exercises(_app: Sphinx, doctree: nodes.document) -> None:
    """Turn the sections that state their difficulty into cards, and the statement into two badges."""
    for section in doctree.findall(nodes.section):
        opening = lead(section)
        found = DIFFICULTY.fullmatch(opening.astext()) if opening is not None else None
        if found is None:
            continue
        section["classes"].append("exercise")
        badges = nodes.inline("", "", classes=["badges"])
        badges += nodes.inline("", found[1], classes=["difficulty", found[1]])
        badges += [nodes.Text(" "), nodes.inline("", f"{found[2]} min", classes=["minutes"]), nodes.Text(" ")]
        opening.replace_self(badges)


def setup(app: Sphinx) -> dict[str, Any]:
    """Mark callouts and exercises in every page."""
    app.connect("doctree-read", mark_callouts)
    app.connect("doctree-read", mark_exercises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
