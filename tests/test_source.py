"""`source` shows the real code: it compiles, it follows the object, and docstrings go where asked."""

import ast

import numpy as np
import pytest

import chainrule.dense
from chainrule.activations import relu, tanh
from chainrule.dense import Dense, LoRA
from chainrule.layer import Layer
from chainrule.source import source, without_docstrings


def test_it_is_the_real_source():
    names = dict(vars(chainrule.dense))
    exec(source(Dense).code, names)
    layer = names["Dense"](3, 2, np.random.default_rng(0))
    x = np.ones((4, 3), np.float32)
    assert np.array_equal(layer(x)[0], Dense(3, 2, np.random.default_rng(0))(x)[0])


def test_markdown_names_the_file_and_fences_the_code():
    text = source(tanh, relu)._repr_markdown_()
    assert text.startswith("`chainrule/activations.py`\n\n```python\ndef tanh(")
    assert text.endswith("\n```")
    assert "\n\n\ndef relu(" in text
    assert repr(source(tanh)) == source(tanh).code
    assert source(tanh, Dense).places == ("chainrule/activations.py", "chainrule/dense.py")


def test_a_method_is_shown_unindented():
    assert source(Dense.forward).code.startswith("def forward(self")


def test_without_docstrings_the_rest_is_unchanged():
    for thing in (Dense, LoRA, Layer, tanh, chainrule.dense):
        full, short = source(thing).code, source(thing, docstring=False).code
        assert len(short) < len(full)
        assert ast.dump(without(ast.parse(full))) == ast.dump(without(ast.parse(short)))
        assert not any(ast.get_docstring(n) for n in owners(ast.parse(short)))


def owners(tree):
    return [n for n in ast.walk(tree) if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef))]


def without(tree):
    for node in owners(tree):
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Expr(ast.Constant(...))]
    return tree


def test_a_body_that_is_a_docstring_keeps_a_body():
    assert without_docstrings('def f():\n    """Nothing."""') == "def f():\n    ..."
    assert without_docstrings('class A:\n    """Two\n    lines."""\n\n    x = 1') == "class A:\n    x = 1"
    assert without_docstrings('def f(): """One line."""') == "def f(): ..."


def test_comments_and_blank_lines_stay():
    code = "def f():\n    # why\n    a = 1\n\n    return a"
    assert without_docstrings(code) == code


def test_code_that_holds_a_fence_is_fenced_longer():
    from chainrule.source import Source

    assert Source(("a.py",), "x = '```'")._repr_markdown_().endswith("\n````")


@pytest.mark.parametrize("thing", [3, "Dense", np.add, len, Dense(2, 2, np.random.default_rng(0))], ids=repr)
def test_what_has_no_source_is_refused(thing):
    with pytest.raises(TypeError, match="source takes a class, function, method or module, got"):
        source(thing)


def test_nothing_is_refused():
    with pytest.raises(TypeError, match="at least one"):
        source()
