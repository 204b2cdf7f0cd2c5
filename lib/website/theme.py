"""What the theme leaves undone: launch buttons from one setting, names for screen readers, drawn icons.

The finished pages are mended as text, because the theme offers no other place: a template here would be a copy of the
theme's that ages. Each repair names the fault; the tests in a browser say when one is no longer needed or enough.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from website.icons import trim_style, with_icons
from website.pages import at_the_end

REPAIRS = [
    # An accessible name must hold the words that are seen.
    (re.compile(r'(<button class="btn search-button-field[^>]*?) aria-label="Search"'), r"\1"),
    (re.compile(r'(<i class="theme-switch[^>]*?) title="[^"]*"'), r"\1"),
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    # The arrow that unfolds a section of the table of contents has no name.
    (
        re.compile(r'<summary><span class="toctree-toggle"'),
        '<summary aria-label="Pages of this section"><span class="toctree-toggle"',
    ),
    # All content belongs to a landmark.
    (re.compile(r'<div id="pst-primary-sidebar" class'), '<div id="pst-primary-sidebar" role="complementary" class'),
    # Roles that the standard has withdrawn, and a list with children that are none.
    (re.compile(r' role="doc-biblioentry"'), ""),
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">'),
    # Handlers that a policy forbids; book.js listens for these clicks.
    (re.compile(r' onclick="(?:toggleFullScreen|window\.print)\(\)"'), ""),
    # An empty place for advertisements.
    (re.compile(r'<div id="ethical-ad-placement".*?</div>', re.DOTALL), ""),
]

# The theme measures all boxes of the page at once, and again at each change of it; book.js measures those in view.
MEASURING = re.compile(
    r'(function \w+\(\)\{)const e=\(\)=>\{document\.querySelectorAll\(\["pre",.*?'
    r'getElementById\("main-content"\),\{subtree:!0,childList:!0\}\),e\(\)\}'
)


def configure(app: Sphinx, config: Config) -> None:
    """Set what depends on other settings: launch buttons need an address, edited extensions a new build."""
    static = Path(__file__).parents[2] / "book" / "_static"
    config.website_extensions = digest(Path(__file__).parent.rglob("*.py"))
    config.website_assets = digest([*static.glob("*.css"), *static.glob("*.js")])
    options = config.html_theme_options
    options["logo"] = {"text": config.html_title}
    options["navbar_persistent"] = []  # the search button is in the sidebar already
    if not options.get("repository_url"):
        options.update(repository_url="", launch_buttons={})


def digest(paths: Iterable[Path]) -> str:
    """One name for what the files hold."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()


def name_solutions(_app: Sphinx, doctree: nodes.document) -> None:
    """A hidden solution says that it is one."""
    for cell in doctree.findall(nodes.container):
        if "tag_solution" in cell["classes"]:
            cell["prompt_show"], cell["prompt_hide"] = "Show the solution", "Hide the solution"


def fold_together(_app: Sphinx, doctree: nodes.document) -> None:
    """Cells that are folded one after another share one fold, unless both have something to see."""
    for cell in list(doctree.findall(is_folded)):
        place = cell.parent.index(cell)
        before = cell.parent[place - 1] if place else None
        if is_folded(before) and is_silent(before):
            cell[0][:0] = before[0].children
            cell.parent.remove(before)
        elif is_folded(before) and is_silent(cell):
            before[0].extend(cell[0].children)
            cell.parent.remove(cell)
    for cell in filter(is_silent, doctree.findall(is_folded)):
        what = "the imports" if "tag_setup" in cell["classes"] else "the code in between"
        cell["prompt_show"], cell["prompt_hide"] = f"Show {what}", f"Hide {what}"


def is_silent(cell: nodes.Element) -> bool:
    """Whether a cell has its source only, and no output."""
    return len(cell.children) == 1


def is_folded(node: nodes.Node | None) -> bool:
    """Whether this is a code cell whose source alone is folded."""
    return isinstance(node, nodes.container) and node.get("hide_mode") == "input"


def mended(page: str) -> str:
    """The page with the faults repaired and the icons drawn."""
    for fault, repair in REPAIRS:
        page = fault.sub(repair, page)
    return with_icons(page)


def trim(app: Sphinx, error: Exception | None) -> None:
    """Trim the theme's style and its script."""
    if error or app.builder.format != "html":
        return
    trim_style(Path(app.outdir, "_static"))
    script = Path(app.outdir, "_static", "scripts", "pydata-sphinx-theme.js")
    script.write_text(MEASURING.sub(r"\1}", script.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the repairs to the build."""
    app.add_config_value("website_extensions", "", "env")  # an edited extension reads every page anew
    app.add_config_value("website_assets", "", "html")  # and an edited style or script writes it anew
    app.connect("config-inited", configure)
    app.connect("doctree-read", name_solutions)
    app.connect("doctree-read", fold_together)
    at_the_end(app, lambda page, _: mended(page), priority=900)
    app.connect("build-finished", trim, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
