"""KaTeX's HTML as a tree of boxes, in which a formula's symbols are found.

A letter with its accent, its subscript and a `d` before it is a symbol, named as one would type it: `W`, `W_0`, `n_in`,
`x̃`, `dW`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

LETTERS = {"mathnormal", "mathit", "mathbf", "boldsymbol", "mathbb", "mathrm"}
ACCENTS = {"~": "\u0303", "^": "\u0302", "ˉ": "\u0304"}
CAPITALS = set("ΓΔΘΛΞΠΣΥΦΨΩ")  # upright, and without a class of their own
INVISIBLE = re.compile(r"[\s\u200b]")


@dataclass
class Place:
    """A symbol in a formula: the box to be marked, its names without and with a subscript, and the `d` before it."""

    box: ET.Element
    base: str
    written: str
    d: ET.Element | None


class Tree:
    """The boxes of one formula, with the way from each to the one around it."""

    def __init__(self, html: str) -> None:
        start = html.index('<span class="katex-html"')
        end = len(html) - len("</span>") * (2 if html.startswith('<span class="katex-display"') else 1)
        self._around = html[:start], html[end:]
        self.root = ET.fromstring(html[start:end].replace(' xmlns="http://www.w3.org/2000/svg"', ""))
        self._split_letters()
        self.parent = {child: box for box in self.root.iter() for child in box}

    def html(self) -> str:
        """The formula as HTML again."""
        return self._around[0] + ET.tostring(self.root, "unicode", "html") + self._around[1]

    def _split_letters(self) -> None:
        """KaTeX sets a product such as `ab` as one leaf; here each letter gets its own."""
        for row in list(self.root.iter()):
            for leaf in [box for box in row if "mathnormal" in _classes(box) and len(box.text or "") > 1]:
                place = list(row).index(leaf)
                for letter in reversed((leaf.text or "")[:-1]):
                    single = ET.Element("span", {"class": leaf.get("class", "")})
                    single.text = letter
                    row.insert(place, single)
                leaf.text = (leaf.text or "")[-1]

    def places(self) -> Iterator[Place]:
        """The symbols in the order of the boxes; indices below a symbol belong to it and are none themselves."""
        below = {leaf for box in self.root.iter() if _is_scripts(box) for leaf in _subscript(box).iter()}
        before = None
        for leaf in [box for box in self.root.iter() if not len(box) and INVISIBLE.sub("", box.text or "")]:
            if leaf not in below and self._is_symbol(leaf):
                box, base = self._accented(leaf)
                scripts = self.parent[box][-1]
                subscript = _text(_subscript(scripts)) if _is_scripts(scripts) and scripts is not box else ""
                d = before if before is not None and before.text == "d" and self._next(before, box) else None
                yield Place(box, base, f"{base}_{subscript}" if subscript else base, d)
            before = leaf

    def operators(self) -> list[ET.Element]:
        """The names that stand upright, such as E and KL."""
        return [leaf for box in self.root.iter() if "mop" in _classes(box) for leaf in box if _is_letter(leaf)]

    def _is_symbol(self, leaf: ET.Element) -> bool:
        """Whether this is a letter, and neither the name of an operator such as tr nor the d of dW."""
        row = list(self.parent[leaf])
        after = row[row.index(leaf) + 1 :]
        is_d = leaf.text == "d" and bool(after) and _starts_with_letter(after[0])
        return _is_letter(leaf) and not is_d and "mop" not in _classes(self.parent[leaf])

    def _next(self, d: ET.Element, box: ET.Element) -> bool:
        """Whether the box, or the group that it opens, stands right after the d."""
        row = list(self.parent[d])
        after = row[row.index(d) + 1 :]
        return bool(after) and any(inner is box for inner in after[0].iter())

    def _accented(self, leaf: ET.Element) -> tuple[ET.Element, str]:
        """The box of a letter together with its accent, and its name."""
        bold = "bold " if "mathbf" in _classes(leaf) else ""
        box = leaf
        while (box := self.parent.get(box, self.root)) is not self.root and "katex-base" not in _classes(box):
            if "katex-accent" in _classes(box):
                return box, bold + (leaf.text or "") + ACCENTS.get(_text(box)[-1], "")
            if _is_scripts(box) or "mfrac" in _classes(box):
                break
        return leaf, bold + (leaf.text or "")

    def with_d(self, place: Place) -> ET.Element:
        """A box around the d and the group after it."""
        assert place.d is not None
        row = self.parent[place.d]
        at = list(row).index(place.d)
        group = row[at + 1]
        both = ET.Element("span")
        row.remove(group)
        row.remove(place.d)
        both.extend([place.d, group])
        row.insert(at, both)
        self.parent.update({place.d: both, group: both, both: row})
        return both


def _classes(box: ET.Element) -> set[str]:
    return set(box.get("class", "").split())


def _is_letter(leaf: ET.Element) -> bool:
    text, classes = leaf.text or "", _classes(leaf)
    return (bool(classes & LETTERS) and (text.isalpha() or "mathbf" in classes)) or (
        "mord" in classes and text in CAPITALS
    )


def _starts_with_letter(box: ET.Element) -> bool:
    leaf = next((inner for inner in box.iter() if not len(inner) and INVISIBLE.sub("", inner.text or "")), box)
    return _is_letter(leaf)


def _is_scripts(box: ET.Element) -> bool:
    """Whether the box holds a subscript, alone or under a superscript."""
    return "msupsub" in _classes(box) and "vlist-t2" in _classes(box[0])


def _subscript(scripts: ET.Element) -> ET.Element:
    return scripts[0][0][0][0]


def _text(box: ET.Element) -> str:
    return INVISIBLE.sub("", "".join(box.itertext()))
