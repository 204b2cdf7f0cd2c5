"""How numbers are set: no line end tears 5 %, 3 × 3, or a formula from its comma; and a minus is a minus."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from chainrule.explore.words import with_minus

BETWEEN = re.compile(r"(?<=\d) (?=%|× \d)|(?<=\d ×) (?=\d)")
MARKS = re.compile(r"[,.;:!?)\N{RIGHT DOUBLE QUOTATION MARK}]+")
AS_WRITTEN = (nodes.literal, nodes.math, nodes.FixedTextElement, nodes.raw)
SHORT = 28  # letters of TeX: a longer formula may have to be broken itself


class Bind(SphinxPostTransform):
    """Bind numbers to their signs and short formulas to the marks that follow; a hyphen before a number is a minus."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_options: Any) -> None:
        for text in list(self.document.findall(nodes.Text)):
            better = with_minus(BETWEEN.sub("\N{NO-BREAK SPACE}", text))
            if better != text and not isinstance(text.parent, AS_WRITTEN):
                rewrite(text, better)
        for formula in list(self.document.findall(nodes.math)):
            after = formula.next_node(descend=False, siblings=True)
            marks = MARKS.match(after) if isinstance(after, nodes.Text) else None
            if marks and len(formula.astext()) <= SHORT:
                rewrite(after, after[marks.end() :])
                bound = nodes.inline("", "", formula.deepcopy(), nodes.Text(marks[0]), classes=["bound"])
                formula.parent.replace(formula, bound)


def rewrite(text: nodes.Text, new: str) -> None:
    """Put another text in the place of this one, which docutils' own `replace` would look for by its letters."""
    siblings = text.parent.children
    place = next(i for i, node in enumerate(siblings) if node is text)
    text.parent[place] = nodes.Text(new)


def setup(app: Sphinx) -> dict[str, Any]:
    """Bind in every page."""
    app.add_post_transform(Bind)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
