"""The most memory that each chapter's kernel takes, and that building the website takes."""

import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from benchmarks.harness import table

ROOT = Path(__file__).parents[1]
KERNEL, BUILD = 500, 2000  # MB
ASK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def megabytes(maxrss: int) -> float:
    """What getrusage counts in kilobytes on Linux and in bytes on macOS."""
    return maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def kernel(path: Path) -> float:
    """The peak of a kernel that runs the notebook."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(ASK))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    return megabytes(int(notebook.cells[-1].outputs[-1].text))


def build() -> float:
    """The peak of the largest process of a build from scratch."""
    code = (
        "import resource, subprocess, sys, tempfile\n"
        "with tempfile.TemporaryDirectory() as out:\n"
        "    command = ['jupyter_book.cli.main', 'build', '-W', '--path-output', out, '.']\n"
        "    subprocess.run([sys.executable, '-m', *command], check=True, capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return megabytes(int(done.stdout.split()[-1]))


def report() -> str:
    """The table, each row against its limit."""
    measured = [(str(path.relative_to(ROOT)), kernel(path), KERNEL) for path in sorted(ROOT.glob("book/**/*.ipynb"))]
    measured.append(("building the website", build(), BUILD))
    rows = [(name, f"{mb:.0f}", str(limit), "holds" if mb <= limit else "MISSED") for name, mb, limit in measured]
    return table("Peak memory", ("", "MB", "limit", ""), rows)
