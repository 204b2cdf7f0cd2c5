"""Symbols of a formula that say what they are: each is marked with its name, its shape and its meaning.

What a symbol means is asked of the caller.
"""

from collections.abc import Callable
from dataclasses import dataclass

from website.boxes import Place, Tree


@dataclass(frozen=True)
class Symbol:
    """What a reader is told: the shape as code writes it, and the meaning in words."""

    shape: str
    meaning: str


Lookup = Callable[[str], Symbol | None]


def mark(html: str, lookup: Lookup) -> str:
    """KaTeX's HTML with each known symbol marked; the MathML, which screen readers read, stays as it is."""
    tree = Tree(html)
    for place in list(tree.places()):
        name, symbol = resolve(place, lookup)
        if symbol:
            box = tree.with_d(place) if place.d is not None and name.startswith("d") else place.box
            box.attrib.update(tip(name, symbol))
    for operator in tree.operators():
        if symbol := lookup(operator.text or ""):
            operator.attrib.update(tip(operator.text or "", symbol))
    return tree.html()


def tip(name: str, symbol: Symbol) -> dict[str, str]:
    """The attributes of a marked box."""
    return {"data-symbol": name, "data-shape": symbol.shape, "data-tip": symbol.meaning}


def names(html: str) -> list[tuple[str, str]]:
    """The symbols of a formula in their order: without and with their subscripts."""
    return [(place.base, place.written) for place in Tree(html).places()]


def resolve(place: Place, lookup: Lookup) -> tuple[str, Symbol | None]:
    """Its name and what it is: dW_0 is looked up as itself, then as the gradient of W_0, then as that of W."""
    if place.d is not None and (symbol := lookup("d" + place.written)):
        return "d" + place.written, symbol
    name = place.written if lookup(place.written) else place.base
    symbol = lookup(name)
    if symbol and place.d is not None:
        return "d" + name, Symbol(symbol.shape, f"gradient of the loss with respect to {name.replace('_', '')}")
    return name, symbol
