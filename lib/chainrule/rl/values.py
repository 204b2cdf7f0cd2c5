"""What states are worth, where the rules are known: P (S, A, S) with P[s, a, s'] = p(s' | s, a), and expected rewards
R (S, A). The value of a policy is the solution of a linear system; that of the best policy a fixed point, which
value iteration approaches by a factor γ a sweep.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import expect_number


@dataclass(frozen=True)
class Sweep:
    """One sweep of value iteration: its number from 1, the values (S,) after it, and the largest change it made."""

    step: int
    V: np.ndarray
    change: float


def q_values(P: np.ndarray, R: np.ndarray, V: np.ndarray, gamma: float) -> np.ndarray:
    """Q(s, a) = R(s, a) + γ Σ_s' P(s' | s, a) V(s'), (S, A): the worth of an action, if V is that of what follows."""
    _expect_rules(P, R, gamma)
    return R + gamma * (P @ V)


def greedy(P: np.ndarray, R: np.ndarray, V: np.ndarray, gamma: float) -> np.ndarray:
    """argmax_a Q(s, a), (S,); the first of equals."""
    return q_values(P, R, V, gamma).argmax(1)


def value_iteration(
    P: np.ndarray, R: np.ndarray, gamma: float, tol: float = 1e-8, V: np.ndarray | None = None
) -> Iterator[Sweep]:
    """V(s) ← max_a Q(s, a) for all states at once, from zero or from V; yields a `Sweep` after each.

    Ends where V is within tol of the best values: after a change Δ it is within γ Δ / (1 − γ), since each sweep
    brings any two value functions closer by a factor γ in the largest entry. Needs γ < 1.
    Source  Bellman (1957), ch. XI; Sutton & Barto (2018), eq. 4.10.
    """
    _expect_rules(P, R, gamma)
    expect_number("tol", tol, low=0, open_low=True)
    return _sweeps(P, R, gamma, tol, np.zeros(len(P)) if V is None else np.array(V, np.float64))


def _sweeps(P: np.ndarray, R: np.ndarray, gamma: float, tol: float, V: np.ndarray) -> Iterator[Sweep]:
    step, change = 0, np.inf
    while step == 0 or gamma * change > tol * (1 - gamma):
        new = q_values(P, R, V, gamma).max(1)
        step, change, V = step + 1, float(np.abs(new - V).max()), new
        yield Sweep(step, V, change)


def policy_evaluation(P: np.ndarray, R: np.ndarray, policy: np.ndarray, gamma: float) -> np.ndarray:
    """The values (S,) of a policy, exactly:  V = (I − γ P_π)⁻¹ R_π.

    policy  actions (S,), or probabilities (S, A);  P_π and R_π are the means of P and R under it
    """
    _expect_rules(P, R, gamma)
    policy = np.asarray(policy)
    if policy.shape == R.shape[:1] and policy.dtype.kind in "iu":
        policy = np.eye(R.shape[1])[policy]
    if policy.shape != R.shape or not np.allclose(policy.sum(1), 1):
        raise ValueError(f"policy takes actions {R.shape[:1]} or probabilities {R.shape}, got {policy.shape}")
    moves, rewards = np.einsum("sa,sat->st", policy, P), (policy * R).sum(1)
    return np.linalg.solve(np.eye(len(P)) - gamma * moves, rewards)


def policy_iteration(P: np.ndarray, R: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray]:
    """(policy (S,), V (S,)), both the best: evaluate, act greedily, until nothing changes. Howard (1960)."""
    _expect_rules(P, R, gamma)
    policy = np.zeros(len(P), np.intp)
    while True:
        V = policy_evaluation(P, R, policy, gamma)
        Q = q_values(P, R, V, gamma)
        better = Q.max(1) > Q[np.arange(len(P)), policy] + 1e-12  # rounding must not send it round in circles
        if not better.any():
            return policy, V
        policy = np.where(better, Q.argmax(1), policy)


def _expect_rules(P: np.ndarray, R: np.ndarray, gamma: float) -> None:
    expect_number("gamma", gamma, low=0, high=1, open_high=True)
    if P.ndim != 3 or P.shape[::2] != (len(P), len(P)) or R.shape != P.shape[:2]:
        raise ValueError(f"P takes (S, A, S) and R (S, A), got {P.shape} and {R.shape}")
    if not np.allclose(P.sum(-1), 1):
        raise ValueError("P takes probabilities P[s, a, s'] that sum to 1 over s'")
