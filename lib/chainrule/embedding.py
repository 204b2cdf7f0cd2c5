"""Embedding: a table with a row of trained numbers for each id. Looking up a row is the product of a one-hot row with
the table, without doing the product; and the same table, transposed, can turn a state back into a score for each id.
"""

from typing import Any

import numpy as np

from chainrule.arrays import expect_float_dtype, expect_generator, expect_number, expect_positive_int, expect_rows, rows
from chainrule.layer import Layer

ONE_HOT = 128  # ids up to which a product with one-hot rows is faster than sorting


class Embedding(Layer):
    """y = W[ids].

    ids (...) of integers 0 … n − 1 → y (..., d);  W (n, d). The id `padding` stands for nothing: its y is zero, and its
    row of W stays as it starts, zero.

    Backward  dW[i] = Σ of dy over the places where ids = i; ids have no gradient, so `back` returns None.
    Init      normal with standard deviation `std`; 0.02 suits a table that is also the output (TiedOutput).
    Raises    ValueError where ids are not integers 0 … n − 1.
    """

    tables = ("W",)

    def __init__(
        self,
        n: int,
        d: int,
        rng: np.random.Generator,
        padding: int | None = None,
        std: float = 1.0,
        dtype: Any = np.float32,
    ):
        expect_positive_int("Embedding n", n)
        expect_positive_int("Embedding d", d)
        expect_generator(rng)
        expect_number("Embedding std", std, low=0)
        if padding is not None:
            _expect_id("Embedding padding", padding, n)
        self.padding = padding
        self.parameters(W=(float(std) * rng.standard_normal((n, d))).astype(expect_float_dtype(dtype)))
        if padding is not None:
            self.W[padding] = 0

    def forward(self, ids: np.ndarray) -> tuple:
        flat = self._expect_ids(ids)
        y = self.W[flat]
        if self.padding is not None:
            stands = (flat != self.padding).astype(y.dtype)[:, None]
            y *= stands

        def backward(dy: np.ndarray) -> None:
            if not self._frozen:
                add_rows(self.dW, flat, rows(dy) if self.padding is None else rows(dy) * stands)

        return y.reshape(*ids.shape, y.shape[1]), backward

    def _expect_ids(self, ids: Any) -> np.ndarray:
        """The ids as a vector that can index."""
        n = len(self.W)
        if not isinstance(ids, np.ndarray) or ids.dtype.kind not in "iu":
            got = getattr(ids, "dtype", type(ids).__name__)
            raise ValueError(f"{self.label()} takes an array of integer ids, got {got}")
        flat = ids.reshape(-1).astype(np.intp)
        if flat.size and flat.view(np.uintp).max() >= n:  # read without its sign, a negative id is a huge one: one pass
            raise ValueError(f"{self.label()} takes ids 0 to {n - 1}, got {ids.min()} to {ids.max()}")
        return flat

    def label(self) -> str:
        return "Embedding({} → {})".format(*self.W.shape)


class TiedOutput(Layer):
    """Scores for each id from the table that embeds them:  y = x Wᵀ,  W the embedding's, trained through both uses.

    x (..., d) → y (..., n). The padding id, where there is one, scores zero.

    Backward  dW += dyᵀ x,  dx = dy W.
    Source    Press & Wolf (2017), section 2; Inan, Khosravi & Socher (2017).
    Raises    ValueError where embedding is not an Embedding, or the last axis of x is not d.
    """

    def __init__(self, embedding: Embedding):
        if not isinstance(embedding, Embedding):
            raise ValueError(f"TiedOutput takes an Embedding, got {type(embedding).__name__}")
        self.embedding = embedding

    def forward(self, x: np.ndarray) -> tuple:
        W, padding = self.embedding.W, self.embedding.padding
        expect_rows(self, x, W.shape[1], W.dtype)
        y = x @ W.T
        if padding is not None:
            y[..., padding] = 0

        def backward(dy: np.ndarray) -> np.ndarray:
            if padding is not None:
                dy = dy.copy()
                dy[..., padding] = 0
            if not self.embedding._frozen:
                self.embedding.dW += rows(dy).T @ rows(x)
            return dy @ W

        return y, backward

    def label(self) -> str:
        return "TiedOutput({1} → {0})".format(*self.embedding.W.shape)


def add_rows(table: np.ndarray, ids: np.ndarray, values: np.ndarray) -> None:
    """table[i] += Σ of the rows of values whose id is i, in place; ids (N,), values (N, d).

    `np.add.at` says the same, 8 to 10 times slower. For few ids a product with one-hot rows is fastest; for many,
    sorting brings equal ids together, and each run of them is summed at once.
    """
    n = len(table)
    if n <= ONE_HOT:
        one_hot = np.zeros((len(ids), n), values.dtype)
        one_hot.ravel()[np.arange(0, one_hot.size, n) + ids] = 1
        table += one_hot.T @ values
    elif len(ids):
        key = ids.astype(np.uint16) if n <= 1 << 16 else ids  # sixteen bits are sorted by radix, which is faster
        order = np.argsort(key, kind="stable")
        ids = ids[order]
        first = np.concatenate(([0], np.flatnonzero(ids[1:] != ids[:-1]) + 1))
        table[ids[first]] += np.add.reduceat(values[order], first, axis=0)


def _expect_id(name: str, value: Any, n: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value < n:
        raise ValueError(f"{name} takes an id 0 to {n - 1}, got {value!r}")
