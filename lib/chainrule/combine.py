"""Layers made of layers: one after another, around, or side by side.

Each closes over the `back` of its parts and runs them in reverse. Parts are layers or plain functions x → (y, back).
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.layer import Layer

Part = Callable[..., tuple]


class Sequential(Layer):
    """Feed each part's output to the next:  y = f_n(… f_1(x));  dx = back_1(… back_n(dy)).

    `model[i]` is the i-th part; `model[i:j]` a Sequential of some, which shares their parameters.
    Raises ValueError where a part is not callable.
    """

    def __init__(self, *layers: Part):
        self.layers = _callables(self, layers)

    def forward(self, x: np.ndarray) -> tuple:
        backs = []
        for layer in self.layers:
            x, back = layer(x)
            backs.append(back)

        def backward(dy: np.ndarray) -> np.ndarray:
            for back in reversed(backs):
                dy = back(dy)
            return dy

        return x, backward

    def __getitem__(self, index: int | slice) -> Any:
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator:
        return iter(self.layers)


class Residual(Layer):
    """y = x + f(x);  dx = dy + back(dy).

    Raises ValueError where f changes the shape. Source: He et al. (2016), eq. 1.
    """

    def __init__(self, f: Part):
        (self.f,) = _callables(self, (f,))

    def forward(self, x: np.ndarray) -> tuple:
        y, back = self.f(x)
        if y.shape != x.shape:
            raise ValueError(f"Residual takes a part that keeps the shape: {x.shape} came back as {y.shape}")
        return x + y, lambda dy: dy + back(dy)


class Parallel(Layer):
    """Give the same x to every part and add the outputs:  y = Σ f_i(x);  dx = Σ back_i(dy).

    Raises ValueError where the outputs differ in shape.
    """

    def __init__(self, *branches: Part):
        self.branches = _callables(self, branches)

    def forward(self, x: np.ndarray) -> tuple:
        ys, backs = zip(*(branch(x) for branch in self.branches), strict=True)
        _expect_alike(self, [y.shape for y in ys])
        return sum(ys[1:], start=ys[0]), lambda dy: _total([back(dy) for back in backs])


class Concat(Layer):
    """Give the same x to every part and join the outputs along the last axis:  y = [f_1(x), …, f_n(x)].

    x (..., d) → y (..., Σ d_i).  Backward cuts dy at the same places:  dx = Σ back_i(dy_i).
    Raises ValueError where the outputs differ in any other axis.
    """

    def __init__(self, *branches: Part):
        self.branches = _callables(self, branches)

    def forward(self, x: np.ndarray) -> tuple:
        ys, backs = zip(*(branch(x) for branch in self.branches), strict=True)
        _expect_alike(self, [y.shape[:-1] for y in ys])
        cuts = np.cumsum([y.shape[-1] for y in ys])[:-1]

        def backward(dy: np.ndarray) -> np.ndarray:
            return _total([back(part) for back, part in zip(backs, np.split(dy, cuts, axis=-1), strict=True)])

        return np.concatenate(ys, axis=-1), backward


def _total(gradients: list[np.ndarray]) -> np.ndarray:
    return sum(gradients[1:], start=gradients[0])


def _callables(layer: Layer, parts: tuple) -> tuple:
    name = type(layer).__name__
    if not parts:
        raise ValueError(f"{name} takes at least one layer")
    for i, part in enumerate(parts):
        if not callable(part) or isinstance(part, type):
            raise ValueError(f"{name} takes layers and functions x → (y, back); part {i} is {part!r}")
    return parts


def _expect_alike(layer: Layer, shapes: list[tuple]) -> None:
    if len(set(shapes)) > 1:
        raise ValueError(f"{type(layer).__name__} takes branches whose outputs fit together, got shapes {shapes}")
