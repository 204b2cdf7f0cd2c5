"""Notebooks are executed before Sphinx reads them: in parallel, and only those whose outputs may have changed.

jupyter-cache knows a notebook by its code cells. What else decides the outputs (the library, the versions, the
interpreter) goes into the name of the cache's folder, so an edited library starts an empty cache.
"""

import hashlib
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from nbformat import NotebookNode, read
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

log = logging.getLogger(__name__)


def outputs_key(root: Path) -> str:
    """A name for all that decides the outputs of a notebook, besides the notebook itself."""
    digest = hashlib.sha256(sys.version.encode())
    library = root / "lib" / "chainrule"
    files = [p for p in library.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    for path in [*sorted(files), root / "constraints.txt"]:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point the cache at the folder for what decides the outputs now, and remove the others."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / outputs_key(Path(app.srcdir))
    for old in caches.glob("*"):
        if old != current:
            shutil.rmtree(old)
    config.nb_execution_cache_path = str(current)  # a changed path also makes Sphinx read every page anew


def execute(notebook: NotebookNode, path: Path, timeout: int) -> float:
    """Run the notebook in place; returns the seconds it took. Raises ExtensionError where a cell fails."""
    result = single_nb_execution(notebook, cwd=str(path.parent), timeout=timeout, allow_errors=False)
    if result.err is not None:
        raise ExtensionError(f"{path} failed\n{result.exc_string}")
    return result.time


def execute_notebooks(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the notebooks that are about to be read and are not in the cache, and put them there."""
    cache = get_cache(app.config.nb_execution_cache_path)
    paths = [Path(env.doc2path(name)) for name in docnames]
    notebooks = {p: read(p, as_version=4) for p in paths if p.suffix == ".ipynb"}
    stale = {p: notebook for p, notebook in notebooks.items() if not is_cached(cache, notebook)}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:  # threads, because each kernel is a process
        seconds = pool.map(lambda p: execute(stale[p], p, app.config.nb_execution_timeout), stale)
        for (path, notebook), took in zip(stale.items(), seconds):
            log.info("executed %s in %.1f s", path.relative_to(app.srcdir), took)
            bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": took})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def is_cached(cache: Any, notebook: NotebookNode) -> bool:
    """Whether the cache has outputs for exactly these code cells."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def setup(app: Sphinx) -> dict[str, Any]:
    """Execute notebooks in parallel before Sphinx reads them."""
    os.environ["TQDM_DISABLE"] = "1"  # kernels inherit it: a finished progress bar says nothing on a page
    app.connect("config-inited", choose_cache)
    app.connect("env-before-read-docs", execute_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
