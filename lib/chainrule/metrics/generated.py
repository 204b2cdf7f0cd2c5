"""How good is what a model wrote or drew?"""

import math
from typing import NamedTuple

import numpy as np

from chainrule.arrays import expect_number


class ModeCoverage(NamedTuple):
    """How many modes are covered, the share of samples that lie near one, and the samples near each, (K,)."""

    covered: int
    near: float
    counts: np.ndarray


def bits_per_character(loss: float, tokens_per_character: float = 1.0) -> float:
    """A mean cross-entropy in nats per token, in bits per character: loss · tokens per character / log 2.

    Per character, models with different tokens can be compared.
    """
    expect_number("loss", loss, low=0)
    expect_number("tokens_per_character", tokens_per_character, low=0, open_low=True)
    return float(loss) * float(tokens_per_character) / math.log(2)


def exact_match(predicted: np.ndarray, target: np.ndarray, end: int | None = None) -> float:
    """The share of rows in which every id is right, for ids (N, T) and (N, S).

    With `end`, each row ends at the first `end` in it, and what follows does not count; T and S may then differ, and
    a row without it is taken whole. A prediction that does not stop where the target does is wrong.
    """
    a, b = np.asarray(predicted), np.asarray(target)
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b) or len(a) == 0 or (end is None and a.shape != b.shape):
        fits = "(N, T) and (N, S)" if end is not None else "of one shape (N, T)"
        raise ValueError(f"exact_match takes ids {fits} with N >= 1, got {a.shape} and {b.shape}")
    for name, ids in (("predicted", a), ("target", b)):
        if ids.dtype.kind not in "iu":
            raise ValueError(f"exact_match takes integer ids, got {ids.dtype} for {name}")
    if end is None:
        return float((a == b).all(1).mean())
    (length, ended), (wanted, should_end) = _until(a, end), _until(b, end)
    shared = min(a.shape[1], b.shape[1])
    right = (a[:, :shared] == b[:, :shared]) | (np.arange(shared) >= wanted[:, None])
    return float((right.all(1) & (length == wanted) & (ended == should_end)).mean())


def _until(ids: np.ndarray, end: int) -> tuple[np.ndarray, np.ndarray]:
    """How many ids each row has before its first `end`, and whether it has one."""
    is_end = ids == end
    ended = is_end.any(1)
    return np.where(ended, is_end.argmax(1), ids.shape[1]), ended


def mode_coverage(samples: np.ndarray, centres: np.ndarray, radius: float, share: float = 0.01) -> ModeCoverage:
    """Which modes of a mixture do samples reach? A mode counts where at least `share` of all samples are near it.

    samples (N, D), centres (K, D); near means within `radius` of the nearest centre, for Gaussians usually three
    standard deviations. After Srivastava et al. (2017), section 5.1.
    """
    x, c = np.asarray(samples), np.asarray(centres)
    if x.ndim != 2 or c.ndim != 2 or x.shape[1:] != c.shape[1:] or len(x) == 0 or len(c) == 0:
        raise ValueError(f"mode_coverage takes samples (N, D) and centres (K, D), got {x.shape} and {c.shape}")
    expect_number("radius", radius, low=0, open_low=True)
    expect_number("share", share, low=0, high=1, open_low=True)
    distances = np.linalg.norm(x[:, None] - c, axis=-1)
    near = distances.min(1) <= radius  # a sample that is nan is near none
    counts = np.bincount(distances.argmin(1)[near], minlength=len(c))
    return ModeCoverage(int((counts >= share * len(x)).sum()), float(near.mean()), counts)
