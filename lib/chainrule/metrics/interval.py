"""How far from the truth may a share that was counted be?"""

import numpy as np
from numpy.typing import ArrayLike


def wilson(k: ArrayLike, n: ArrayLike, z: float = 1.96) -> tuple[np.ndarray, np.ndarray]:
    """The ends of Wilson's interval for a probability p of which k cases in n were seen; z = 1.96 makes it 95 %.

    With p̂ = k/n these are the p with  (p̂ − p)² = z² p (1 − p) / n:

        p = (p̂ + z²/2n ± z √(p̂ (1 − p̂)/n + z²/4n²)) / (1 + z²/n)

    k, n whole numbers, broadcast together → low, high of the same shape.
    Source    Wilson (1927).
    Raises    ValueError unless 0 ≤ k ≤ n and n ≥ 1.
    """
    k, n = np.asarray(k), np.asarray(n)
    if np.any(n < 1) or np.any(k < 0) or np.any(k > n):
        raise ValueError(f"wilson takes k cases of n with 0 ≤ k ≤ n and n ≥ 1, got k = {k} of n = {n}")
    p, more = k / n, z * z / n
    half = z * np.sqrt(p * (1 - p) / n + more / (4 * n))
    return (p + more / 2 - half) / (1 + more), (p + more / 2 + half) / (1 + more)
