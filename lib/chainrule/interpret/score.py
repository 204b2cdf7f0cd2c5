"""The number that attributions are about: a class's score, its gradient, and a model that is left as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from chainrule.layer import Layer

Model = Callable[[np.ndarray], tuple]
Classes = int | np.ndarray | None
ROWS = 256  # how many rows a model is given at a time, where one example is asked about many times


@contextmanager
def undisturbed(model: Model) -> Iterator[None]:
    """Evaluation mode and no weight gradients, until the end; then all is as before."""
    if not isinstance(model, Layer):
        yield
        return
    before = [(layer, layer.training) for _, layer in model.walk()]
    try:
        with model.evaluate().frozen():
            yield
    finally:
        for layer, training in before:
            layer.training = training


def score_gradients(model: Model, x: np.ndarray, classes: Classes) -> np.ndarray:
    """∂ score / ∂ x, row by row: the backward pass of ones at the chosen classes."""
    y, back = model(x)
    dy = np.zeros_like(y)
    dy.reshape(len(y), -1)[np.arange(len(y)), chosen_classes(y, classes)] = 1
    return back(dy)


def scores(y: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Each row's output for its chosen class, (N,)."""
    return y.reshape(len(y), -1)[np.arange(len(y)), chosen]


def chosen_classes(y: np.ndarray, classes: Classes) -> np.ndarray:
    """The column of each row's score, (N,)."""
    if y.ndim not in (1, 2):
        raise ValueError(f"attributions take a model with outputs (N, C), (N, 1) or (N,), got {y.shape}")
    columns = y.reshape(len(y), -1)
    if classes is None:
        return columns.argmax(1)
    chosen, c = np.asarray(classes), columns.shape[1]
    if chosen.dtype.kind not in "iu" or chosen.shape not in ((), (len(y),)) or chosen.min() < 0 or chosen.max() >= c:
        raise ValueError(f"classes takes one class, or one for each of {len(y)} rows, 0 to {c - 1}, got {classes!r}")
    return np.broadcast_to(chosen, len(y))


def like(name: str, value: float | np.ndarray, x: np.ndarray) -> np.ndarray:
    """A number, or an array that fits x, as a view of x's shape and dtype."""
    try:
        return np.broadcast_to(np.asarray(value, x.dtype), x.shape)
    except ValueError:
        raise ValueError(f"{name} takes a number or an array like x {x.shape}, got {np.shape(value)}") from None


def chunks(items: np.ndarray, rows: int) -> list[np.ndarray]:
    """The items in parts, each at least one and, times `rows`, at most about ROWS: small calls joined into larger."""
    return np.array_split(items, min(len(items), max(1, len(items) * rows // ROWS)))


def expect_numbers(name: str, x: np.ndarray) -> None:
    """Raise ValueError unless x is an array of floating-point numbers, at least one row."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or x.ndim == 0 or len(x) == 0:
        got = f"{x.dtype} {x.shape}" if isinstance(x, np.ndarray) else type(x).__name__
        raise ValueError(
            f"{name} takes floating-point inputs (N, ...), got {got}: ids have no gradient; embed them first and give "
            "the rest of the model"
        )
