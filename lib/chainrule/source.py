"""The library's own source on a chapter's page, read from the object itself, so that page and code cannot drift."""

import ast
import inspect
import textwrap
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Source:
    """Code with the file it comes from; a notebook shows it highlighted, plain text is the code."""

    places: tuple[str, ...]
    code: str

    def __repr__(self) -> str:
        return self.code

    def _repr_markdown_(self) -> str:
        fence = "`" * (4 if "```" in self.code else 3)
        return f"{', '.join(f'`{p}`' for p in self.places)}\n\n{fence}python\n{self.code}\n{fence}"


def source(*things: Any, docstring: bool = True) -> Source:
    """The source of library classes, functions, methods or modules; docstring=False leaves their docstrings out.

    Raises TypeError where an object has no Python source, such as a number or a NumPy ufunc.
    """
    if not things:
        raise TypeError("source takes at least one class, function, method or module")
    places = dict.fromkeys(place(thing) for thing in things)
    codes = (textwrap.dedent(inspect.getsource(thing)).strip("\n") for thing in things)
    return Source(tuple(places), "\n\n\n".join(c if docstring else without_docstrings(c) for c in codes))


def place(thing: Any) -> str:
    """chainrule/dense.py; without line numbers, which would change with every edit above."""
    module = inspect.getmodule(thing)
    kinds = (inspect.isfunction, inspect.ismethod, inspect.isclass, inspect.ismodule)
    if module is None or not any(kind(thing) for kind in kinds):
        raise TypeError(f"source takes a class, function, method or module, got {thing!r}")
    path = module.__name__.replace(".", "/")
    return f"{path}/__init__.py" if hasattr(module, "__path__") else f"{path}.py"


def without_docstrings(code: str) -> str:
    """The code without the docstrings of its module, classes and functions; a body left empty becomes `...`."""
    lines = code.split("\n")
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    owners = [n for n in ast.walk(ast.parse(code)) if isinstance(n, nodes) and ast.get_docstring(n) is not None]
    for node in sorted(owners, key=lambda n: -n.body[0].lineno):
        first = node.body[0]
        end = first.end_lineno or first.lineno
        while len(node.body) > 1 and end < len(lines) and not lines[end].strip():
            end += 1  # the blank line after a docstring goes with it
        before = lines[first.lineno - 1].encode()[: first.col_offset].decode()
        lines[first.lineno - 1 : end] = [] if len(node.body) > 1 else [f"{before}..."]  # a body cannot be empty
    return "\n".join(lines)
