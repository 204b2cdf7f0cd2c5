"""How long it takes to import the library: alone, and with a module that stands on most of the others."""

import subprocess
import sys

from benchmarks.harness import medians, table

LIMIT = 0.25
MODULES = ("chainrule", "chainrule.train", "chainrule.models.gpt", "chainrule.models.diffusion", "chainrule.rl")


def imports(code: str) -> float:
    """Seconds of a fresh interpreter that runs the code, less those of one that imports NumPy alone."""

    def run(source: str) -> None:
        subprocess.run([sys.executable, "-c", source], check=True)

    found = medians(
        {"with": lambda: run(f"import numpy; {code}"), "without": lambda: run("import numpy")}, 6.0, turns=3
    )
    return found["with"] - found["without"]


def report() -> str:
    """The table, against the limit."""
    times = {name: imports(f"import {name}") for name in MODULES}
    rows = [(name, f"{t:.3f}", f"{LIMIT}", "holds" if t <= LIMIT else "MISSED") for name, t in times.items()]
    return table("Import, beyond NumPy's own", ("", "s", "limit", ""), rows)
