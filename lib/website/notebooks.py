"""Committed notebooks hold the outputs of a live run and nothing that changes by itself: `python -m website.notebooks`.

Each is executed from its first cell to its last, and then normalised: no widget state, no timestamps, no kernel's
version. Executing an unchanged notebook again changes no byte, cells tagged `volatile` (timings) excepted.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from website.execution import QUIET

BOOK = Path("book")
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = {"tags", "mystnb", "editable", "slideshow"}


def execute(path: Path) -> None:
    """Run the notebook in a live kernel and write it back, normalised."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=QUIET,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    normalise(notebook)
    text = nbformat.writes(notebook) + "\n"
    if text != path.read_text(encoding="utf-8"):
        path.write_text(text, encoding="utf-8", newline="\n")


def normalise(notebook: nbformat.NotebookNode) -> None:
    """Leave in the notebook what a reader or a test looks at."""
    kept = {key: notebook.metadata[key] for key in ("chapter",) if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict(METADATA | kept)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for i, cell in enumerate(notebook.cells):
        cell["id"] = cell.get("id", f"cell-{i}")
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in CELL_METADATA})
        if cell.cell_type == "code":
            cell.outputs = [kept for output in cell.outputs if (kept := without_widget(output))]


def without_widget(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """The output without its live view; None where nothing but its name would be left, as of a progress bar."""
    data = output.get("data", {})
    if WIDGET in data:
        del data[WIDGET]
        if set(data) <= {"text/plain"}:
            return None
    output.get("metadata", {}).pop(WIDGET, None)
    return output


def main() -> None:
    """Execute the notebooks named on the command line, or all of the book."""
    os.environ.pop("CHAINRULE_STATIC", None)
    os.environ["TQDM_DISABLE"] = "1"
    paths = [Path(a) for a in sys.argv[1:]] or sorted(
        p for p in BOOK.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts
    )
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:  # threads, because each kernel is a process
        for path, _ in zip(paths, pool.map(execute, paths)):
            print(f"{path}  {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
