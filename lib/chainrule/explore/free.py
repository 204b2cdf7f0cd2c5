"""Free controls: in a live kernel the reader sets them to anything, while the website shows examples of it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Number:
    """A free number: any multiple of `step` from lo to hi."""

    lo: float
    hi: float
    step: float
    examples: tuple[float, ...]


@dataclass(frozen=True)
class Text:
    """A free text."""

    examples: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """A free picture. Its value is the name of an example, and a line for each pixel touched: "a seven\\n+12\\n-40"."""

    pictures: Mapping[str, np.ndarray]

    @property
    def examples(self) -> tuple[str, ...]:
        """The names of the pictures to begin with."""
        return tuple(self.pictures)

    def pixels(self, value: str) -> np.ndarray:
        """The picture of a value: the example, with full ink on pixels touched with +, and none on those with -."""
        name, *touches = value.split("\n")
        picture = self.pictures[name].copy()
        for touch in touches:
            picture.flat[int(touch[1:])] = touch[0] == "+"
        return picture

    def touch(self, value: str, pixel: int) -> str:
        """The value after one more touch, which puts ink on an empty pixel and takes it off a full one."""
        name, *touches = value.split("\n")
        sign = "-" if self.pixels(value).flat[pixel] >= 0.5 else "+"
        return "\n".join([name, *(touch for touch in touches if touch[1:] != str(pixel)), f"{sign}{pixel}"])

    def shown(self, value: str) -> str:
        """The example's name, and that it has been edited."""
        name, *touches = value.split("\n")
        return f"{name}, edited" if touches else name


Free = Number | Text | Drawing


def number(lo: float, hi: float, step: float, examples: Iterable[float]) -> Number:
    """A value that the reader sets freely, such as one weight: `edit={"w": number(-3, 3, 0.1, examples=[-2, 0, 2])}`.

    Raises  ValueError unless lo < hi, 0 < step ≤ hi − lo, and every example lies in [lo, hi].
    """
    free = Number(lo, hi, step, tuple(examples))
    if not -math.inf < lo < hi < math.inf or not 0 < step <= hi - lo:
        raise ValueError(f"number takes lo < hi and 0 < step ≤ hi − lo, got lo={lo}, hi={hi}, step={step}")
    outside = [v for v in free.examples if not lo <= v <= hi]
    if outside:
        raise ValueError(f"number takes examples between {lo} and {hi}, got {outside}")
    return free


def text(examples: Iterable[str]) -> Text:
    """A text that the reader types, such as a sentence: `edit={"sentence": text(["a cat sat", "sat a cat"])}`.

    `compute` meets whatever is typed: a ValueError that it raises is shown beneath the picture.
    Raises  ValueError unless the examples are texts.
    """
    free = Text((examples,) if isinstance(examples, str) else tuple(examples))
    wrong = [v for v in free.examples if not isinstance(v, str)]
    if wrong or isinstance(examples, str):
        raise ValueError(f"text takes a list of texts as examples, got {wrong or examples!r}")
    return free


def drawing(pictures: Mapping[str, npt.ArrayLike]) -> Drawing:
    """A picture whose pixels the reader edits: `edit={"digit": drawing({"a three": x[0], "empty": np.zeros((8, 8))})}`.

    pictures  name → (rows, columns), from 0, no ink, to 1; what to begin with. The explorer's functions get the
              array, of float32 as the layers take it.

    Raises  ValueError unless the pictures are of one size, at most 16 × 16, and within [0, 1].
    """
    free = Drawing({name: np.asarray(picture, np.float32) for name, picture in pictures.items()})
    shapes = sorted({picture.shape for picture in free.pictures.values()})
    if len(shapes) != 1 or len(shapes[0]) != 2 or not 1 <= min(shapes[0]) <= max(shapes[0]) <= 16:
        raise ValueError(f"drawing takes pictures of one size, (rows, columns) up to 16 × 16; got shapes {shapes}")
    outside = [n for n, picture in free.pictures.items() if not ((picture >= 0) & (picture <= 1)).all()]
    if outside or any("\n" in name for name in free.pictures):
        raise ValueError(
            f"drawing takes pixels within [0, 1], and names of one line; not so {outside or free.examples}"
        )
    return free
