"""How long the Python side of one slider move takes once the network is trained: draw, describe, encode."""

import json
from pathlib import Path

from benchmarks.harness import medians, table
from chainrule.explore import explorers
from chainrule.explore.live import Live

INDEX = Path(__file__).parents[1] / "book" / "index.ipynb"
FLOOR = 60.0


def report() -> str:
    """The two spirals as the first page's own cell makes them, between two settings that are trained beforehand."""
    cells = json.loads(INDEX.read_text())["cells"]
    exec("".join("".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "code"), {})
    explorer = next(e for e in explorers() if e.name == "two-spirals")
    live = Live(explorer)
    trained = [(s, explorer.result(s)) for s in (explorer.default, explorer.corners[0])]
    turn = [0]

    def update() -> None:
        turn[0] += 1
        settings, result = trained[turn[0] % 2]
        live._show(result, settings)

    ms = medians({"update": update})["update"] * 1e3
    said = f"limit {FLOOR:.0f} ms: {'holds' if ms <= FLOOR else 'MISSED'}\n"
    return (
        table("One live update of the two spirals, without training", ("", "ms"), [("draw, encode, send", f"{ms:.1f}")])
        + said
    )
