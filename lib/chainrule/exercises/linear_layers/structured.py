"""Convolution and attention as linear algebra."""

import numpy as np

from chainrule.exercises.exercise import Exercise


def _toeplitz(kernel, n):
    matrix = np.zeros((n, n - len(kernel) + 1))
    for j in range(matrix.shape[1]):
        matrix[j : j + len(kernel), j] = kernel
    return matrix


def _flipped(kernel, n):
    return _toeplitz(kernel[::-1], n)


def _rows_for_columns(kernel, n):
    return _toeplitz(kernel, n).T


def _padded(kernel, n):
    return np.stack([np.convolve(row, kernel[::-1], mode="same") for row in np.eye(n)])


toeplitz = Exercise(
    ask="Write toeplitz(kernel, n): the matrix T, (n, n − k + 1), with (x T)_j = Σ_i kernel_i x_(j+i), a "
    "convolution layer without padding.",
    difficulty="hard",
    minutes=15,
    hints=(
        "Column j of T holds the weights with which output j looks at `x`. Write out columns 0 and 1 by hand, for "
        "a kernel of length three and `n = 5`.",
        "Output j looks at k neighbours in `x`, the first of them at place j. So between which rows of column j "
        "does the kernel stand, and what fills the others?",
        "Begin with `np.zeros` of the shape that the question gives, and fill it column by column.",
    ),
    answer=_toeplitz,
    right="Column j is the kernel, j places down: constant along diagonals, which is what Toeplitz means. Its "
    "backward needs "
    "nothing new: dx = u Tᵀ, and the kernel's gradient adds up xᵀ u along the same diagonals.",
    cases=((np.array([1.0, 2.0, -1.0]), 5), (np.array([3.0, 1.0]), 3), (np.array([2.0]), 2)),
    mistakes={
        "flipped": (
            _flipped,
            "Your kernel is upside down. Mathematicians flip it; the formula in the question, and every "
            "deep-learning library, does not.",
        ),
        "transposed": (
            _rows_for_columns,
            "That is Tᵀ, right if x stood to the right. Here rows of x come first: x has n entries, so T has n rows.",
        ),
        "padded": (
            _padded,
            "Your output is as long as the input: it is padded with zeros. Without padding there are n − k + 1 "
            "places for the kernel.",
        ),
    },
)


def _softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis, keepdims=True))
    return weights / weights.sum(axis, keepdims=True)


def _attend(q, k, v):
    return _softmax(q @ k.T / np.sqrt(q.shape[1])) @ v


def _unscaled(q, k, v):
    return _softmax(q @ k.T) @ v


def _scaled_by_length(q, k, v):
    return _softmax(q @ k.T / np.sqrt(len(q))) @ v


def _divided_by_width(q, k, v):
    return _softmax(q @ k.T / q.shape[1]) @ v


def _wrong_axis(q, k, v):
    return _softmax(q @ k.T / np.sqrt(q.shape[1]), axis=0) @ v


def _keys_for_queries(q, k, v):
    return _softmax(k @ q.T / np.sqrt(q.shape[1])) @ v


_rng = np.random.default_rng(6)
_q, _k, _v = (_rng.integers(-2, 3, shape).astype(float) for shape in ((4, 2), (4, 2), (4, 3)))

attend = Exercise(
    ask="Write attend(q, k, v): scores q kᵀ / √d with q, k (T, d); each row through softmax; the resulting "
    "weights, (T, T), times v (T, m).",
    difficulty="hard",
    minutes=15,
    hints=(
        "It takes three lines: scores, weights, output. Write the shape beside each before you compute it. Which "
        "axis of the scores counts queries, and which counts keys?",
        "A softmax exponentiates and then divides by a sum, here one sum for each row. `keepdims=True` keeps the "
        "sums in a column, so that each row is divided by its own.",
        "Should `np.exp` overflow, subtract from each row its largest score first. In the quotient that cancels.",
    ),
    answer=_attend,
    right="Row t of the output is an average of the rows of v, with weights that the input itself has made.",
    cases=((_q, _k, _v), (_k[:3], _v[:3, :2] + 1, _q[:3])),
    mistakes={
        "no scale": (_unscaled, "The scores are not divided by √d."),
        "scaled by T": (_scaled_by_length, "You divided by the root of the number of rows. d is the width of q and k."),
        "divided by d": (_divided_by_width, "Divide by √d, not by d."),
        "wrong axis": (
            _wrong_axis,
            "Your weights add up to one in each column. Each row, one query, shares out its attention among all keys.",
        ),
        "keys ask": (
            _keys_for_queries,
            "Your scores are k qᵀ: row t belongs to key t there. Row t should belong to query t.",
        ),
    },
)
