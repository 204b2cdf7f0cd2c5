"""`python -m claims [TOPIC or chapter …]`: train every claim with seeds 0 to 4, print the tables, and keep them.

The library's claims go to table.md; the chapters' claims, on four kinds of machine, to chapters.md. A chapter may be
named with its part, as in architectures/transformer, where a topic of the library has the same name.
"""

import sys
import time
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from claims import chapters

HERE = Path(__file__).parent
TABLE = HERE / "table.md"
HEADER = "| claim | bound | seed 0 | 1 | 2 | 3 | 4 | worst | longest, s |\n|---|---|---|---|---|---|---|---|---|\n"


def row(claim) -> str:
    values, seconds = [], []
    for seed in range(5):
        start = time.perf_counter()
        values.append(claim.measure(seed))
        seconds.append(time.perf_counter() - start)
    worst = (max if claim.at_most else min)(values)
    held = "" if claim.holds(worst) else " MISSED"
    cells = [f"{value:.4g}" for value in values]
    bound = f"{'≤' if claim.at_most else '≥'} {claim.bound:g} {claim.unit}".rstrip()
    return f"| {claim.name} | {bound} | {' | '.join(cells)} | {worst:.4g}{held} | {max(seconds):.1f} |"


def main(wanted: list[str]) -> int:
    topics = [info.name for info in iter_modules([str(HERE)]) if info.name not in ("__main__", "chapters")]
    rows = []
    for topic in topics:
        if not wanted or topic in wanted:
            for claim in import_module(f"claims.{topic}").CLAIMS:
                rows.append(row(claim))
                print(rows[-1], flush=True)
    if not wanted:
        TABLE.write_text(f"# What the library learns\n\n{HEADER}" + "\n".join(rows) + "\n", encoding="utf-8")
    stems = {name: path.stem for path in chapters.chapters() for name in (path.stem, f"{path.parent.name}/{path.stem}")}
    named = [stems[name] for name in wanted if name in stems]
    failed = (not wanted or bool(named)) and chapters.main(named)
    return failed or any("MISSED" in line for line in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
