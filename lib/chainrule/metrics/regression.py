"""How much of a number's variation does a model explain?"""

import numpy as np


def r2(y: np.ndarray, target: np.ndarray) -> float:
    """1 − Σ (y − t)² / Σ (t − mean t)²: the part of the target's variance that y explains.

    Raises ValueError where the shapes differ or the target is constant.
    """
    if np.shape(y) != np.shape(target):
        raise ValueError(f"r2 takes predictions and targets of one shape, got {np.shape(y)} and {np.shape(target)}")
    total = np.sum((target - np.mean(target)) ** 2)
    if not total > 0:
        raise ValueError("r2 takes a target that varies; this one is constant")
    return float(1 - np.sum((y - target) ** 2) / total)
