"""A docstring as paragraphs and labelled rows, with its formulas and its code found."""

import ast
import re
import textwrap
from dataclasses import dataclass

from docutils import nodes

from website.reference.formulas import is_formula, parts, tex

CALL = re.compile(r"^ ?(\(?\w[\w, ()*]* = [\w.]+\(.*\))([;,.]?)$")
ROW = re.compile(r"^(\w+(?:, \w+)*) {2,}(\S.*)$")
CODE = re.compile(r"`([^`]+)`")
QUOTED = re.compile(r"`[^`]+`|\w+(?:=\"[^\"]+\"|\[\"[^\"]+\"\])|\{['\"][^}]+\}")  # code, with quotes or in backticks
# In prose: one letter, perhaps after a d, with an index (x_t, dh_{t−1}), or raised (e^y, 2^(a + b)).
SYMBOL = re.compile(
    r"(?<![\w.'])(d?[^\W\d_][\u0300-\u036f]?_(?:\{[^}]+\}|(?!in\b)[A-Za-z0-9α-ω]{1,2}(?![A-Za-z0-9_]))[¹²³]?"
    r"|[^\W_][\u0300-\u036f]?\^(?:\{[^}]+\}|\([^)]+\)|−?\|[^|]+\||−?\w+))"
)
SHAPES = re.compile(r"^ *\w+ \([^()]*\).*→.*$", re.MULTILINE)
SHAPE = re.compile(r"(?<![\w.])((?:\w+, )*\w+) (\([^()]*,[^()]*\))")
GREEK = {"gamma": "γ", "beta": "β"}


@dataclass(frozen=True)
class Row:
    """`Backward  dW = xᵀ dy`: a label and what is said of it."""

    label: str
    text: str


@dataclass(frozen=True)
class Display:
    """Lines that stand by themselves, indented: formulas, or code."""

    lines: tuple[str, ...]


def blocks(doc: str) -> list[str | Display | list[Row]]:
    """Paragraphs as text, each a line; displayed lines; and tables of labelled rows."""
    found: list[str | Display | list[Row]] = []
    for i, paragraph in enumerate(re.split(r"\n(?:[ \t]*\n)+", doc.strip("\n"))):
        lines = paragraph.split("\n")
        if i and all(line.startswith("    ") for line in lines):
            found.append(Display(tuple(textwrap.dedent(paragraph).split("\n"))))
            continue
        start = next((k for k, line in enumerate(lines) if i and ROW.match(line)), len(lines))
        if start:
            found.append(_joined(lines[:start]))
        if start < len(lines):
            found.append(_rows(lines[start:]))
    return found


def shapes(doc: str) -> dict[str, str]:
    """The shapes that a docstring states in a line such as `x (..., n_in) → y (..., n_out);  W (n_in, n_out)`."""
    stated = SHAPE.findall(" ".join(SHAPES.findall(doc)))
    return {GREEK.get(name, name): shape for names, shape in stated for name in names.split(", ")}


def _rows(lines: list[str]) -> list[Row]:
    rows: list[Row] = []
    for line in lines:
        match = ROW.match(line)
        if match:
            rows.append(Row(match[1], match[2]))
        else:  # what is indented goes on with the row above; what is not ends the table in its last row
            rows[-1] = Row(rows[-1].label, f"{rows[-1].text} {line.strip()}")
    return rows


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


def text_nodes(text: str) -> list[nodes.Node]:
    """Text with `code` as literals; formulas, and the symbols among words, as maths."""
    made: list[nodes.Node] = []
    for piece, typeset in parts(text):
        if typeset:
            made.append(nodes.math(piece, tex(piece)))
            continue
        call = CALL.match(piece)
        if call:
            made += [nodes.Text(" "), nodes.literal(call[1], call[1]), nodes.Text(call[2])]
            continue
        piece = QUOTED.sub(lambda code: f"`{code[0].strip('`')}`", piece)
        for k, bit in enumerate(CODE.split(piece)):
            if bit:
                made += [nodes.literal(bit, bit)] if k % 2 else _with_symbols(bit)
    return made


def _with_symbols(text: str) -> list[nodes.Node]:
    bits = enumerate(SYMBOL.split(text))
    return [nodes.math(bit, tex(bit)) if k % 2 else nodes.Text(bit) for k, bit in bits if bit]


def display_nodes(display: Display) -> list[nodes.Node]:
    """Each formula a line of its own; lines of which one is no formula are code."""
    if all(is_formula(line) for line in display.lines):
        return [nodes.paragraph("", "", nodes.math(line, tex(line)), classes=["displayed"]) for line in display.lines]
    code = "\n".join(display.lines)
    return [nodes.literal_block(code, code, language="python" if _is_python(code) else "text")]


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def doc_nodes(doc: str) -> list[nodes.Node]:
    """The whole docstring as paragraphs and definition lists; its formulas know the shapes that it states."""
    made: list[nodes.Node] = []
    for block in blocks(doc):
        if isinstance(block, str):
            made.append(nodes.paragraph("", "", *text_nodes(block)))
            continue
        if isinstance(block, Display):
            made += display_nodes(block)
            continue
        terms = nodes.definition_list(classes=["docstring"])
        for row in block:
            term = nodes.term("", "", nodes.Text(row.label))
            meaning = nodes.definition("", nodes.paragraph("", "", *text_nodes(row.text)))
            terms += nodes.definition_list_item("", term, meaning)
        made.append(terms)
    for formula in (formula for node in made for formula in node.findall(nodes.math)):
        formula["shapes"] = shapes(doc)
    return made
