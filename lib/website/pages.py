"""Changing finished pages: what no template reaches is changed as text, once all pages are written."""

from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx


def at_the_end(app: Sphinx, change: Callable[[str, Path], str], priority: int) -> None:
    """Let `change(page, its folder)` give the page's new text at the end of a build that went well, in this order."""

    def finish(app: Sphinx, error: Exception | None) -> None:
        if error or app.builder.format != "html":
            return
        for path in Path(app.outdir).rglob("*.html"):
            if "_static" in path.parts:
                continue
            page = path.read_text(encoding="utf-8")
            if (changed := change(page, path.parent)) != page:
                path.write_text(changed, encoding="utf-8")

    app.connect("build-finished", finish, priority=priority)
