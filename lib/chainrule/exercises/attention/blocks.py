"""Attention with a place for nobody, and attention that never holds its map."""

import numpy as np

from chainrule.exercises.exercise import Exercise

_RNG = np.random.default_rng(3)
Q, K, V = _RNG.standard_normal((2, 4)), _RNG.standard_normal((3, 4)), _RNG.standard_normal((3, 2))


def _exponentials(q, k):
    return np.exp(q @ k.T / np.sqrt(q.shape[-1]))


def _with_nobody(q, k, v):
    e = _exponentials(q, k)
    return (e @ v) / (1 + e.sum(1, keepdims=True))


def _without(q, k, v):
    e = _exponentials(q, k)
    return (e @ v) / e.sum(1, keepdims=True)


def _nobody_at_zero(q, k, v):
    e = _exponentials(q, k)
    return (e @ v) / (0 + e.sum(1, keepdims=True)) * len(k) / (len(k) + 1)


def _unscaled(q, k, v):
    e = np.exp(q @ k.T)
    return (e @ v) / (1 + e.sum(1, keepdims=True))


def _ones(q, k, v):
    e = _exponentials(q, k)
    return (e @ v + 1) / (1 + e.sum(1, keepdims=True))


with_nobody = Exercise(
    ask="Write with_nobody(q, k, v): attention with one more fact, of score 0 and with the zero vector as its value.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Write the mean out for one query: a sum of exponentials times values, over a sum of exponentials. Which of "
        "the two sums does the new fact enter, and with what?",
        "What is the exponential of the score 0? What is that number times the zero vector?",
    ),
    answer=_with_nobody,
    cases=[(Q, K, V), (3 * Q[:1], K[:2], V[:2])],
    right="Where no key fits, all exponentials are small beside that 1 and the answer is nearly zero. Large "
    "language models grow such a place by themselves where nobody gives them one, at the first tokens (Xiao and "
    "others, 2024).",
    mistakes={
        "nobody left out": (_without, "That is attention as it was: these weights still add up to one."),
        "a plain share": (
            _nobody_at_zero,
            "You give nobody the same share whatever the question. A stranger should leave it more than a guest does.",
        ),
        "no square root": (_unscaled, "Nobody is in its place, but the other scores are not divided by √d."),
        "value of one": (_ones, "Nobody's exponential is 1, but its value is the zero vector. What does it add above?"),
    },
)


def _in_blocks(q, k, v, size, shrink_below=True, shrink_above=True, shift=True, per_block=False):
    top, below, above, means = -np.inf, 0.0, np.zeros(v.shape[1]), []
    for start in range(0, len(k), size):
        s = k[start : start + size] @ q / np.sqrt(len(q))
        new = max(top, s.max()) if shift else 0.0
        e, shrink = np.exp(s - new), np.exp(top - new) if shift else 1.0
        means.append(e @ v[start : start + size] / e.sum())
        below = (shrink if shrink_below else 1.0) * below + e.sum()
        above = (shrink if shrink_above else 1.0) * above + e @ v[start : start + size]
        top = new
    return np.mean(means, axis=0) if per_block else above / below


def _never_shrinks(q, k, v, size):
    return _in_blocks(q, k, v, size, shrink_below=False, shrink_above=False)


def _one_shrinks(q, k, v, size):
    return _in_blocks(q, k, v, size, shrink_above=False)


def _overflows(q, k, v, size):
    with np.errstate(over="ignore", invalid="ignore"):
        return _in_blocks(q, k, v, size, shift=False)


def _mean_of_means(q, k, v, size):
    return _in_blocks(q, k, v, size, per_block=True)


KEYS, VALUES = np.arange(1.0, 11.0).reshape(5, 2) / 4, _RNG.standard_normal((5, 2)).round(1)

in_blocks = Exercise(
    ask="Write in_blocks(q, k, v, size): attention for one query (d,), through the keys in blocks of size.",
    difficulty="hard",
    minutes=60,
    hints=(
        "With all scores at hand you would subtract the largest from each. You do not know it yet, so you use the "
        "largest so far.",
        "Both sums were taken relative to an old top. If the top rises by 2, every exponential in them should have "
        "been smaller. By which factor?",
        "Before the first block there is nothing in the sums; let the first top be −∞ and see what the factor becomes.",
    ),
    answer=_in_blocks,
    observe=lambda f, q, k, v, size: f(q, k, v, size),
    cases=[
        (np.array([1.0, 0.5]), KEYS, VALUES, 2),
        (np.array([1.0, 0.5]), KEYS, VALUES, 5),
        (np.array([400.0, 900.0]), KEYS, VALUES, 1),
    ],
    right="One pass, one block at a time, and the same answer to rounding. With blocks of queries as well this is how "
    "attention runs on long sequences.",
    mistakes={
        "sums of different tops": (
            _never_shrinks,
            "Your sums mix exponentials that are relative to different tops. Bring the old ones to the new top first.",
        ),
        "one sum forgotten": (
            _one_shrinks,
            "Your divisor follows the new top, the sum of values does not. Both were taken relative to the old one.",
        ),
        "no top": (
            _overflows,
            "Right while scores are small; in the thousands the exponential overflows. Subtract the largest so far.",
        ),
        "mean of means": (
            _mean_of_means,
            "You average the blocks' answers as if each block weighed the same. A block with a good key counts more.",
        ),
    },
)
