"""The library's reference: formulas from docstrings, and a page for everything public."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from docutils import nodes

import chainrule
import chainrule.models
from website.maths import render
from website.reference.directive import public, signature
from website.reference.docstring import Display, Row, blocks, doc_nodes, text_nodes
from website.reference.formulas import parts, tex

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "book" / "reference"
PAGES = {
    match[1]: path
    for path in sorted(REFERENCE.glob("*.md"))
    if (match := re.search(r"\{library\} chainrule\.(\S+)", path.read_text(encoding="utf-8")))
}
MODULES = [m.name for m in iter_modules(chainrule.__path__) if m.name != "models"]
MODELS = [f"models.{m.name}" for m in iter_modules(chainrule.models.__path__)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("y = x W + b", r"y = x\,W + b"),
        ("dx = dy Wᵀ", r"\mathrm{d}x = \mathrm{d}y\,W^{T}"),
        ("dx = dh W₀ᵀ", r"\mathrm{d}x = \mathrm{d}h\,W_{0}^{T}"),
        ("y = x_tᵀ", r"y = x_{t}^{T}"),
        ("θ ← θ − lr m̂ / (√v̂ + ε)", r"θ \leftarrow  θ - \mathrm{lr}\,\hat{m} / (\sqrt{\hat{v}} + ε)"),
        ("s = √((1 − a) / (1 − b)) c", r"s = \sqrt{(1 - a) / (1 - b)}\,c"),
        ("s = √max(1, n)", r"s = \sqrt{\max (1, n)}"),
        ("y = e^{l_j} / Σ_j e^{l_j}", r"y = e^{l_{j}} / \sum _{j}\,e^{l_{j}}"),
        ("y = e^−|x|", r"y = e^{-|x|}"),
        ("y = max_a' Q'(a')", r"y = \max _{a'} Q'(a')"),
        (
            "L = mean over rows of l",
            r"L = \operatorname{mean} \allowbreak \text{ over} \allowbreak \text{ rows} \allowbreak \text{ of } l",
        ),
        ("y = 0 otherwise;", r"y = 0 \allowbreak \text{ otherwise};"),
        ("dl = (softmax(l) − t) / N", r"\mathrm{d}l = (\operatorname{softmax}(l) - t) / N"),
        ("x_t = √ᾱ_t x_0", r"x_{t} = \sqrt{\bar{α}_{t}}\,x_{0}"),
        ("y = x where x > 0, else 0", r"y = x \allowbreak \text{ where } x \gt  0, \allowbreak \text{ else } 0"),
    ],
)
def test_a_formula_in_tex(formula, expected):
    assert tex(formula) == expected
    render(tex(formula), False)


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (
            "Mean squared error  L = mean (y − t)²;  dy = 2 (y − t) / size.",
            ["L = mean (y − t)²", "dy = 2 (y − t) / size"],
        ),
        ("y = tanh x;  dx = (1 − y²) dy.", ["y = tanh x", "dx = (1 − y²) dy"]),
        ("Clip  dy = clip(e) / size. Huber (1964).", ["dy = clip(e) / size"]),
        ("An affine map  y = x A + b,  which holds W = A B of rank at most r.", ["y = x A + b"]),
        ("run it:  `y, back = f(x)`", []),
        ("Where it is called as  (y, h), back = gru.run(x, h0)", []),
        ("Raises ValueError where n = 0.", []),
        ("limits  ValueError unless every rate lo ≤ hi", []),
    ],
)
def test_formulas_are_told_from_prose(text, formulas):
    assert [piece for piece, is_formula in parts(text) if is_formula] == formulas
    assert re.sub(r"\s+", " ", "".join(piece for piece, _ in parts(text))) == re.sub(r"\s+", " ", text)


def test_a_docstring_becomes_paragraphs_and_rows():
    table = "Backward  dx = dy,\n          twice\nRaises    ValueError."
    doc = f"Sum up.\n\nx (N, d) → y\nof two lines\n\n{table}\n\nn, m   sizes"
    rows = [Row("Backward", "dx = dy, twice"), Row("Raises", "ValueError.")]
    assert blocks(doc) == ["Sum up.", "x (N, d) → y of two lines", rows, [Row("n, m", "sizes")]]


def test_indented_lines_stand_by_themselves():
    doc = "Sum up.\n\n    a = b + c\n    d = e\n\nThen:\n\n    for x in xs:\n        run(x)"
    assert blocks(doc) == ["Sum up.", Display(("a = b + c", "d = e")), "Then:", Display(("for x in xs:", "    run(x)"))]
    kinds = [type(node) for node in doc_nodes(doc)]
    assert kinds == [nodes.paragraph] * 4 + [nodes.literal_block]


def test_calls_are_code():
    (before, call, end) = text_nodes("y, back = lstm(x);")
    assert isinstance(call, nodes.literal) and call.astext() == "y, back = lstm(x)" and end.astext() == ";"


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("the state h_t of x_{t−1}, from zero", ["h_{t}", "x_{t-1}"]),
        ("so dα_ij, and x̂_0 once", [r"\mathrm{d}α_{ij}", r"\hat{x}_{0}"]),
        ("max(x, 0) + log(1 + e^−|x|), or 2^(−8h / H)", ["e^{-|x|}", "2^{-8h / H}"]),
        ("ε_θ(x_T, t) and σ_t² last", ["ε_{θ}", "x_{T}", "σ_{t}^{2}"]),
        ("n_in, x_train and `h_t` are names; self.x_t, a_source too", []),
    ],
)
def test_symbols_among_words_are_maths(text, symbols):
    made = text_nodes(text)
    assert [node.astext() for node in made if isinstance(node, nodes.math)] == symbols
    assert "".join(getattr(node, "rawsource", "") or node.astext() for node in made) == text.replace("`", "")


def test_code_with_quotes_is_code():
    made = text_nodes('by="mean" of `x[0]`; options["low"], and {\'0.W\': array}, not "this"')
    assert [node.astext() for node in made if isinstance(node, nodes.literal)] == [
        'by="mean"', "x[0]", 'options["low"]', "{'0.W': array}",
    ]  # fmt: skip


def test_code_and_formulas_become_nodes():
    kinds = [type(node) for node in text_nodes("Take `x`:  y = x W")]
    assert kinds == [nodes.Text, nodes.literal, nodes.Text, nodes.Text, nodes.math]


def test_signatures_have_names_and_defaults_without_types():
    from chainrule.dense import Dense

    assert signature(Dense) == "(n_in, n_out, rng, init=glorot, bias=True, dtype=float32)"


@pytest.mark.parametrize("name", [*MODULES, *MODELS])
def test_every_module_has_a_page(name):
    assert name in PAGES, f"chainrule.{name} has no page in book/reference"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_everything_public(name, site):
    html = (site / "book" / "reference" / f"{PAGES[name].stem}.html").read_text(encoding="utf-8")
    module = import_module(f"chainrule.{name}")
    names = list(public(module))
    assert [n for n in names if f">{n}</span></code>" not in html] == []
    assert getattr(module, "__all__", None) is None or names, f"chainrule.{name} exports nothing"
    assert not re.search(r"<p>(def \w+\(|from \S+ import |import \w)", html), (
        "a program stands as a paragraph: indent it"
    )


def test_a_chapter_is_linked_once_it_exists(site):
    dense = (site / "book" / "reference" / "dense.html").read_text(encoding="utf-8")
    assert re.search(r'Derived in <a [^>]*href="\.\./foundations/linear-layers\.html"', dense)
    for path in PAGES.values():
        slugs = re.findall(r":chapter: (.*)", path.read_text(encoding="utf-8"))
        html = (site / "book" / "reference" / f"{path.stem}.html").read_text(encoding="utf-8")
        written = any((ROOT / "book" / f"{slug}.ipynb").exists() for line in slugs for slug in line.split())
        assert ("Derived in" in html) == written, path.name


def test_the_first_page_leads_to_every_module():
    said = (REFERENCE / "index.md").read_text(encoding="utf-8")
    assert [path.name for path in PAGES.values() if f"({path.name})" not in said] == []
