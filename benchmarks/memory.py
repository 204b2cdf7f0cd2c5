"""The most memory that each chapter's kernel takes, and that all processes of a build of the website take together."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from benchmarks.harness import table

ROOT = Path(__file__).parents[1]
KERNEL, BUILD = 500, 2000  # MB
SAMPLE_EVERY = 0.05  # seconds


@contextmanager
def sampled(pid: int) -> Iterator[list[float]]:
    """Within, a list whose one number is the most MB that the process and all below it have held together."""
    highest, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_EVERY):
            highest[0] = max(highest[0], sum(map(resident, [pid, *children(pid)])) / 1e6)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield highest
    finally:
        ended.set()
        thread.join()


def kernel(path: Path) -> float:
    """The peak of a kernel that runs the notebook, in MB."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}})
    with client.setup_kernel(), sampled(client.km.provisioner.pid) as highest:
        for i, cell in enumerate(notebook.cells):
            client.execute_cell(cell, i)
    return highest[0]


def build() -> float:
    """The peak of the processes of a build from nothing, added up, in MB."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-W", "--path-output"]
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.Popen([*command, out, "."], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with sampled(done.pid) as highest:
            done.wait()
    if done.returncode:
        raise RuntimeError(f"the build failed with exit code {done.returncode}; `make site` says why")
    return highest[0]


def children(pid: int) -> list[int]:
    """All processes below this one."""
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident(pid: int) -> int:
    """Bytes in memory; 0 for a process that has ended meanwhile."""
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def report() -> str:
    """The table, each row against its limit."""
    measured = [(str(path.relative_to(ROOT)), kernel(path), KERNEL) for path in sorted(ROOT.glob("book/**/*.ipynb"))]
    measured.append(("building the website", build(), BUILD))
    rows = [(name, f"{mb:.0f}", str(limit), "holds" if mb <= limit else "MISSED") for name, mb, limit in measured]
    return table("Peak memory", ("", "MB", "limit", ""), rows)
