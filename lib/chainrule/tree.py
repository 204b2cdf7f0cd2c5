"""Walking and drawing a tree of layers: what counts as a child, and how the tree prints."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.layer import Layer


def layers_in(value: Any, name: str = "") -> list[tuple[str, "Layer"]]:
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
    return callable(part) and hasattr(part, "walk")


def function_name(function: Any) -> str:
    """`tanh` for tanh and for partial(leaky_relu, slope=0.2): `leaky_relu(slope=0.2)`."""
    inner = getattr(function, "func", None)
    if inner is not None:
        options = [repr(a) for a in function.args] + [f"{k}={v!r}" for k, v in function.keywords.items()]
        return f"{function_name(inner)}({', '.join(options)})"
    return getattr(function, "__name__", type(function).__name__)


def draw(layer: "Layer") -> str:
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
