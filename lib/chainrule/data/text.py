"""The book's text, and text as numbers: one id for each character."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import expect_number, expect_positive_int


class Parts(NamedTuple):
    """A sequence cut by position: what comes first is trained on, what comes last is the test."""

    train: Any
    validation: Any
    test: Any


def corpus() -> str:
    """The text that every language model of the book is trained on."""
    return (files("chainrule.data") / "corpus.txt").read_text(encoding="utf-8")


def cut(sequence: Sequence | np.ndarray, validation: float = 0.1, test: float = 0.1) -> Parts:
    """A text, or an array by its first axis, in three parts in order, none of them empty.

    Text and time are cut by position: a random cut would put neighbours of the test into the training part.
    Raises ValueError where a part would be empty, or validation + test is 1 or more.
    """
    for name, value in (("validation", validation), ("test", test)):
        expect_number(name, value, low=0, high=1, open_low=True, open_high=True)
    n = len(sequence)
    last = n - round(test * n)
    middle = last - round(validation * n)
    if not 0 < middle < last < n:
        sizes = f"{max(middle, 0)}, {last - middle} and {n - last}"
        raise ValueError(f"cut takes a sequence long enough for three parts; {n} items would be cut into {sizes}")
    return Parts(sequence[:middle], sequence[middle:last], sequence[last:])


class Characters:
    """The characters of a text in the order of their code points; a character's place is its id.

    `characters.encode("to be")` gives ids (T,), int64; `characters.decode(ids)` gives the text back.
    """

    def __init__(self, text: str):
        if not isinstance(text, str) or not text:
            raise ValueError(f"Characters takes a text with at least one character, got {text!r}")
        self.alphabet = "".join(sorted(set(text)))
        self._codes = _code_points(self.alphabet)

    def __len__(self) -> int:
        return len(self.alphabet)

    def encode(self, text: str) -> np.ndarray:
        """The ids of the characters, (T,). Raises ValueError for a character that is not in the alphabet."""
        codes = _code_points(text)
        ids = np.minimum(np.searchsorted(self._codes, codes), len(self) - 1)
        unknown = np.flatnonzero(self._codes[ids] != codes)
        if len(unknown):
            at = int(unknown[0])
            raise ValueError(f"Characters knows {len(self)} characters; {text[at]!r} at {at} is not among them")
        return ids.astype(np.int64)

    def decode(self, ids: np.ndarray) -> str:
        """The text of ids (T,). Raises ValueError for one outside 0 … len − 1."""
        ids = np.asarray(ids).reshape(-1)
        if ids.dtype.kind not in "iu":
            raise ValueError(f"Characters decodes integer ids, got {ids.dtype}")
        if ids.size and not (ids.min() >= 0 and ids.max() < len(self)):
            raise ValueError(f"Characters decodes ids 0 to {len(self) - 1}, got {ids.min()} to {ids.max()}")
        return self._codes[ids].tobytes().decode("utf-32-le")


def windows(ids: np.ndarray, T: int, step: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """x (N, T), target (N, T): stretches of a text, and for each place the id that follows.

    A stretch begins every `step` ids, by default T: end to end, each id but the last few once.
    """
    expect_positive_int("T", T)
    step = T if step is None else step
    expect_positive_int("step", step)
    if np.ndim(ids) != 1 or len(ids) <= T:
        raise ValueError(f"windows of {T} take a sequence of more than {T} ids, got {np.shape(ids)}")
    both = np.lib.stride_tricks.sliding_window_view(ids, T + 1)[::step]
    return both[:, :-1].copy(), both[:, 1:].copy()


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), "<u4")
