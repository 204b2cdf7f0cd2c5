"""The website's own Sphinx extensions. Nothing here is imported by a notebook or shipped with the library.

Jupyter Book builds the site; these modules execute the notebooks in parallel, render the maths at build time, move
the explorers' frames to files, and finish the theme, so that a page asks no other machine for anything.
"""

from typing import Any

from sphinx.application import Sphinx

EXTENSIONS = (
    "website.staging",
    "website.execution",
    "website.maths",
    "website.references",
    "website.callouts",
    "website.cells",
    "website.glossary",
    "website.terms",
    "website.notation",
    "website.typography",
    "website.general_index",
    "website.frames",
    "website.reference",
    "website.search",
    "website.publish",
    "website.theme",
    "website.chapters",
    "website.assets",
    "website.pictures",
    "website.policy",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Load every extension of the site."""
    for extension in EXTENSIONS:
        app.setup_extension(extension)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
