"""What a batch does: how its gradient is summed, and how noisy it is."""

import numpy as np

from chainrule.exercises.exercise import Exercise

twice_the_batch = Exercise(
    ask="Every example of a batch is listed twice. Give the factors (for a loss that is a mean, for one that is a "
    "sum) by which dW grows.",
    difficulty="easy",
    minutes=4,
    hints=(
        "Write `dW` as a sum with one term for each row of the batch. Two things may have changed: how many terms "
        "there are, and how large each of them is.",
        "The size of a term is decided by u, and u by the loss. Write ∂L/∂y for one row when L is a mean over N "
        "rows, and when it is a sum. Where does N occur?",
    ),
    answer=(1, 2),
    right="The layer adds up twice as many terms. A mean halves each of them by its 1/N, a sum does not: with it, "
    "the best "
    "learning rate would change with the batch size.",
    mistakes={
        "the layer averages": (
            (1, 1),
            "The layer does not divide by anything: dW = xᵀ u is a sum over rows. Who divides, if anyone?",
        ),
        "the layer sums, so both grow": (
            (2, 2),
            "xᵀ u has twice as many terms in both cases. But what happens to each u when a mean is over 2N?",
        ),
        "exchanged": ((2, 1), "The right numbers in the other order: the mean comes first."),
        "smaller": ((0.5, 1), "A mean halves each u, and there are twice as many of them."),
    },
)


def _backward(x, w, u):
    return u @ w.T, x.T @ u, u.sum(0)


def _mean_backward(x, w, u):
    return u @ w.T, x.T @ u / len(x), u.mean(0)


def _transposed_backward(x, w, u):
    return u @ w.T, u.T @ x, u.sum(0)


def _bias_over_units(x, w, u):
    return u @ w.T, x.T @ u, u.sum(1)


def _forward_weights(x, w, u):
    return u @ w, x.T @ u, u.sum(0)


_rng = np.random.default_rng(6)
_square = tuple(_rng.integers(-3, 4, (2, 2)).astype(float) for _ in range(3))
_wide = tuple(_rng.integers(-3, 4, shape).astype(float) for shape in ((3, 2), (2, 4), (3, 4)))

backward = Exercise(
    ask="Write backward(x, w, u): the gradients (dx, dw, db) of y = x w + b, where u is the gradient that arrives "
    "at y.",
    difficulty="medium",
    minutes=8,
    hints=(
        "Take one entry at a time. Which entries of y does w_ij touch, and what stands in front of it there? Then "
        "ask the same of b_j and of x_ni.",
        "Write each blame as a sum with indices. The index that is summed away is the inner one of a matrix "
        "product, and the two that are left are those of the quantity itself.",
    ),
    answer=_backward,
    right="Each gradient has the shape of its own quantity; the index that x and u share, the example, is summed over.",
    cases=(_square, _wide),
    mistakes={
        "averaged": (
            _mean_backward,
            "Your dw and db are divided by the number of examples. Does 1/N occur in y = x w + b?",
        ),
        "transposed": (
            _transposed_backward,
            "Your dw has the shape of wᵀ. Which of x and u carries the row index i of w_ij?",
        ),
        "bias": (
            _bias_over_units,
            "There is one bias for each unit. Your db has a number for each example: which axis is summed?",
        ),
        "w not transposed": (
            _forward_weights,
            "For square w the shapes fit either way. x_ni reaches unit j through w_ij: the sum over j is which "
            "product?",
        ),
    },
)

quiet_batch = Exercise(
    ask="Of N = 1000 examples, how many must a batch drawn without replacement hold, at least, for the trace to "
    "be σ²/100 or less?",
    difficulty="medium",
    minutes=6,
    hints=(
        "The page has a formula for the trace without replacement, in σ², B and N. Write it down for this N, and "
        "ask when it is at most σ²/100.",
        "σ² drops out. Multiply by the denominators, and a linear inequality for B is left. Solve it, then think "
        "of whole examples.",
    ),
    answer=91,
    right="(1000 − B) / (999 B) ≤ 1/100 gives B ≥ 100,000 / 1099 = 90.99. The correction spares nine examples of "
    "a hundred.",
    mistakes={
        "with replacement": (
            100,
            "That is σ²/B = σ²/100, with replacement. Without, the factor (N − B)/(N − 1) helps: you need fewer.",
        ),
        "rounded down": (90, "At B = 90 the trace is still a little above σ²/100. Round the other way."),
        "not whole": (100_000 / 1099, "The equation is right; a batch holds whole examples."),
        "standard deviation": (10, "σ/10 is a standard deviation. The trace is a variance."),
    },
)
