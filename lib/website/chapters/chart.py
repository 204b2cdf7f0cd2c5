"""The map of the chapters: a picture of what builds on what, each chapter in it a link.

On the page that opens a part it is the map of that part, elsewhere that of the book. The picture is drawn twice, for a
wide and for a narrow column of text, and the style shows the one that fits.
"""

from html import escape
from textwrap import wrap
from typing import Any

from sphinx.application import Sphinx

from website.chapters.book import Part
from website.chapters.chapter import Chapter
from website.chapters.layout import HEAD, HEIGHT, Layout, Size, before, layout
from website.chapters.pages import Shown, address, parts_for, shows

WIDE, NARROW = Size(columns=3, box=190, gutter=30), Size(columns=2, box=152, gutter=16)


def chapter_map(app: Sphinx, page: str, shown: Shown) -> str:
    """The picture in its two widths."""
    parts = parts_for(page, shown)
    label = f"The chapters of part {parts[0].numeral}" if len(parts) == 1 else "The chapters of the book"
    pictures = [picture(app, page, layout(parts, size), label) for size in (WIDE, NARROW)]
    return f'<div class="chapter-map">{"".join(pictures)}</div>'


def picture(app: Sphinx, page: str, plan: Layout, label: str) -> str:
    """The map as an SVG: a group of links, each named by what is seen in it; a chapter to come is only a box."""
    numbers = {c.page: c.number for part, _ in plan.bands for c in part.chapters}
    arrows = "".join(
        f'<path d="{plan.path(a, b)}" data-from="{numbers[a]}" data-to="{numbers[b]}"/>' for a, b in plan.edges
    )
    grounds = "".join(ground(plan, rows) for _, rows in plan.bands)
    names = "".join(part_name(app, page, plan, part, rows) for part, rows in plan.bands)
    known = {c.page: set(c.needs) & set(numbers) for part, _ in plan.bands for c in part.chapters}
    reach = {to: sorted(numbers[need] for need in needed) for to, needed in before(known).items()}
    boxes = "".join(box(app, page, plan, c, reach[c.page]) for part, _ in plan.bands for c in part.chapters)
    return (
        f'<svg role="group" aria-label="{escape(label)}" viewBox="0 0 {plan.width} {plan.height}" width="{plan.width}" '
        f'height="{plan.height}">{grounds}<g class="arrows" aria-hidden="true">{arrows}</g>{names}{boxes}</svg>'
    )


def ground(plan: Layout, rows: range) -> str:
    """The ground on which a part's chapters stand."""
    top, bottom = plan.top(rows.start) - HEAD, plan.top(rows.stop - 1) + HEIGHT + 14
    return f'<rect class="band" x="1" y="{top}" width="{plan.width - 2}" height="{bottom - top}" rx="8"/>'


def part_name(app: Sphinx, page: str, plan: Layout, part: Part, rows: range) -> str:
    """The name of a part: a link to the page that opens it, if there is one and it is not this page."""
    top = plan.top(rows.start) - HEAD
    name = f"Part {part.numeral} · {part.name}"
    text = f'<text class="part" x="14" y="{top + 26}">{escape(name)}</text>'
    if part.opener in ("", page):
        return text
    target = f'<rect class="target" x="6" y="{top + 7}" width="{20 + 8 * len(name)}" height="28" rx="5"/>'
    return f'<a href="{address(app, page, part.opener)}">{target}{text}</a>'


def box(app: Sphinx, page: str, plan: Layout, chapter: Chapter, reach: list[int]) -> str:
    """A chapter with its number and title, a link once it is written; `data-needs` has all that come before it."""
    row, column = plan.cells[chapter.page]
    x, y = plan.left(column), plan.top(row)
    lines = wrap(chapter.title, int((plan.size.box - 40) / 7.4), break_long_words=False)
    middle = y + HEIGHT / 2 + 4.5  # of a line of capitals
    first = middle - 8 * (len(lines) - 1)
    words = " ".join(f'<tspan x="{x + 34}" y="{first + 16 * i}">{escape(line)}</tspan>' for i, line in enumerate(lines))
    seen = (
        f'<rect x="{x}" y="{y}" width="{plan.size.box}" height="{HEIGHT}" rx="6"/>'
        f'<text><tspan class="number" x="{x + 26}" y="{middle}">{chapter.number}</tspan> {words}</text>'
    )
    facts = f'data-number="{chapter.number}" data-needs="{" ".join(map(str, reach))}"'
    if not chapter.effort:
        return f'<g class="chapter planned" {facts}>{seen}</g>'
    return f'<a class="chapter" href="{address(app, page, chapter.page)}" {facts}>{seen}</a>'


def add_script(app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Load, on a page with a map, the script that lights up what a chapter needs."""
    if '<div class="chapter-map">' in context.get("body", ""):
        app.add_js_file("chapters.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Offer the map as a directive."""
    shows(app, "chapter-map", chapter_map)
    app.connect("html-page-context", add_script)
