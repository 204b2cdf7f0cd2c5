"""The Python side of one move of a slider, once the network is trained, beside drawing and saving the figure anew."""

import io
import json
from collections import deque
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.harness import medians, table
from chainrule.explore.live import Live
from chainrule.explore.painter import SCREEN_DPI

INDEX = Path(__file__).parents[1] / "book" / "index.ipynb"
LIMIT = 40.0  # milliseconds


def report() -> str:
    """The two spirals as the first page's own cell makes them, between two settings that are trained beforehand."""
    cells = ["".join(cell["source"]) for cell in json.loads(INDEX.read_text())["cells"] if cell["cell_type"] == "code"]
    *before, shown = cells[: 1 + next(i for i, cell in enumerate(cells) if 'name="two-spirals"' in cell)]
    names: dict = {}
    exec("\n".join(before), names)
    explorer = eval(shown, names)
    live = Live(explorer)
    trained = [(s, explorer.result(s)) for s in (explorer.default, explorer.corners[0])]
    turn = [0]

    def other():
        turn[0] += 1
        return trained[turn[0] % 2]

    def update() -> None:
        settings, result = other()
        deque(live._show(result, settings), maxlen=0)

    def savefig() -> None:
        settings, result = other()
        figure = Figure(figsize=explorer.figsize, layout="constrained")
        FigureCanvasAgg(figure)
        explorer.draw(figure, result, **settings)
        explorer.describe(result, **settings)
        figure.savefig(io.BytesIO(), dpi=SCREEN_DPI, format="png")

    ms = {name: 1e3 * seconds for name, seconds in medians({"update": update, "savefig": savefig}).items()}
    rows = [
        ("draw into the kept figure, describe, encode", f"{ms['update']:.1f}", "1.00"),
        ("a new figure, describe, savefig", f"{ms['savefig']:.1f}", f"{ms['savefig'] / ms['update']:.2f}"),
    ]
    said = f"limit {LIMIT:.0f} ms: {'holds' if ms['update'] <= LIMIT else 'MISSED'}\n"
    return table("One live update of the two spirals, without training", ("", "ms", "ratio"), rows) + said
