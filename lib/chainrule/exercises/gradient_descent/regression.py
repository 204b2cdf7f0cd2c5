"""Linear regression without the library: its gradient, and stochastic descent."""

import numpy as np

from chainrule.exercises.exercise import Exercise

_X = np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, 1.0]])
_T = np.array([1.0, -2.0, 0.5])


def _gradient(x, t, w, b):
    error = x @ w + b - t
    return 2 * x.T @ error / len(t), float(2 * error.sum() / len(t))


def _scaled(w_by, b_by):
    def wrong(x, t, w, b):
        dw, db = _gradient(x, t, w, b)
        return dw * w_by(len(t)), db * b_by(len(t))

    return wrong


gradient = Exercise(
    ask="Write gradient(x, t, w, b) of the mean squared error of y = x w + b, with x (N, n), t (N,), w (n,): return "
    "(dw, db).",
    difficulty="medium",
    minutes=10,
    hints=(
        "Start with the error of each row, what is said less what is true: one vector (N,). Both gradients are made "
        "of it.",
        "How much does the prediction for a row move when a weight is nudged? And when the bias is? Weigh the errors "
        "by that, and mind what stands in front of the sum.",
    ),
    answer=_gradient,
    right="Errors weighed by the inputs for the weights, by ones for the bias; the 2 from the square and 1/N from "
    "the mean.",
    cases=((_X, _T, np.array([0.5, -1.0]), 0.25), (_X[:2], _T[:2], np.array([0.0, 0.0]), 0.0)),
    mistakes={
        "no 2": (
            _scaled(lambda n: 0.5, lambda n: 0.5),
            "Each gradient is half of what it should be. What is the derivative of a square?",
        ),
        "a sum": (
            _scaled(lambda n: n, lambda n: n),
            "That is the gradient of the sum of the squared errors. The loss is their mean.",
        ),
        "bias summed": (
            _scaled(lambda n: 1, lambda n: n),
            "The weights are right. The bias's gradient is a mean too: it is the weight of an input that is one.",
        ),
        "sign": (
            _scaled(lambda n: -1, lambda n: -1),
            "Both signs are turned round. Is your error y − t or t − y, and which of them has derivative +1 by y?",
        ),
        "neither 2 nor mean": (
            _scaled(lambda n: n / 2, lambda n: n / 2),
            "Two factors are missing: one from the square, one from the mean.",
        ),
    },
)


def _descent(factor=lambda batch: 2 / batch, bias=True, sign=-1, one_after_the_other=False):
    def regress(x, t, rate, batch, steps, rng):
        w, b = np.zeros(x.shape[1]), 0.0
        for _ in range(steps):
            rows = rng.integers(len(x), size=batch)
            error = x[rows] @ w + b - t[rows]
            w = w + sign * rate * factor(batch) * (x[rows].T @ error)
            if one_after_the_other:
                error = x[rows] @ w + b - t[rows]
            b = b + sign * bias * rate * factor(batch) * float(error.sum())
        return w, float(b)

    return regress


def _everybody(x, t, rate, batch, steps, rng):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        dw, db = _gradient(x, t, w, b)
        w, b = w - rate * dw, b - rate * db
    return w, b


def _seeded(regress, x, t, rate, batch, steps):
    return regress(x, t, rate, batch, steps, np.random.default_rng(0))


regress = Exercise(
    ask="Write regress(x, t, rate, batch, steps, rng): stochastic gradient descent from zero, drawing rows by "
    "rng.integers(len(x), size=batch); return (w, b).",
    difficulty="hard",
    minutes=60,
    hints=(
        "Write the loop for all rows first, with the gradient that you wrote above, and only then "
        "put the drawn rows in place of all.",
        "Inside the loop: draw, select from both `x` and `t`, errors, two gradients, two steps. The mean runs over the "
        "rows that were drawn.",
    ),
    answer=_descent(),
    observe=_seeded,
    right="Five lines, and the whole of this chapter. What is left to choose is the rate, the batch and the schedule, "
    "and you can now say what each of them does.",
    cases=((_X, _T, 0.05, 2, 7), (_X, _T, 0.01, 1, 5), (_X[:, :1], _T, 0.1, 3, 4)),
    mistakes={
        "no 2": (_descent(lambda batch: 1 / batch), "Your steps are half as long as they should be: the square's 2."),
        "a sum": (
            _descent(lambda batch: 2.0),
            "With batches of one you are right, with larger ones too fast: take the mean over the batch.",
        ),
        "no bias": (_descent(bias=False), "The bias has not moved from zero. It has a gradient as well."),
        "uphill": (_descent(sign=1), "Your loss grows with every step. The gradient points uphill."),
        "divided by all": (
            _descent(lambda batch: 2 / 3),
            "Your steps are too short where the batch is smaller than the data: divide by the number of rows drawn.",
        ),
        "everybody": (
            _everybody,
            "Every step of yours uses all rows. Draw some with `rng.integers`, and use the same ones of x and of t.",
        ),
        "one after the other": (
            _descent(one_after_the_other=True),
            "You computed the bias's gradient after the weights had moved. Both belong to the point before the step.",
        ),
    },
)
