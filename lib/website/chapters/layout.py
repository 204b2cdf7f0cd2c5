"""Where the boxes and arrows of the map of chapters go: parts as bands from top to bottom, in each band rows.

A chapter stands below all that it needs, so every arrow goes down. Boxes keep to columns; an arrow that passes rows
runs down a column that is free there or down the gutter between two, so none crosses a box. Arrows that follow from
others are left out: who needs a chapter needs what that one needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from website.chapters.book import Part
from website.chapters.chapter import Chapter

HEIGHT, GAP, HEAD = 48, 34, 44  # of a box, between rows, and above a part's first row for its name
TIP = "m-5 -6l5 6l5 -6"  # of an arrow
ALONE = 280  # the width of boxes that stand in a single column


class Size(NamedTuple):
    """How many columns there may be, how wide a box is, and the gutter between boxes."""

    columns: int
    box: int
    gutter: int


@dataclass(frozen=True)
class Layout:
    """Each chapter's row and column, each part's rows, and the sizes they make."""

    cells: dict[str, tuple[int, int]]
    bands: list[tuple[Part, range]]
    edges: list[tuple[str, str]]
    size: Size

    @property
    def width(self) -> int:
        """The width of the map."""
        return self.left(self.size.columns)

    @property
    def height(self) -> int:
        """The height of the map."""
        return self.top(self.bands[-1][1].stop - 1) + HEIGHT + GAP // 2

    def top(self, row: int) -> int:
        """The upper edge of the boxes in a row."""
        return row * (HEIGHT + GAP) + HEAD * sum(rows.start <= row for _, rows in self.bands)

    def left(self, column: int) -> int:
        """The left edge of the boxes in a column."""
        return self.size.gutter + column * (self.size.box + self.size.gutter)

    def centre(self, column: int) -> int:
        """The middle of the boxes in a column."""
        return self.left(column) + self.size.box // 2

    def path(self, start: str, end: str) -> str:
        """The arrow from one chapter to one that needs it, as the `d` of an SVG path."""
        (row, column), (last, target) = self.cells[start], self.cells[end]
        x, y = self.centre(column), self.top(row) + HEIGHT
        x_end, y_end = self.centre(target), self.top(last)
        if last == row + 1:
            return f"M{x} {y}{curve(x, y, x_end, y_end)}{TIP}"
        lane = self.lane(range(row + 1, last), x, x_end)
        y_in, y_out = self.top(row + 1) - 4, self.top(last - 1) + HEIGHT + 4
        return f"M{x} {y}{curve(x, y, lane, y_in)}V{y_out}{curve(lane, y_out, x_end, y_end)}{TIP}"

    def lane(self, rows: range, x: int, x_end: int) -> int:
        """Where an arrow can run down past the rows, with the shortest way aside."""
        taken = {column for row, column in self.cells.values() if row in rows}
        free = [self.centre(column) for column in range(self.size.columns) if column not in taken]
        gutters = [self.left(column) - self.size.gutter // 2 for column in range(self.size.columns + 1)]
        return min(free + gutters, key=lambda lane: abs(lane - x) + abs(lane - x_end))


def curve(x: int, y: int, x_end: int, y_end: int) -> str:
    """A smooth way down, which leaves and arrives upright."""
    middle = (y + y_end) // 2
    return f"C{x} {middle} {x_end} {middle} {x_end} {y_end}"


def layout(parts: Sequence[Part], size: Size) -> Layout:
    """Lay the chapters of the parts out."""
    parts = [part for part in parts if part.chapters]
    needs = {c.page: set(c.needs) for part in parts for c in part.chapters}
    needs = {page: {need for need in needed if need in needs} for page, needed in needs.items()}
    rows: dict[str, int] = {}
    bands = []
    for part in parts:
        start = max(rows.values(), default=-1) + 1
        put_in_rows(part.chapters, needs, rows, start, size.columns)
        bands.append((part, range(start, max(rows.values()) + 1)))
    used = [[page for page, at in rows.items() if at == row] for row in range(bands[-1][1].stop)]
    columns = max(len(row) for row in used)
    size = Size(columns, size.box if columns > 1 else ALONE, size.gutter)
    cells = put_in_columns(used, needs, columns)
    return Layout(cells, bands, direct(needs), size)


def put_in_rows(
    chapters: Sequence[Chapter], needs: dict[str, set[str]], rows: dict[str, int], start: int, columns: int
) -> None:
    """Give each chapter the first row with room below all that it needs."""
    for chapter in chapters:
        row = max([start, *(rows[need] + 1 for need in needs[chapter.page])])
        while sum(at == row for at in rows.values()) == columns:
            row += 1
        rows[chapter.page] = row


def put_in_columns(used: list[list[str]], needs: dict[str, set[str]], columns: int) -> dict[str, tuple[int, int]]:
    """Give the chapters of each row columns near those of what they need."""
    cells: dict[str, tuple[int, int]] = {}
    middle = (columns - 1) / 2
    for row, pages in enumerate(used):
        above = {page: [cells[need][1] for need in needs[page]] or [middle] for page in pages}
        wish = {page: sum(above[page]) / len(above[page]) for page in pages}
        pages = sorted(pages, key=lambda page: wish[page])
        places = min(
            combinations(range(columns), len(pages)),
            key=lambda places: sum(abs(place - wish[page]) for place, page in zip(places, pages)),
        )
        cells.update({page: (row, place) for page, place in zip(pages, places)})
    return cells


def before(needs: dict[str, set[str]]) -> dict[str, set[str]]:
    """All that each page builds on, at first or second hand; pages come after what they need."""
    reach: dict[str, set[str]] = {}
    for page, needed in needs.items():
        reach[page] = needed.union(*(reach[need] for need in needed))
    return reach


def direct(needs: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The needs that do not follow from others, as pairs (needed, page)."""
    reach = before(needs)
    return [
        (need, page)
        for page, needed in needs.items()
        for need in sorted(needed)
        if not any(need in reach[other] for other in needed)
    ]
