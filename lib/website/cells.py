"""A picture comes before the code that made it, where that code is folded: the reader came for the picture."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class PictureFirst(SphinxPostTransform):
    """Exchange folded source and output; myst-nb has folded the source by now, at priority 199."""

    default_priority = 200
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for cell in self.document.findall(nodes.container):
            if cell.get("hide_mode") == "input" and len(cell.children) == 2:
                cell.children.reverse()
                cell["classes"].append("picture-first")


def setup(app: Sphinx) -> dict[str, Any]:
    """Apply to every page."""
    app.add_post_transform(PictureFirst)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
