"""What policy gradients make small: losses of logits whose gradient is an estimate of that of the expected reward.

Each is a mean over steps (s, a) that the policy took, with the entropy H(π) = −Σ_a π log π as a bonus that keeps it
from settling too early. Actions, advantages and old probabilities are constants.
"""

import numpy as np

from chainrule.activations import log_softmax
from chainrule.arrays import expect_number
from chainrule.losses import Loss


def policy_gradient(logits: np.ndarray, actions: np.ndarray, advantages: np.ndarray, entropy: float = 0.0) -> Loss:
    """L = −mean (A log π(a | s) + c H(π)),  dl = (A (π − 1_a) + c π (log π + H)) / N,  c = entropy.

    logits (N, K), actions (N,) in 0 … K − 1, advantages (N,): how much better than expected each action did
    Source  Williams (1992), theorem 1, with any baseline in A; the bonus: Williams & Peng (1991).
    Raises  ValueError where the lengths differ or an action is not in 0 … K − 1.
    """
    log_p = _log_policy(logits, actions, advantages, entropy)
    steps, chosen = np.arange(len(actions)), log_p[np.arange(len(actions)), actions]
    gain = advantages.astype(log_p.dtype, copy=False)
    bonus, back_bonus = _entropy(log_p)
    loss = -(gain * chosen).mean() - entropy * bonus.mean()

    def backward(dloss: float = 1.0) -> np.ndarray:
        return float(dloss / len(steps)) * (_towards(log_p, actions, -gain) - entropy * back_bonus)

    return loss, backward


def clipped_surrogate(
    logits: np.ndarray,
    actions: np.ndarray,
    advantages: np.ndarray,
    old_log_p: np.ndarray,
    clip: float = 0.2,
    entropy: float = 0.0,
) -> Loss:
    """L = −mean (min(r A, clip(r, 1 − ε, 1 + ε) A) + c H(π)),  r = π(a | s) / π_old(a | s),  ε = clip.

    dl = (A r (π − 1_a) [not clipped] + c π (log π + H)) / N: a step whose ratio has already moved by ε in the direction
    that A wants gives no gradient. While π = π_old this is the gradient of `policy_gradient`.
    old_log_p (N,): log π_old(a | s), as the actions were taken; the rest as in `policy_gradient`
    Source  Schulman et al. (2017), eqs. 7 and 9.
    Raises  ValueError where the lengths differ or an action is not in 0 … K − 1.
    """
    expect_number("clipped_surrogate clip", clip, low=0, open_low=True)
    log_p = _log_policy(logits, actions, advantages, entropy)
    _expect_steps("old_log_p", old_log_p, len(logits))
    gain = advantages.astype(log_p.dtype, copy=False)
    ratio = np.exp(log_p[np.arange(len(actions)), actions] - old_log_p.astype(log_p.dtype, copy=False))
    limited = np.clip(ratio, 1 - clip, 1 + clip)
    bonus, back_bonus = _entropy(log_p)
    loss = -np.minimum(ratio * gain, limited * gain).mean() - entropy * bonus.mean()

    def backward(dloss: float = 1.0) -> np.ndarray:
        free = ratio * gain <= limited * gain
        return float(dloss / len(gain)) * (_towards(log_p, actions, -gain * ratio * free) - entropy * back_bonus)

    return loss, backward


def log_probabilities(logits: np.ndarray, actions: np.ndarray) -> np.ndarray:
    """log π(a | s) of the actions (N,), from logits (N, K)."""
    return log_softmax(logits)[0][np.arange(len(actions)), actions]


def mean_entropy(logits: np.ndarray) -> float:
    """The mean of H(π) over the rows of logits (N, K), in nats."""
    return float(_entropy(log_softmax(logits)[0])[0].mean())


def _towards(log_p: np.ndarray, actions: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ over steps of weight · log π(a | s), differentiated by the logits: weight (1_a − π)."""
    d = -np.exp(log_p) * weights[:, None]
    d[np.arange(len(actions)), actions] += weights
    return d


def _entropy(log_p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """H (N,) and its derivative by the logits (N, K), −π (log π + H)."""
    p = np.exp(log_p)
    h = -(p * log_p).sum(1)
    return h, -p * (log_p + h[:, None])


def _log_policy(logits: np.ndarray, actions: np.ndarray, advantages: np.ndarray, entropy: float) -> np.ndarray:
    expect_number("entropy", entropy, low=0)
    if not isinstance(logits, np.ndarray) or logits.ndim != 2 or not logits.size:
        raise ValueError(f"logits takes an array (N, actions), got {np.shape(logits)}")
    _expect_steps("actions", actions, len(logits), kinds="iu")
    _expect_steps("advantages", advantages, len(logits))
    if actions.min() < 0 or actions.max() >= logits.shape[1]:
        raise ValueError(f"actions takes 0 to {logits.shape[1] - 1}, got {actions.min()} to {actions.max()}")
    return log_softmax(logits)[0]


def _expect_steps(name: str, array: np.ndarray, n: int, kinds: str = "f") -> None:
    if np.shape(array) != (n,) or np.asarray(array).dtype.kind not in kinds:
        wanted = "integers" if kinds == "iu" else "floating-point numbers"
        raise ValueError(f"{name} takes {wanted} ({n},), got {np.asarray(array).dtype} {np.shape(array)}")
