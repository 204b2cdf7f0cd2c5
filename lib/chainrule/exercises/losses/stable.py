"""Arithmetic that survives large logits."""

import numpy as np

from chainrule.exercises.exercise import Exercise


def _log_sum_exp(z):
    m = z.max(1, keepdims=True)
    return m[:, 0] + np.log(np.exp(z - m).sum(1))


def _naive(z):
    with np.errstate(over="ignore", divide="ignore"):
        return np.log(np.exp(z).sum(1))


def _one_maximum(z):
    with np.errstate(divide="ignore"):
        return z.max() + np.log(np.exp(z - z.max()).sum(1))


def _not_added_back(z):
    return np.log(np.exp(z - z.max(1, keepdims=True)).sum(1))


def _column(z):
    return _log_sum_exp(z)[:, None]


def _down_the_batch(z):
    m = z.max(0)
    return m + np.log(np.exp(z - m).sum(0))


log_sum_exp = Exercise(
    ask="Write log_sum_exp(z) for z (N, C): for each row the logarithm of the sum of its exponentials, safe for "
    "logits of any size.",
    difficulty="medium",
    minutes=8,
    hints=(
        "Which number does the page subtract from the logits, and what has to be done with it at the end?",
        "Each row has its own largest number. `keepdims=True` keeps it as a column, so that it can be subtracted "
        "from its row.",
    ),
    answer=_log_sum_exp,
    cases=(
        (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),),
        (np.array([[1000.0, 1000.0], [-3000.0, -3001.0], [0.5, -0.5]]),),
    ),
    right="Every exponent is at most zero and one of them is zero: nothing overflows, and no logarithm meets a zero.",
    mistakes={
        "naive": (_naive, "For small logits that is right. For 1000 the exponential overflows before the logarithm."),
        "one maximum for all": (
            _one_maximum,
            "One maximum for the whole batch: a row that lies thousands below it underflows to log 0.",
        ),
        "maximum lost": (_not_added_back, "You subtracted the largest logit of each row. Who adds it again?"),
        "a column": (_column, "The numbers are right, as a column (N, 1). Asked for is a vector (N,)."),
        "down the batch": (_down_the_batch, "You summed over the examples. The classes of a row lie along axis 1."),
    },
)
