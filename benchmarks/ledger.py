"""`make ledger`: run what measures the library, and write book/ledger.md from what it measured.

Errors come from the tests (differences and PyTorch) and from the committed chapters (SymPy); times from
`benchmarks.layers`. The page gives errors as the next power of ten, so that it changes when something does.
"""

import inspect
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from benchmarks.layers import ratios
from chainrule.layer import Layer
from chainrule.optimizers import Optimizer
from website.reference.directive import public

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "book" / "ledger.md"
STUB = re.compile(r"\{library\} (chainrule\.\S+)\n(?::chapter: (.*)\n)?")
CHECKED = re.compile(r"errors below (\S+) \(library\).*?`(\w+)`")
SILENT = (  # tests that measure nothing for the ledger, or read it
    *("site", "website", "notebooks", "explore", "exercise", "package", "documents", "plots", "sweep", "data"),
    *("claims", "planted", "ledger", "reference", "imports", "symbolic", "store", "metrics", "blas", "source"),
)
FUNCTIONS = ("chainrule.activations", "chainrule.losses")
HEAD = """# The ledger

What each public layer, loss, optimizer and model of the library was measured against, when this page was last made
(`make ledger`). Errors are the largest found, relative where the value exceeds 1, in float64:

- *SymPy*: the code against the formula that the chapter derives;
- *differences*: the way back against central differences of the way forward;
- *PyTorch*: outputs and gradients, or ten steps of an optimizer, against PyTorch's;
- *speed*: how many times as long PyTorch takes for one pass forwards and back, on one thread, in float32.

A dash means that there is nothing to compare with, or that no chapter shows the comparison yet. Every number
that stands here is also a bound that the tests hold: 10⁻⁶ for differences, 10⁻⁸ for PyTorch.
"""


def main() -> None:
    """Measure and write."""
    measured, symbolic, speed = from_tests(), from_chapters(), ratios()
    lines = [HEAD]
    for page, module, chapters in pages():
        rows = []
        for name in listed(module):
            errors = (symbolic.get(name), measured.get((name, "differences")), measured.get((name, "pytorch")))
            times = f"{speed[name]:.1f}" if name in speed else "—"
            rows.append(" | ".join(["", f"`{name}`", link(chapters), *map(bound, errors), times, ""]).strip())
        if rows:
            title = (ROOT / "book" / "reference" / f"{page}.md").read_text(encoding="utf-8").split("\n")[0].strip("# ")
            head = "| name | chapter | SymPy | differences | PyTorch | speed |\n|:--|:--|:--|:--|:--|--:|"
            lines.append(f"## [{title}](reference/{page}.md)\n\n{head}\n" + "\n".join(rows) + "\n")
    PAGE.write_text("\n".join(lines), encoding="utf-8")


def pages() -> list[tuple[str, str, list[str]]]:
    """(page, module, chapters) of the reference, in the order of the table of contents."""
    order = re.findall(r"book/reference/(\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = []
    for page in order:
        match = STUB.search((ROOT / "book" / "reference" / f"{page}.md").read_text(encoding="utf-8"))
        if match:
            found.append((page, match[1], (match[2] or "").split()))
    return found


def listed(name: str) -> list[str]:
    """What of a module belongs into the ledger: layers that compute, optimizers, losses, activations."""
    module = import_module(name)
    return [
        key
        for key, thing in public(module).items()
        if (inspect.isclass(thing) and issubclass(thing, Layer) and thing.forward is not Layer.forward)
        or (inspect.isclass(thing) and issubclass(thing, Optimizer) and thing is not Optimizer)
        or (inspect.isfunction(thing) and name in FUNCTIONS)
    ]


def from_tests() -> dict[tuple[str, str], float]:
    """{(name, kind): largest error}, noted while the unit tests ran."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes.jsonl"
        pytest = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "-k",
            "not today and not random",
        ]
        tests = [str(p) for p in sorted((ROOT / "tests").glob("test_*.py")) if not any(s in p.name for s in SILENT)]
        subprocess.run([*pytest, *tests], cwd=ROOT, env=os.environ | {"CHAINRULE_LEDGER": str(path)}, check=True)
        notes = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    worst: dict[tuple[str, str], float] = {}
    for note in notes:
        key = note["subject"], note["kind"]
        worst[key] = max(worst.get(key, 0.0), note["error"])
    return worst


def from_chapters() -> dict[str, float]:
    """{name: bound of the error against the derivation}, as the committed chapters show it."""
    found: dict[str, float] = {}
    for path in sorted((ROOT / "book").rglob("*.ipynb")):
        for error, name in CHECKED.findall(path.read_text(encoding="utf-8")):
            found[name] = max(found.get(name, 0.0), float(error))
    return found


def bound(error: float | None) -> str:
    """The next power of ten: 3e-11 → 10⁻¹⁰."""
    if error is None:
        return "—"
    return f"$10^{{{max(-16, math.ceil(math.log10(error)))}}}$" if error > 0 else "0"


def link(chapters: list[str]) -> str:
    """The chapters that exist, as links; the names of those to come."""
    said = []
    for slug in chapters:
        path = ROOT / "book" / f"{slug}.ipynb"
        name = slug.split("/")[-1].replace("-", " ")
        said.append(f"[{name}]({slug}.ipynb)" if path.exists() else name)
    return ", ".join(said) or "—"


if __name__ == "__main__":
    main()
