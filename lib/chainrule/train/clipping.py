"""Limits for a gradient that is too long, in place on the flat vector."""

import math
from collections.abc import Callable

import numpy as np


def clip_by_norm(gradient: np.ndarray, limit: float) -> float:
    """Scale the vector in place to length `limit` where it is longer; returns its length before.

    Pascanu, Mikolov & Bengio (2013), algorithm 1.
    """
    _expect_limit(limit)
    norm = math.sqrt(float(np.dot(gradient, gradient)))
    if norm > limit:
        gradient *= limit / norm
    return norm


def clip_by_value(gradient: np.ndarray, limit: float) -> None:
    """Cut every entry in place to [−limit, limit]."""
    _expect_limit(limit)
    np.clip(gradient, -limit, limit, out=gradient)


def _expect_limit(limit: float) -> None:
    if not limit > 0:
        raise ValueError(f"clipping takes a limit > 0, got {limit!r}")


def clipper(clip_norm: float | None, clip_value: float | None) -> Callable[[np.ndarray], float]:
    """A function that clips a gradient by both limits, where given, and returns its norm before."""

    def clip(gradient: np.ndarray) -> float:
        norm = clip_by_norm(gradient, math.inf if clip_norm is None else clip_norm)
        if clip_value is not None:
            clip_by_value(gradient, clip_value)
        return norm

    return clip
