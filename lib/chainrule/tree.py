"""A model is a tree of layers: what counts as a child, how every array gets its name, and how the tree prints."""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np


class Tree:
    """What a layer knows of its place: its arrays, its children, and the names of everything below it.

    Public attributes that are layers, or lists or tuples of layers, are its children.
    """

    names: tuple[str, ...] = ()  # its own parameters, in the order they were declared
    kept_names: tuple[str, ...] = ()  # its own arrays that are saved but not trained
    tables: tuple[str, ...] = ()  # those of its parameters whose rows are looked up, each for itself: no matrix product

    def children(self) -> Iterator[tuple[str, Self]]:
        """(name, layer) for each layer held in a public attribute, or in a list or tuple there."""
        for name, value in vars(self).items():
            if name[0] != "_":
                yield from layers_in(value, name)

    def walk(self, path: str = "", seen: set | None = None) -> Iterator[tuple[str, Self]]:
        """(path, layer) for this layer and all below it, each once, depth first."""
        seen = set() if seen is None else seen
        if id(self) not in seen:
            seen.add(id(self))
            yield path, self
            for name, child in self.children():
                yield from child.walk(f"{path}{name}.", seen)

    @property
    def params(self) -> dict[str, np.ndarray]:
        """{'encoder.0.W': array}; the arrays are live, so params[k][...] = v sets them."""
        return {path + n: getattr(layer, n) for path, layer in self.walk() for n in layer.names}

    @property
    def grads(self) -> dict[str, np.ndarray]:
        """{'encoder.0.W': dL/dW}, in the order of `params`."""
        return {path + n: getattr(layer, "d" + n) for path, layer in self.walk() for n in layer.names}

    @property
    def kept(self) -> dict[str, np.ndarray]:
        """{'1.running_mean': array}: what is saved with the model but not trained; the arrays are live."""
        return {path + n: getattr(layer, n) for path, layer in self.walk() for n in layer.kept_names}

    @property
    def size(self) -> int:
        """The number of parameters in the tree."""
        return sum(array.size for array in self.params.values())

    def label(self) -> str:
        """One line for error messages and drawings, such as `Dense(4 → 8)`."""
        return type(self).__name__

    def __repr__(self) -> str:
        return draw(self)


def layers_in(value: Any, name: str = "") -> list[tuple[str, Any]]:
    """(name, layer) for a layer, or for each layer in a list or tuple, nested ones included.

    Raises TypeError for a dict or a set of layers: it would be trained by nobody.
    """
    return [(path, part) for path, part in parts_in(value, name) if _is_layer(part)]


def parts_in(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """(name, part) for each layer or function held by an attribute's value."""
    if isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from parts_in(item, f"{name}.{i}")
    elif isinstance(value, (dict, set, frozenset)):
        if any(layers_in(item) for item in (value.values() if isinstance(value, dict) else value)):
            kind, what = type(value).__name__, name or "an attribute"
            raise TypeError(f"{what} holds layers in a {kind}; hold them in attributes, a list or a tuple")
    elif callable(value) and not isinstance(value, type):
        yield name, value


def with_tuples(value: Any) -> Any:
    """Lists of layers become tuples, so that a tree can change only through an attribute."""
    if layers_in(value) and type(value) in (list, tuple):
        return tuple(with_tuples(item) for item in value)
    return value


def _is_layer(part: Any) -> bool:
    return isinstance(part, Tree)


def function_name(function: Any) -> str:
    """`tanh` for tanh and for partial(leaky_relu, slope=0.2): `leaky_relu(slope=0.2)`."""
    inner = getattr(function, "func", None)
    if inner is not None:
        options = [repr(a) for a in function.args] + [f"{k}={v!r}" for k, v in function.keywords.items()]
        return f"{function_name(inner)}({', '.join(options)})"
    return getattr(function, "__name__", type(function).__name__)


def draw(layer: Tree) -> str:
    """The tree as text, with the number of parameters of each part at the right."""
    rows = list(_rows(layer, "", "", set()))
    if len(rows) == 1:
        return layer.label()
    width = max(len(text) for text, _ in rows)
    digits = max(len(count) for _, count in rows)
    return "\n".join(f"{text:<{width}}  {count:>{digits}}".rstrip() for text, count in rows)


def _rows(part: Any, first: str, rest: str, seen: set) -> Iterator[tuple[str, str]]:
    if not _is_layer(part):
        yield first + function_name(part), ""
        return
    if id(part) in seen:
        yield f"{first}{part.label()} (shared, counted above)", ""
        return
    seen.add(id(part))
    yield first + part.label(), f"{part.size:,}"
    inner = [pair for name, value in vars(part).items() if name[0] != "_" for pair in parts_in(value, name)]
    for i, (name, child) in enumerate(inner):
        last = i == len(inner) - 1
        yield from _rows(child, f"{rest}{'└─' if last else '├─'} {name}: ", rest + ("   " if last else "│  "), seen)
