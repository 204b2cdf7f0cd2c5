"""Notebooks are executed before Sphinx reads them: in parallel, and only those whose outputs may have changed.

jupyter-cache knows a notebook by its code cells. What else decides the outputs of all (the library, the versions, the
interpreter) goes into the name of the cache's folder, so an edited library starts an empty cache. The state of a
chapter's own exercises is kept with its outputs, so only that chapter runs when they are edited.
"""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import psutil
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, read
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from website.outputs import exercises_key, library_key

log = logging.getLogger(__name__)


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point the cache at the folder for what decides the outputs now, and remove the others."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / library_key(Path(app.srcdir))
    for old in caches.glob("*"):
        if old != current:
            shutil.rmtree(old)
    config.nb_execution_cache_path = str(current)  # a changed path also makes Sphinx read every page anew


QUIET = ["--IPKernelApp.log_level=ERROR"]  # else each kernel warns that its port, of this machine, is not encrypted


class Failure(Exception):
    """A notebook that did not run to its end: which cell of which chapter, and why."""


class Execution(NotebookClient):
    """A run of one notebook that knows where it is and what its kernel has cost."""

    where = "no cell was run"
    cpu_seconds = 0.0

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        if cell.cell_type == "code":
            number = sum(c.cell_type == "code" for c in self.nb.cells[: cell_index + 1])
            self.where = f"code cell {number}, `{first_line(cell.source)}`"
        done = await super().async_execute_cell(cell, cell_index, **options)
        self.cpu_seconds = cpu_seconds(self.km.provisioner.pid)
        return done


def first_line(source: str) -> str:
    """The first line of code that is no comment."""
    return next((line for line in source.splitlines() if line.strip() and not line.startswith("#")), "")


def cpu_seconds(pid: int) -> float:
    """What a process and its children, ended or running, have taken of the processors."""
    process = psutil.Process(pid)
    return sum(sum(p.cpu_times()[:4]) for p in [process, *process.children(recursive=True)])


def execute(notebook: NotebookNode, path: Path, timeout: int) -> dict[str, float]:
    """Run the notebook in place; returns the seconds it took by the clock and of the processors."""
    resources = {"metadata": {"path": str(path.parent)}}
    run = Execution(notebook, timeout=timeout, record_timing=False, extra_arguments=QUIET, resources=resources)
    start = time.perf_counter()
    try:
        run.execute()
    except CellExecutionError as error:
        raise Failure(f"{path.stem}: {run.where}\n    {error.ename}: {error.evalue}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise Failure(f"{path.stem}: {run.where}\n    {str(error).splitlines()[0]}") from error
    return {"execution_seconds": time.perf_counter() - start, "cpu_seconds": run.cpu_seconds}


def execute_notebooks(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the notebooks that are about to be read and are not in the cache, and put them there."""
    cache = get_cache(app.config.nb_execution_cache_path)
    paths = [Path(env.doc2path(name)) for name in docnames]
    notebooks = {p: read(p, as_version=4) for p in paths if p.suffix == ".ipynb"}
    keys = {path: exercises_key(Path(app.srcdir), path) for path in notebooks}
    stale = {p: notebook for p, notebook in notebooks.items() if kept_key(cache, notebook) != keys[p]}
    failures = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:  # threads, because each kernel is a process
        runs = {pool.submit(execute, stale[p], p, app.config.nb_execution_timeout): p for p in stale}
        for run in as_completed(runs):
            path = runs[run]
            try:
                cost = run.result()
            except Failure as failure:
                failures.append(str(failure))
                continue
            log.info("executed %s in %.1f s", path.relative_to(app.srcdir), cost["execution_seconds"])
            bundle = CacheBundleIn(stale[path], str(path), data={**cost, "exercises": keys[path]})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    if failures:  # the others are in the cache, and need not run again
        # No exception of Sphinx's: Jupyter Book would bury the message under a hundred lines of its own calls.
        raise SystemExit("\n".join(["The site stays as it was, because a notebook failed.", *sorted(failures)]))


def kept_key(cache: Any, notebook: NotebookNode) -> str | None:
    """The key of the exercises with which the cache has outputs for exactly these code cells, if it has any."""
    try:
        return cache.match_cache_notebook(notebook).data.get("exercises")
    except KeyError:
        return None


def with_other_exercises(app: Sphinx, env: BuildEnvironment, *_names: set[str]) -> list[str]:
    """The pages whose exercises were edited since they ran: to be read anew, although the notebook is the same."""
    cache = get_cache(app.config.nb_execution_cache_path)
    paths = {name: Path(env.doc2path(name)) for name in env.all_docs}
    notebooks = {name: p for name, p in paths.items() if p.suffix == ".ipynb" and p.exists()}
    return [
        name
        for name, path in notebooks.items()
        if kept_key(cache, read(path, as_version=4)) not in (None, exercises_key(Path(app.srcdir), path))
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Execute notebooks in parallel before Sphinx reads them."""
    os.environ["TQDM_DISABLE"] = "1"  # kernels inherit it: a finished progress bar says nothing on a page
    app.connect("config-inited", choose_cache)
    app.connect("env-get-outdated", with_other_exercises)
    app.connect("env-before-read-docs", execute_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
