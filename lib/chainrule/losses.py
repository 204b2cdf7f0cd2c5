"""What training makes small. Each loss takes predictions and targets and returns (loss, back); `back()` gives the
gradient with respect to the predictions.

A loss is a mean, so that the learning rate does not depend on the size of the batch: over all entries for mse, mae,
huber and bce, over rows for cross_entropy and kl. Targets are constants. Predictions and targets must have equal
shapes: broadcasting (N,) against (N, 1) would compare every prediction with every target.
"""

from collections.abc import Callable

import numpy as np

from chainrule.arrays import expect_number, ones, row_sums, rows

Loss = tuple[np.floating, Callable[..., np.ndarray]]


def mse(y: np.ndarray, target: np.ndarray) -> Loss:
    """Mean squared error  L = mean (y − t)²;  dy = 2 (y − t) / size."""
    error = y - _like(y, target, "mse")
    return _mean(error * error), lambda dloss=1.0: float(2 * dloss / y.size) * error


def mae(y: np.ndarray, target: np.ndarray) -> Loss:
    """Mean absolute error  L = mean |y − t|;  dy = sign(y − t) / size."""
    error = y - _like(y, target, "mae")
    return _mean(np.abs(error)), lambda dloss=1.0: float(dloss / y.size) * np.sign(error)


def huber(y: np.ndarray, target: np.ndarray, delta: float = 1.0) -> Loss:
    """Mean of ½ e² where |e| ≤ δ and δ (|e| − ½ δ) beyond, e = y − t;  dy = clip(e, −δ, δ) / size. Huber (1964)."""
    expect_number("huber delta", delta, low=0, open_low=True)
    error, delta = y - _like(y, target, "huber"), float(delta)
    clipped = np.clip(error, -delta, delta)
    return _mean(clipped * (error - 0.5 * clipped)), lambda dloss=1.0: float(dloss / y.size) * clipped


def bce(logits: np.ndarray, target: np.ndarray) -> Loss:
    """Binary cross-entropy on logits  L = mean (log(1 + eˡ) − t l);  dl = (σ(l) − t) / size.

    The target t in [0, 1] is a label or a probability. Computed as max(l, 0) − t l + log(1 + e^−|l|), which
    neither overflows nor takes the logarithm of a probability that has rounded to zero.
    Raises ValueError where a target lies outside [0, 1].
    """
    t = _like(logits, target, "bce")
    if not (t.min() >= 0 and t.max() <= 1):
        raise ValueError(f"bce takes targets in [0, 1], got values from {t.min():g} to {t.max():g}")
    loss = _mean(np.maximum(logits, 0) - t * logits + np.log1p(np.exp(-np.abs(logits))))
    return loss, lambda dloss=1.0: float(dloss / logits.size) * (0.5 * (1 + np.tanh(0.5 * logits)) - t)


def cross_entropy(
    logits: np.ndarray, target: np.ndarray, smoothing: float = 0.0, weights: np.ndarray | None = None
) -> Loss:
    """Softmax cross-entropy on logits  L = mean over rows of log Σ_j e^{l_j} − Σ_j t_j l_j;  dl = (softmax(l) − t) / N.

    logits (..., C); target: integer classes (...) or rows of probabilities (..., C). With smoothing ε the target
    becomes (1 − ε) t + ε / C (Szegedy et al., 2016, section 7). With weights w (...), as 0 for padding and 1 elsewhere,
    the mean is Σ w L / Σ w; the class of a row of weight 0 still has to be one.
    Raises ValueError where a class is not in 0 … C − 1, a row of probabilities does not sum to 1, or no weight is > 0.
    """
    expect_number("cross_entropy smoothing", smoothing, low=0, high=1)
    z = _shifted(rows(_batch(logits, "cross_entropy")))
    t = _class_rows(logits, target, "cross_entropy")
    if smoothing:
        t = float(1 - smoothing) * t + float(smoothing / z.shape[1])
    exps = np.exp(z)
    total = row_sums(exps)
    losses = np.log(total) - row_sums(t * z)  # row by row: two large sums would cancel and leave their rounding
    share = None if weights is None else _shares(weights, logits)

    def backward(dloss: float = 1.0) -> np.ndarray:
        error = exps / total - t
        error *= z.dtype.type(dloss / len(z)) if share is None else float(dloss) * share
        return error.reshape(logits.shape)

    return _mean(losses) if share is None else np.vdot(share, losses), backward


