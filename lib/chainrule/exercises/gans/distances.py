"""How far two distributions are apart, or two clouds."""

import numpy as np

from chainrule.exercises.exercise import Exercise


def _kl(a, b):
    some = a > 0
    return float(np.sum(a[some] * np.log(a[some] / b[some])))


def _js(p, q):
    m = (p + q) / 2
    return 0.5 * _kl(p, m) + 0.5 * _kl(q, m)


def _quietly(f):
    """The function without NumPy's warnings, which belong to the mistake."""

    def quiet(*arguments):
        with np.errstate(all="ignore"):
            return f(*arguments)

    return quiet


def _without_zeros(p, q):
    m = (p + q) / 2
    return float(0.5 * np.sum(p * np.log(p / m)) + 0.5 * np.sum(q * np.log(q / m)))


OUTCOMES = [
    (np.array([0.2, 0.3, 0.5]), np.array([0.4, 0.4, 0.2])),
    (np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.5, 0.5])),
    (np.array([1.0, 0.0]), np.array([0.0, 1.0])),
]

jensen_shannon = Exercise(
    ask="Write js_of(p, q): the Jensen–Shannon divergence of two arrays of probabilities, in nats.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Three steps: the mean of the two, a divergence from it for each, and the mean of the two divergences.",
        "A term a log(a/m) tends to zero with a. Sum only over the outcomes where a is positive; m is positive there.",
    ),
    answer=_js,
    cases=OUTCOMES,
    right="The last case has no outcome in common, and gives log 2, as for any two distributions that never meet.",
    mistakes={
        "zeros": (
            _quietly(_without_zeros),
            "The formula is right, and 0 · log 0 gives nan. Leave out the outcomes that have no probability.",
        ),
        "a sum of divergences": (
            lambda p, q: 2 * _js(p, q),
            "Twice too much. Distributions that never meet should be log 2 apart: each divergence counts for a half.",
        ),
        "from each other": (
            _quietly(lambda p, q: 0.5 * _kl(p, q) + 0.5 * _kl(q, p)),
            "You compared p and q with each other. Both are compared with their mean, so nothing is divided by zero.",
        ),
        "bits": (lambda p, q: _js(p, q) / np.log(2), "That is in bits. Nats come from the natural logarithm."),
    },
)


def _frechet(a, b, roots=None):
    A, B = np.atleast_2d(np.cov(a.T)), np.atleast_2d(np.cov(b.T))
    if roots is None:
        roots = np.sqrt(np.maximum(np.linalg.eigvals(A @ B).real, 0)).sum()
    return float(np.square(a.mean(0) - b.mean(0)).sum() + np.trace(A + B) - 2 * roots)


def _entrywise(a, b):
    A, B = np.cov(a.T), np.cov(b.T)
    return _frechet(a, b, np.trace(np.sqrt(np.abs(A @ B))))


def _by_axis(a, b):
    shift, spread = a.mean(0) - b.mean(0), a.std(0, ddof=1) - b.std(0, ddof=1)
    return float(np.square(shift).sum() + np.square(spread).sum())


_RNG = np.random.default_rng(6)
_MIX = np.array([[1.0, 0.8], [0.0, 0.5]])
CLOUDS = [
    (_RNG.standard_normal((8, 2)) @ _MIX, 1 + 2 * _RNG.standard_normal((6, 2))),
    (_RNG.standard_normal((7, 2)), _RNG.standard_normal((9, 2)) @ _MIX.T),
]

frechet = Exercise(
    ask="Write far(a, b): the Fréchet distance of two clouds, arrays (N, d) and (M, d), with np.cov.",
    difficulty="hard",
    minutes=20,
    hints=(
        "Two parts: the squared distance of the means, and a trace. np.cov wants a variable in each row.",
        "The root is that of a matrix and not of its entries. Its trace is a sum over the eigenvalues of the product.",
    ),
    answer=_frechet,
    cases=CLOUDS,
    right="Points half-way between the eight clumps, on a circle of radius 2.01, have the same mean and covariance. "
    "They score zero, and none lies in a clump. (One round cloud scores zero too, but some of it falls into clumps.)",
    mistakes={
        "roots of entries": (
            _entrywise,
            "np.sqrt takes the root of each entry. The root of a matrix is another matter: look at its eigenvalues.",
        ),
        "no means": (
            lambda a, b: _frechet(a - a.mean(0), b - b.mean(0)),
            "Your distance does not notice when a cloud is moved away as a whole.",
        ),
        "each axis by itself": (
            _by_axis,
            "That treats each coordinate by itself. A cloud may lean, and then its covariance is not diagonal.",
        ),
        "no root": (
            lambda a, b: _frechet(a, b, np.trace(np.cov(a.T) @ np.cov(b.T))),
            "You left out the root: in one dimension s₁² s₂² would stand where s₁ s₂ belongs.",
        ),
    },
)
