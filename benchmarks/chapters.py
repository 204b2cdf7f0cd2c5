"""What each chapter cost the last build of the website, frames included: seconds of the processors, as it kept them.

They grow where the machine has other work or two kernels share a core, so the chapter in the middle stands beside each.
"""

from pathlib import Path
from statistics import median

from jupyter_cache import get_cache

from benchmarks.harness import table

ROOT = Path(__file__).parents[1]
LIMIT = 45


def costs(built: Path) -> dict[str, float]:
    """{notebook: CPU-seconds}, as kept in the folder of the build. Raises FileNotFoundError where nothing was built."""
    caches = [*(built / ".jupyter_cache").glob("*")]
    if not caches:
        raise FileNotFoundError(f"no website was built in {built}: `make site` first")
    records = get_cache(caches[0]).list_cache_records()
    return {Path(record.uri).stem: record.data["cpu_seconds"] for record in records}


def report() -> str:
    """The table, the costliest first, each chapter against the limit."""
    found = costs(ROOT / "_build")
    middle = median(found.values())
    rows = [
        (name, f"{cost:.1f}", f"{cost / middle:.2f}", str(LIMIT), "holds" if cost <= LIMIT else "MISSED")
        for name, cost in sorted(found.items(), key=lambda item: -item[1])
    ]
    return table("A chapter in the build", ("", "CPU-s", "of the middle", "limit", ""), rows)
