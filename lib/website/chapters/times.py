"""How long each page took to run when the site was built: what the cache of executions recorded, and a table of it."""

import math
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from website.chapters.pages import Shown, Took, anchor, shows


def took(app: Sphinx, env: BuildEnvironment) -> dict[str, Took]:
    """How long each notebook of the book took, as the cache has it."""
    cache = get_cache(app.config.nb_execution_cache_path)
    times = {}
    for page in sorted(env.found_docs):
        path = Path(env.doc2path(page))
        if path.suffix != ".ipynb":
            continue
        try:
            data = cache.match_cache_notebook(nbformat.read(path, as_version=4)).data
        except KeyError:  # it was not executed, as where execution is switched off
            continue
        if "execution_seconds" in data:
            times[page] = Took(data["execution_seconds"], data.get("cpu_seconds"))
    return times


def spoken(seconds: float) -> str:
    """The time as a person would say it."""
    if seconds < 8:
        return f"{max(1, round(seconds))} s"
    if seconds < 58:
        return f"{5 * round(seconds / 5)} s"
    return f"{math.ceil(seconds / 60 - 0.5)} min"


def table(app: Sphinx, page: str, shown: Shown) -> str:
    """Every page that is a notebook, with its times."""
    times = {p: shown.times[p] for p in toc_order(app) if p in shown.times}
    measured = any(took.cpu is not None for took in times.values())
    heads = ["page", "seconds", *(["processor seconds"] if measured else [])]
    rows = []
    for other, time in times.items():
        numbers = [time.seconds, *([time.cpu] if measured else [])]
        cells = "".join(f"<td>{'–' if n is None else f'{n:.1f}'}</td>" for n in numbers)
        name = app.env.titles[other].astext()
        rows.append(f'<tr><th scope="row">{anchor(app, page, other, name)}</th>{cells}</tr>')
    total = [sum(t.seconds for t in times.values()), *([sum(t.cpu or 0 for t in times.values())] if measured else [])]
    foot = "".join(f"<td>{n:.1f}</td>" for n in total)
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<table class="page-times"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody>'
        f'<tfoot><tr><th scope="row">together</th>{foot}</tr></tfoot></table>'
    )


def toc_order(app: Sphinx) -> list[str]:
    """The names of the pages in the order of the book."""
    return list(app.env.collect_relations())


def setup(app: Sphinx) -> None:
    """Offer the table of times as a directive."""
    shows(app, "page-times", table)
