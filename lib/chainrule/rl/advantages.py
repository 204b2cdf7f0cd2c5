"""How good was an action? What came after it, measured against what was expected.

All arrays are (T, N): T steps of N environments. `over` says that an episode ended with a step, and `terminated` that
it ended in truth. Where it was only cut off (a time limit), what would have come is not 0: the critic's guess V of the
last observation stands for it. `next_values` are V of the observations that the actions led to, also at the end.
"""

import numpy as np

from chainrule.arrays import expect_number


def gae(
    rewards: np.ndarray,
    values: np.ndarray,
    next_values: np.ndarray,
    terminated: np.ndarray,
    over: np.ndarray,
    gamma: float = 0.99,
    lam: float = 0.95,
) -> np.ndarray:
    """Generalised advantages A_t = δ_t + γ λ A_{t+1} within an episode,  δ_t = r_t + γ V(s_{t+1}) − V(s_t).

    V(s_{t+1}) counts as 0 after a true end. λ = 0 is the error of one step (little variance, the critic's bias),
    λ = 1 the returns less V (no bias but where an episode is cut).
    Source  Schulman et al. (2016), eqs. 11–12 and 16.
    Raises  ValueError where the shapes differ, or γ or λ is not in [0, 1].
    """
    expect_number("gamma", gamma, low=0, high=1)
    expect_number("lam", lam, low=0, high=1)
    shapes = [np.shape(a) for a in (rewards, values, next_values, terminated, over)]
    if len(set(shapes)) > 1 or len(shapes[0]) == 0:
        raise ValueError(f"gae takes five arrays of one shape (T, …), got {shapes}")
    errors = rewards + gamma * next_values * ~terminated - values
    keep = gamma * lam * ~over
    advantages, later = np.empty_like(errors), np.zeros_like(errors[0])
    for t in reversed(range(len(errors))):
        later = errors[t] + keep[t] * later
        advantages[t] = later
    return advantages


def returns_to_go(
    rewards: np.ndarray, next_values: np.ndarray, terminated: np.ndarray, over: np.ndarray, gamma: float = 0.99
) -> np.ndarray:
    """G_t = r_t + γ G_{t+1} within an episode; after a step that cuts it off, and after the last, γ V(s_{t+1}) instead.

    Raises ValueError as `gae` does, of which this is the case λ = 1 with values of 0 to compare with.
    """
    tail = np.zeros_like(next_values)
    tail[over] = next_values[over]
    tail[-1] = next_values[-1]
    return gae(rewards, np.zeros_like(tail), tail, terminated, over, gamma, lam=1.0)


def standardised(advantages: np.ndarray) -> np.ndarray:
    """Advantages with mean 0 and standard deviation 1: the size of a step no longer depends on that of rewards."""
    return (advantages - advantages.mean()) / (advantages.std() + 1e-8)
