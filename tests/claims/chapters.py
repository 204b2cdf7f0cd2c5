"""The chapters' claims under two of OpenBLAS's kernel types, with one thread and with two.

Sums of floats depend on the order of their terms, and so on the processor and on the number of threads: a claim that
holds on one machine only is none. Each notebook is executed in all four; its own assertions decide.
"""

import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).parent / "chapters.md"
MACHINES = list(product(("Haswell", "Nehalem"), (1, 2)))
CLAIM = re.compile(r"^> \*\*Claim: (.+?)\.?\*\*", re.MULTILINE)
HEADER = """# What the chapters claim, on four kinds of machine

Each cell gives the smallest and the largest value over seeds 0 to 4. Written by `make claims`.

"""


class Run(NamedTuple):
    """A chapter executed once: the claims' tables by title, what failed, and the seconds it took."""

    tables: dict[str, list[dict[str, str]]]
    failed: str
    seconds: float


def chapters() -> list[Path]:
    """The notebooks of the chapters, in order of their paths."""
    return sorted(p for p in (ROOT / "book").glob("*/*.ipynb"))


def run(path: Path, kernel: str, threads: int) -> Run:
    """Execute the chapter as a machine with this kernel type and this many threads would."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}})
    machine = {"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": str(threads), "TQDM_DISABLE": "1"}
    start, failed = time.perf_counter(), ""
    try:
        client.execute(env=os.environ | machine)
    except CellExecutionError as error:
        failed = f"{error.ename}: {error.evalue}".strip(": ")
    return Run(dict(tables(notebook)), failed, time.perf_counter() - start)


def on_all_machines(path: Path) -> list[Run]:
    """The chapter on each of MACHINES; as many at once as leave every thread a processor of its own."""
    runs: dict[tuple[str, int], Run] = {}
    for threads in sorted({threads for _, threads in MACHINES}):
        machines = [machine for machine in MACHINES if machine[1] == threads]
        at_once = max(1, (os.cpu_count() or 1) // threads)
        with ThreadPoolExecutor(at_once) as pool:  # threads will do, because each kernel is a process
            runs |= zip(machines, pool.map(lambda machine: run(path, *machine), machines), strict=True)
    return [runs[machine] for machine in MACHINES]


def tables(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Each table of seeds with the claim that stands above it."""
    title = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            title = (CLAIM.findall(cell.source) or [""])[-1]
        for output in cell.get("outputs", []):
            rows = output.get("data", {}).get("text/markdown", "").splitlines()
            if title and rows and rows[0].startswith("| seed "):
                header, _, *body = [[word.strip() for word in row.strip("| ").split(" | ")] for row in rows]
                yield title, [dict(zip(header, row, strict=True)) for row in body]


def spread(values: list[str]) -> str:
    """The smallest and the largest of numbers; of words, which there are."""
    try:
        low, high = (f(values, key=lambda v: float(v.replace(",", "").rstrip(" %"))) for f in (min, max))
    except ValueError:
        return ", ".join(sorted(set(values)))
    return low if low == high else f"{low} … {high}"


def report(path: Path, runs: list[Run]) -> str:
    """The chapter's part of the page."""
    lines = [f"## {path.parent.name}/{path.stem}", ""]
    for (kernel, threads), ran in zip(MACHINES, runs, strict=True):
        held = f"**failed**: {ran.failed}" if ran.failed else "every assertion holds"
        lines.append(f"- {kernel}, {threads} thread{'s' * (threads > 1)}: {held} ({ran.seconds:.0f} s)")
    for title in {title: None for ran in runs for title in ran.tables}:
        columns = next(ran.tables[title] for ran in runs if title in ran.tables)[0]
        columns = [name for name in columns if name != "seed"]
        lines += ["", f"**{title}**", "", f"| machine | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
        for (kernel, threads), ran in zip(MACHINES, runs, strict=True):
            rows = ran.tables.get(title, [])
            cells = [spread([row[name] for row in rows]) if rows else "–" for name in columns]
            lines.append(f"| {kernel}, {threads} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def kept() -> dict[str, str]:
    """The parts of the page as it is, by chapter."""
    text = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in text.split("\n## ")[1:]}


def main(wanted: list[str]) -> bool:
    """Run the chapters named, or all, and renew their parts of the page; whether one failed."""
    parts, failed = kept(), False
    there = [f"{path.parent.name}/{path.stem}" for path in chapters()]
    for path in chapters():
        if not wanted or path.stem in wanted:
            runs = on_all_machines(path)
            failed |= any(ran.failed for ran in runs)
            parts[f"{path.parent.name}/{path.stem}"] = told = report(path, runs)
            print(told, flush=True)
            TABLE.write_text(HEADER + "\n".join(parts[name] for name in there if name in parts), encoding="utf-8")
    return failed
