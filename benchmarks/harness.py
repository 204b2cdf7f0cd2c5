"""Fair timing on a machine that does other things too.

All contestants of a workload run in the same process, in short turns, so that a busy moment hits everyone; the median
of many single calls is reported, and only ratios within one run mean anything.
"""

import statistics
import time
from collections.abc import Callable

Contestants = dict[str, Callable[[], object]]


def medians(contestants: Contestants, seconds: float = 6.0, turns: int = 12) -> dict[str, float]:
    """{name: median seconds of one call}, each called in `turns` interleaved blocks of equal time."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for call in contestants.values():
        for _ in range(5):
            call()
    block = seconds / turns / len(contestants)
    for _ in range(turns):
        for name, call in contestants.items():
            call()
            until = time.perf_counter() + block
            while time.perf_counter() < until:
                start = time.perf_counter()
                call()
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows of text as an aligned table under a title."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [
        "  ".join(f"{cell:<{w}}" if i == 0 else f"{cell:>{w}}" for i, (cell, w) in enumerate(zip(row, widths)))
        for row in [header, *rows]
    ]
    return "\n".join([title, lines[0], "-" * len(lines[0]), *lines[1:], ""])
