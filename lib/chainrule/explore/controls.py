"""Controls: the settings of an explorer and the values that each may take.

A control holds a short list of values, because the website computes one picture for every combination when it is
built. A free control takes anything in a live kernel; its examples are the values that the site shows.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.explore.free import Drawing, Free, Number
from chainrule.explore.words import with_minus

Value = bool | int | float | str
Settings = dict[str, Value]


def log_range(lo: float, hi: float, n: int) -> list[float]:
    """n values from lo to hi, evenly spaced in the logarithm and rounded to two significant digits,
    so that what a label says is what the computation gets.

    Raises  ValueError unless 0 < lo < hi and n ≥ 2, and where n values are too many to differ in two digits.
    """
    if not 0 < lo < hi < math.inf or n < 2:
        raise ValueError(f"log_range takes 0 < lo < hi and n ≥ 2, got lo={lo}, hi={hi}, n={n}")
    values = [float(f"{v:.2g}") for v in np.geomspace(lo, hi, n)]
    if len(set(values)) < n:
        raise ValueError(f"log_range({lo}, {hi}, {n}) repeats values when rounded to two digits; ask for fewer")
    return values


def linear_range(lo: float, hi: float, n: int) -> list[float]:
    """n evenly spaced values from lo to hi, without rounding noise (0.3, never 0.30000000000000004).

    Raises  ValueError unless lo < hi and n ≥ 2.
    """
    if not -math.inf < lo < hi < math.inf or n < 2:
        raise ValueError(f"linear_range takes lo < hi and n ≥ 2, got lo={lo}, hi={hi}, n={n}")
    return [float(f"{v:.6g}") for v in np.linspace(lo, hi, n).round(12) + 0.0]


def written(value: Value) -> str:
    """The value as a person writes it: 0.001, 1e-6, 250, on."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if not isinstance(value, float):
        return str(value)
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        text = np.format_float_positional(float(f"{value:.4g}"), trim="-")
        return "0" if text == "-0" else text
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


@dataclass(frozen=True)
class Control:
    """One setting: its values in order, the index of the default, and `free` where a live kernel allows others."""

    name: str
    label: str
    values: tuple[Value, ...]
    start: int
    free: Free | None = None
    unit: str = ""

    @property
    def default(self) -> Value:
        """The value at which the explorer opens."""
        return self.values[self.start]

    @property
    def ends(self) -> tuple[Value, Value]:
        """The first and the last value that a reader can reach: of the list, or lo and hi of a free number."""
        return (self.free.lo, self.free.hi) if isinstance(self.free, Number) else (self.values[0], self.values[-1])

    @property
    def is_switch(self) -> bool:
        """Whether its values are off and on."""
        return isinstance(self.values[0], bool)

    def given(self, value: Value) -> Any:
        """What the explorer's functions get for a value: the pixels of a drawing, and anything else as it is."""
        return self.free.pixels(str(value)) if isinstance(self.free, Drawing) else value

    def shown(self, value: Value) -> str:
        """The value as a reader sees it: a number with its unit, "0.1 s" or "90°", and a drawing by its name."""
        if isinstance(self.free, Drawing):
            return self.free.shown(str(value))
        text = with_minus(written(value))
        if not self.unit or isinstance(value, bool | str):
            return text
        return text + ("" if self.unit in "°%" else "\u00a0") + self.unit


def make_controls(
    grid: Mapping[str, Iterable[Value]],
    edit: Mapping[str, Free],
    start: Mapping[str, Value],
    labels: Mapping[str, str],
    units: Mapping[str, str],
) -> list[Control]:
    """The controls of one explorer, in the order written. Raises ValueError for anything that cannot be one."""
    both = sorted(set(grid) & set(edit))
    if both:
        raise ValueError(f"{both} are given both as values and in edit=; choose one")
    names = [*grid, *edit]
    for what, given in (("start", start), ("labels", labels), ("unit_of", units)):
        unknown = [n for n in given if n not in names]
        if unknown:
            raise ValueError(f"{what}= names {unknown}, but the controls are {names}")
    for what, texts in (("labels", labels), ("unit_of", units)):
        empty = [n for n, text in texts.items() if not isinstance(text, str) or not text.strip()]
        if empty:
            raise ValueError(f"{what}= takes a text for each control, not so for {empty}")
    wrong = [n for n, free in edit.items() if not isinstance(free, Free)]
    if wrong:
        raise ValueError(f"edit= takes number(…), text(…) or drawing(…) for each control, not so for {wrong}")
    offered = {**grid, **{n: free.examples for n, free in edit.items()}}
    values = {n: _values(n, v) for n, v in offered.items()}
    bare = [n for n in units if all(isinstance(v, bool | str) for v in values[n])]
    if bare:
        raise ValueError(f"unit_of= names {bare}, whose values are no numbers")
    return [
        Control(n, labels.get(n, n.replace("_", " ")), v, _start(n, v, start), edit.get(n), units.get(n, ""))
        for n, v in values.items()
    ]


def _values(name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"control {name!r} takes a list of values, got {values!r}")
    out = tuple(v.item() if isinstance(v, np.generic) else v for v in values)
    if len(out) < 2:
        raise ValueError(f"control {name!r} takes at least two values, got {list(out)}")
    for v in out:
        if not isinstance(v, Value) or (isinstance(v, float) and not math.isfinite(v)):
            raise ValueError(f"control {name!r} takes finite numbers, strings or booleans, got {v!r}")
    if len({isinstance(v, bool) for v in out}) > 1:
        raise ValueError(f"control {name!r} mixes booleans with other values: {list(out)}")
    if len({written(v) for v in out}) < len(out):
        raise ValueError(f"control {name!r} has values that read the same: {[written(v) for v in out]}")
    return tuple(sorted(out)) if isinstance(out[0], bool) else out


def _start(name: str, values: tuple[Value, ...], start: Mapping[str, Value]) -> int:
    if name not in start:
        return len(values) // 2
    if start[name] not in values:
        raise ValueError(f"start= sets {name!r} to {start[name]!r}, which is not among its values {list(values)}")
    return values.index(start[name])
