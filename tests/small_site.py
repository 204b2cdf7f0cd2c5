"""A site of three pages, one of them a chapter, built with the book's extensions, for what depends on its settings."""

from pathlib import Path

import nbformat
from sphinx.application import Sphinx

STATIC = Path(__file__).parent.parent / "book" / "_static"
OURS = [
    "website.maths",
    "website.chapters",
    "website.general_index",
    "website.search",
    "website.publish",
    "website.theme",
]
CONF = f"""
extensions = ["myst_nb", "sphinx_copybutton", "sphinx_book_theme", *{OURS}]
project, html_title, html_theme, html_math_renderer = "Chain Rule", "Chain Rule", "sphinx_book_theme", "katex"
html_static_path, html_css_files, html_js_files = [{str(STATIC)!r}], ["book.css"], [("book.js", {{"defer": "defer"}})]
html_favicon, html_context = {str(STATIC / "favicon.svg")!r}, {{"default_mode": "auto"}}
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
"""
INDEX = """# Chain Rule

```{toctree}
part
layers
```

```{glossary}
logit
log-odds
  What a sigmoid takes: the $\\log$ of the odds.
```
"""

TOC = """
root: index
parts:
  - caption: I · Beginnings
    chapters:
      - file: part
      - file: layers
"""
LAYERS = """# Layers & <maps>

A layer is a function that also knows the way back.

**What you need.** Nothing.
"""


def small_site(folder: Path, settings: str) -> Path:
    """The folder of the built site."""
    cache = f"nb_execution_cache_path = {str(folder / 'cache')!r}\n"  # else one is made where the tests are run from
    (folder / "conf.py").write_text(CONF + cache + settings)
    (folder / "index.md").write_text(INDEX)
    (folder / "part.md").write_text("# Beginnings\n")
    (folder / "_toc.yml").write_text(TOC)
    metadata = {"chapter": {"question": "What is a layer?"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(LAYERS)], metadata=metadata)
    (folder / "layers.ipynb").write_text(nbformat.writes(notebook))
    made = folder / "html"
    Sphinx(folder, folder, made, folder / "doctrees", "html", status=None, warning=None).build()
    return made
