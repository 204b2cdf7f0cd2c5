"""Maths is rendered while the site is built: KaTeX runs in a small JavaScript engine, and pages need no script for it.

The result is HTML for the eye and MathML for screen readers. It covers all that docutils calls maths: Markdown's
dollars, amsmath environments, numbered equations, SymPy's LaTeX outputs. A formula that KaTeX refuses is a warning.
"""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import quickjs
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from website.symbols import mark

log = logging.getLogger(__name__)

KATEX = Path(__file__).parent / "katex" / "katex.min.js"
ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL)
SELF_NUMBERED = re.compile(r"\\(begin|end)\{(align|gather|equation|alignat)\}")
LABEL = re.compile(r"\\label\{[^}]*\}")
MATRIX = re.compile(r"\\begin\{([bp]?matrix)\}.*?\\end\{\1\}", re.DOTALL)
NAME = re.compile(r"(?<![\\\w{])([a-z]{4,})(?![\w}])")  # in SymPy's output a name, such as gain, not a product


@lru_cache(1)
def engine() -> quickjs.Context:
    """The JavaScript engine with KaTeX loaded, one for the whole build."""
    context = quickjs.Context()
    context.eval(KATEX.read_text(encoding="utf-8"))
    return context


@lru_cache(None)
def render(tex: str, display: bool) -> str:
    """The formula as HTML with MathML. Raises JSException where KaTeX refuses it."""
    options = {"displayMode": display, "throwOnError": True, "strict": False, "trust": False}
    tex = MATRIX.sub(spread, tex)
    return engine().eval(f"String(katex.renderToString({json.dumps(tex)}, {json.dumps(options)}))")


def spread(matrix: re.Match) -> str:
    """The matrix with its rows further apart where they hold fractions, which KaTeX lets touch."""
    return rf"{{\def\arraystretch{{1.5}}{matrix[0]}}}" if r"\frac" in matrix[0] else matrix[0]


def html(translator: HTML5Translator, node: nodes.Element, tex: str, display: bool) -> str:
    """The formula as HTML; one that KaTeX refuses becomes its source, and a warning."""
    try:
        tex = LABEL.sub("", tex).strip()
        if tex.startswith(r"\displaystyle"):
            tex = NAME.sub(r"\\mathit{\1}", tex)
        rendered = render(tex, display)
        return mark(rendered, node["lookup"]) if "lookup" in node else rendered
    except quickjs.JSException as error:
        reason = str(error).strip().splitlines()[0]
        log.warning("KaTeX refuses %r: %s", tex, reason, location=node, type="maths")
        return f'<code class="maths-error">{translator.encode(tex)}</code>'


def inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    start = translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    translator.body.append(start + html(translator, node, node.astext(), display=False) + "</span>")
    raise nodes.SkipNode


def block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number and permalink where it has one."""
    tex = node.astext().strip()
    if "\\\\" in ENVIRONMENT.sub("", tex):  # lines outside any environment: Sphinx allows them
        tex = rf"\begin{{split}}{tex}\end{{split}}"
    tex = SELF_NUMBERED.sub(r"\\\1{\2*}", tex)  # the number is Sphinx's, not the engine's
    translator.body.append(translator.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    translator.body.append(html(translator, node, tex, display=True))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def number_by_page(_app: Sphinx, env: BuildEnvironment) -> None:
    """Each page counts its equations from 1; Sphinx counts through the book where chapters have no numbers."""
    for counters in env.toc_fignumbers.values():
        equations = counters.get("displaymath", {})
        equations.update({equation: (i,) for i, equation in enumerate(equations, start=1)})


def setup(app: Sphinx) -> dict[str, Any]:
    """Register KaTeX as the renderer of all maths."""
    app.connect("env-check-consistency", number_by_page)
    app.add_html_math_renderer("katex", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
