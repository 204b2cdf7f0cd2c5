"""A small table, for results that are better read than plotted."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

NUMBER = re.compile(r"[-−]?[\d,./]+(e[-+]\d+)?(\s·\s10)?[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*\s?%?|-?inf|nan")


class Table:
    """Rows of a table: Markdown in a notebook and on the site, aligned text elsewhere. Made by `table`."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]]):
        self.header, self.rows = header, rows

    def _repr_markdown_(self) -> str:
        columns = zip(*self.rows, strict=True)
        lines = [self.header, ["---:" if _are_numbers(column) else ":---" for column in columns], *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    def __repr__(self) -> str:
        widths = [max(len(row[i]) for row in [self.header, *self.rows]) for i in range(len(self.header))]
        lines = [
            "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in [self.header, *self.rows]
        ]
        return "\n".join(lines)


def table(rows: Sequence[Mapping[str, Any]], digits: int = 3) -> Table:
    """Show a list of records: `table([{"seed": 0, "accuracy": 0.9812}, …])`.

    The keys of the first record head the columns; fractions are written with `digits` significant digits, without a
    power of ten where they are large but below a million; None as –.
    Raises ValueError where there is no row, a row has other keys, or a column has no name to be read aloud.
    """
    if not rows:
        raise ValueError("table takes at least one row")
    header = list(rows[0])
    if not all(header):
        raise ValueError(f"every column of a table needs a name, got {header}")
    for i, row in enumerate(rows):
        if list(row) != header:
            raise ValueError(f"row {i} of the table has columns {list(row)}, the first has {header}")
    return Table(header, [[_written(value, digits) for value in row.values()] for row in rows])


def power_of_ten(value: float) -> str:
    """A number to one digit as a sentence writes it, 3 · 10⁻⁹; no line end parts it."""
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}\u00a0·\u00a010" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _written(value: Any, digits: int) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool) or (hasattr(value, "dtype") and value.dtype.kind == "b"):
        return "yes" if value else "no"
    if isinstance(value, int) or (hasattr(value, "dtype") and value.dtype.kind in "iu"):
        return f"{value:,}"
    if isinstance(value, float) or (hasattr(value, "dtype") and value.dtype.kind == "f"):
        written = f"{float(value) + 0.0:.{digits}g}"  # + 0.0 turns −0 into 0
        return f"{float(written):,.0f}" if "e+0" in written and abs(value) < 1e6 else written
    return str(value)


def _are_numbers(column: Sequence[str]) -> bool:
    """True where every cell is a number, a percentage or missing, and not all are missing."""
    return any(map(NUMBER.fullmatch, column)) and all(cell == "–" or NUMBER.fullmatch(cell) for cell in column)