def kl(logits: np.ndarray, target: np.ndarray) -> Loss:
    """KL(t ‖ softmax(l))  L = mean over rows of Σ_j t_j (log t_j − log softmax(l)_j);  dl = (softmax(l) − t) / N.

    logits (..., C), target (..., C) rows of probabilities, 0 log 0 = 0: cross-entropy less the target's entropy.
    Kullback & Leibler (1951). Raises ValueError as cross_entropy does.
    """
    t = _like(logits, target, "kl")
    _class_rows(logits, t, "kl")
    loss, backward = cross_entropy(logits, t)
    return loss + np.sum(t * np.log(np.where(t > 0, t, 1))) / (t.size // t.shape[-1]), backward


def _shifted(z: np.ndarray) -> np.ndarray:
    """z less a number for each row, so that its exponentials neither overflow nor lose digits.

    The maximum of each row is the textbook's shift; finding it along short rows costs more than the exponentials.
    Logits are rarely beyond ±30, where float32 needs no shift, so the largest magnitude is looked at first.
    """
    return z if np.abs(z).max() < 30 else z - z.max(1, keepdims=True)


def _class_rows(logits: np.ndarray, target: np.ndarray, name: str) -> np.ndarray:
    """Targets as rows of probabilities (N, C), from integer classes or from such rows."""
    target, classes = np.asarray(target), logits.shape[-1]
    if target.shape == logits.shape and target.dtype.kind == "f":
        t = rows(target).astype(logits.dtype, copy=False)
        sums = row_sums(t)
        if not (t.min() >= 0 and np.allclose(sums, 1, atol=1e-4)):
            raise ValueError(f"{name} takes target rows that are probabilities; row {np.abs(sums - 1).argmax()} is not")
        return t
    if target.shape != logits.shape[:-1] or target.dtype.kind not in "iu":
        raise ValueError(
            f"{name} takes integer classes {logits.shape[:-1]} or probabilities {logits.shape} as targets, "
            f"got {target.dtype} {target.shape}"
        )
    labels = target.reshape(-1).astype(np.intp, copy=False)
    if labels.view(np.uintp).max() >= classes:  # read without its sign, a negative label is a huge one: one pass
        raise ValueError(f"{name} takes classes 0 to {classes - 1}, got {target.min()} to {target.max()}")
    one_hot = np.zeros((len(labels), classes), logits.dtype)
    one_hot.ravel()[np.arange(0, one_hot.size, classes) + labels] = 1
    return one_hot


def _shares(weights: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """w / Σ w as a column (N, 1): what each row counts for."""
    w = np.asarray(weights, logits.dtype)
    if w.shape != logits.shape[:-1] or not (w.min() >= 0 and w.sum() > 0):
        raise ValueError(
            f"cross_entropy takes weights {logits.shape[:-1]}, none negative and not all zero, got {w.shape} "
            f"with minimum {w.min():g} and sum {w.sum():g}"
        )
    return (w / w.sum()).reshape(-1, 1)


def _like(y: np.ndarray, target: np.ndarray, name: str) -> np.ndarray:
    """The target as an array of y's dtype. Raises ValueError where the shapes differ or nothing is there."""
    _batch(y, name)
    if np.shape(target) != y.shape:
        raise ValueError(f"{name} takes predictions and targets of one shape, got {y.shape} and {np.shape(target)}")
    return np.asarray(target, y.dtype)


def _batch(y: np.ndarray, name: str) -> np.ndarray:
    if not isinstance(y, np.ndarray) or y.dtype.kind != "f":
        got = getattr(y, "dtype", type(y).__name__)
        raise ValueError(f"{name} takes an array of floating-point predictions, got {got}")
    if y.size == 0:
        raise ValueError(f"{name} takes at least one example, got an empty batch {y.shape}")
    return y


def _mean(x: np.ndarray) -> np.floating:
    """The mean as a product with ones, several times faster than `mean` on small arrays."""
    flat = x.reshape(-1)
    return np.dot(flat, ones(flat.size, flat.dtype)) / flat.dtype.type(flat.size)
