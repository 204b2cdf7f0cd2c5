"""Layers upon layers, both directions, and sequences of unequal length: what RNN, LSTM and GRU have in common.

A cell knows how to read one sequence forwards. Reading backwards is reading the reversed sequence and reversing what
comes out; a second layer reads what the first one wrote; a padded sequence is one whose outputs beyond its length are
not used, and whose last step comes earlier.
"""

from collections.abc import Callable

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.layer import Layer
from chainrule.recurrent.columns import Cell, expect_sequences


class Recurrent(Layer):
    """Cells in layers, one for each direction; `cells` holds them as PyTorch orders them: forward, backward, upwards.

    y, back = layer(x)                      x (N, T, D) → y (N, T, H · directions), from zero states
    (y, *finals), back = layer.run(x, *states, lengths=None)
    dx, *dstates = back(dy, *dfinals)

    A state is (layers · directions, N, H), or None for zeros; so may dy and dfinals be. lengths (N,) gives each
    sequence its own end: y beyond it is zero, its final state is the one there, the backward direction begins there,
    and what x holds beyond changes nothing.
    """

    def __init__(self, cell: Callable[[int], Cell], n_in: int, n_hidden: int, layers: int, bidirectional: bool):
        name = type(self).__name__
        for what, value in (("n_in", n_in), ("n_hidden", n_hidden), ("layers", layers)):
            expect_positive_int(f"{name} {what}", value)
        if not isinstance(bidirectional, bool):
            raise ValueError(f"{name} bidirectional takes True or False, got {bidirectional!r}")
        self._directions = 2 if bidirectional else 1
        widths = [n_in] + [n_hidden * self._directions] * (layers - 1)
        self.cells = [cell(width) for width in widths for _ in range(self._directions)]

    def forward(self, x: np.ndarray) -> tuple:
        (y, *_), back = self.run(x)
        return y, lambda dy: back(dy)[0]

    def run(self, x: np.ndarray, *states: np.ndarray | None, lengths: np.ndarray | None = None) -> tuple:
        """((y, *finals), back) from given states; see the class."""
        expect_sequences(self, x, self.cells[0].W)
        initial = self._states(x, states, "initial states")
        inside = None if lengths is None else self._inside(x, lengths)
        last = np.full(len(x), x.shape[1] - 1) if inside is None else inside.sum(1) - 1
        y = _within(x, inside)
        finals, backs = [np.empty_like(s) for s in initial], []
        for first in range(0, len(self.cells), self._directions):
            y, back = self._layer(y, first, last, inside, initial, finals)
            backs.append(back)

        def backward(dy: np.ndarray | None, *dfinals: np.ndarray | None) -> tuple:
            if dy is not None:
                self._expect_like("dy", dy, y.shape)
            dy = np.zeros_like(y) if dy is None else _within(dy, inside)
            arrived = self._states(x, dfinals, "gradients of final states")
            left = [np.empty_like(s) for s in arrived]
            for back in reversed(backs):
                dy = back(dy, arrived, left)
            return dy, *left

        return (y, *finals), backward

    def _layer(
        self, x: np.ndarray, first: int, last: np.ndarray, inside: np.ndarray | None, initial: list, finals: list
    ) -> tuple:
        """Run the cells of one layer, which begin at `first`, and leave their final states in `finals`."""
        ys, backs = [], []
        for k, cell in enumerate(self.cells[first : first + self._directions]):
            y, ends, back = cell.scan(_turned(x, last) if k else x, last, *(s[first + k] for s in initial))
            for final, end in zip(finals, ends, strict=True):
                final[first + k] = end
            ys.append(_turned(y, last) if k else y)
            backs.append(back)

        def backward(dy: np.ndarray, dfinals: list, dinitial: list) -> np.ndarray:
            dxs = []
            hidden = dy.shape[2] // len(backs)
            for k, back in enumerate(backs):
                dpart = dy[:, :, k * hidden : (k + 1) * hidden]
                dx, *dstates = back(_turned(dpart, last) if k else dpart, *(d[first + k] for d in dfinals))
                for left, dstate in zip(dinitial, dstates, strict=True):
                    left[first + k] = dstate
                dxs.append(_turned(dx, last) if k else dx)
            return dxs[0] + dxs[1] if len(dxs) > 1 else dxs[0]

        return _within(np.concatenate(ys, axis=2) if len(ys) > 1 else ys[0], inside), backward

    def _states(self, x: np.ndarray, given: tuple, what: str) -> list[np.ndarray]:
        cell = self.cells[0]
        shape = len(self.cells), len(x), len(cell.U)
        if len(given) > cell.states:
            raise ValueError(f"{self.label()} takes {cell.states} {what}, got {len(given)}")
        for state in given:
            if state is not None:
                self._expect_like(what, state, shape)
        padded = (*given, *[None] * (cell.states - len(given)))
        return [np.zeros(shape, x.dtype) if state is None else state for state in padded]

    def _expect_like(self, what: str, array: np.ndarray, shape: tuple) -> None:
        dtype = self.cells[0].W.dtype
        if not isinstance(array, np.ndarray) or array.shape != shape or array.dtype != dtype:
            got = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            raise ValueError(f"{self.label()} takes {what} of {dtype} {shape} (or None), got {got}")

    def _inside(self, x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Which steps lie within their sequence, (N, T) of booleans."""
        lengths, steps = np.asarray(lengths), x.shape[1]
        if lengths.shape != x.shape[:1] or lengths.dtype.kind not in "iu":
            got = f"{lengths.dtype} {lengths.shape}"
            raise ValueError(f"{self.label()} takes integer lengths ({len(x)},), one for each sequence, got {got}")
        if lengths.size and not (1 <= lengths.min() and lengths.max() <= steps):
            got = f"{lengths.min()} to {lengths.max()}"
            raise ValueError(f"{self.label()} takes lengths from 1 to {steps}, the steps of x, got {got}")
        return np.arange(steps) < lengths[:, None]

    def label(self) -> str:
        W, U = self.cells[0].W, self.cells[0].U
        layers = len(self.cells) // self._directions
        extras = f", {layers} layers" * (layers > 1) + ", bidirectional" * (self._directions > 1)
        return f"{type(self).__name__}({len(W)} → {len(U)}{extras})"


def last_step(y: np.ndarray) -> tuple:
    """(N, T, D) → (N, D), the last step, between a recurrent layer and one that predicts from all it has read.

    Raises ValueError for anything but sequences. For padded sequences take the final state of `run` instead.
    """
    if y.ndim != 3 or y.shape[1] == 0:
        raise ValueError(f"last_step takes sequences (N, T, D) of at least one step, got {y.shape}")

    def backward(dlast: np.ndarray) -> np.ndarray:
        dy = np.zeros(y.shape, dlast.dtype)
        dy[:, -1] = dlast
        return dy

    return y[:, -1].copy(), backward


def expect_recurrent(name: str, cell: type) -> None:
    """Raise ValueError unless cell is the class of a recurrent layer, for models that are built of a chosen one."""
    if not (isinstance(cell, type) and issubclass(cell, Recurrent)):
        raise ValueError(f"{name} cell takes LSTM, GRU or RNN, got {cell!r}")


def _within(x: np.ndarray, inside: np.ndarray | None) -> np.ndarray:
    """x with zeros beyond the length of each sequence."""
    return x if inside is None else np.where(inside[:, :, None], x, x.dtype.type(0))


def _turned(x: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Each sequence reversed up to its last step, what follows left in place; turning twice gives x back."""
    steps = np.arange(x.shape[1])
    if (last == steps[-1]).all():
        return x[:, ::-1]
    source = np.where(steps <= last[:, None], last[:, None] - steps, steps)
    return np.take_along_axis(x, source[:, :, None], axis=1)
