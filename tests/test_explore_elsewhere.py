"""An explorer where neither widgets nor the site's scripts are: a committed notebook in any other viewer."""

from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from visit import ROOT, pixels, visit

INDEX = ROOT / "book" / "index.ipynb"


def explorer_output(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    return next(o for c in notebook.cells for o in c.get("outputs", []) if "explore(" in c.source and "data" in o)


def test_a_committed_notebook_holds_the_picture_and_no_widget() -> None:
    data = explorer_output(INDEX).data
    assert {"image/png", "text/plain"} <= set(data)
    assert not any("widget" in kind for kind in data)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_exported_notebook_shows_the_picture(browser, tmp_path: Path, scripts: bool) -> None:
    page, _ = HTMLExporter().from_filename(str(INDEX))
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    with visit(browser, tmp_path.as_uri() + "/", java_script_enabled=scripts) as seen:
        seen.page.goto(seen.home + "index.html", wait_until="domcontentloaded")
        picture = seen.page.locator(".jp-OutputArea-output img").first
        picture.scroll_into_view_if_needed()
        shown = pixels(picture)
    assert shown.shape[0] > 200 and shown.max() - shown.min() > 100
