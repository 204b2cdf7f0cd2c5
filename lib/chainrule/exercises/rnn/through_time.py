"""The way back through time, and the size of a long product."""

import numpy as np

from chainrule.exercises.exercise import Exercise

_RNG = np.random.default_rng(7)
CASES = [
    tuple(_RNG.standard_normal(shape).round(1) for shape in ((T, 2), (2, 3), (3, 3), (3,), (3,))) for T in (1, 3, 5)
]


def _bptt(slope=True, through=True, turned=True, late=False, last_only=False, before_slope=False):
    """Back-propagation through time, with one mistake where an argument asks for it."""

    def made(x, W, U, b, u):
        h = [np.zeros(len(b))]
        for x_t in x:
            h.append(np.tanh(x_t @ W + h[-1] @ U + b))
        dW, dU, db, dh = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b), u
        for t in range(len(x), 0, -1):
            delta = (1 - h[t] ** 2) * dh if slope else dh
            blame = dh if before_slope else delta
            dW = dW + np.outer(x[t - 1], blame)
            dU = dU + np.outer(h[t] if late else h[t - 1], blame)
            db = db + blame
            if last_only:
                break
            dh = (delta @ (U.T if turned else U)) if through else delta
        return dW, dU, db

    return made


bptt = Exercise(
    ask="Write bptt(x, W, U, b, u): the gradients of W, U and b for a loss on the last state.",
    difficulty="medium",
    minutes=20,
    hints=(
        "Forward first, and keep every state, the zeros before the first step as well.",
        "Then from the last step to the first: the blame of the pre-activation, what it adds to each gradient, and "
        "what is handed to the state before.",
    ),
    answer=_bptt(),
    cases=CASES,
    right="Twelve lines, and the same numbers as the library's: a loop forwards and a loop backwards.",
    mistakes={
        "last step only": (
            _bptt(last_only=True),
            "Your gradient stops at the last step. The weights were used at the earlier ones too.",
        ),
        "no slope": (_bptt(slope=False), "Between the state and the pre-activation stands a tanh. What is its slope?"),
        "slope after": (
            _bptt(before_slope=True),
            "You pass the slope on to earlier steps, but the weights feed the pre-activation, which lies behind it.",
        ),
        "U skipped": (
            _bptt(through=False),
            "You hand the blame to the state before as it is. On its way forward that state was multiplied.",
        ),
        "not transposed": (
            _bptt(turned=False),
            "Going back, a row of blame is multiplied by U once more, but not in the same orientation.",
        ),
        "state of the same step": (
            _bptt(late=True),
            "The gradient of U pairs the blame of a step with a state. Is it that step's own, or what went in?",
        ),
    },
)


def _linear(x, u, factor=True, power=0):
    T = len(x)
    return float(sum((T - t if factor else 1) * u ** (T - t - 1 + power) * x[t - 1] for t in range(1, T)))


linear_gradient = Exercise(
    ask="Write linear_gradient(x, u): the derivative of h_T by u for h_t = u h_{t−1} + x_t, from h_0 = 0.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Write out h_1, h_2 and h_3. With which power of u does each input arrive at the end?",
        "Differentiate each power of u by itself. What becomes of the last input, whose power is zero?",
    ),
    answer=lambda x, u: _linear(x, u),
    cases=[([1.0, 2.0, 3.0], 0.5), ([1.0, -1.0, 2.0, 0.5, 1.0], 0.9), ([2.0], 0.7)],
    right="The factor is a count times a power. At u = 0.9 it is largest nine or ten steps before the end: the count "
    "grows with the distance and the power fades, and in the end the power wins.",
    mistakes={
        "no count": (
            lambda x, u: _linear(x, u, factor=False),
            "That is the state before the last, which u multiplies at the last step: one use of several. A derivative "
            "of a power also brings its exponent down.",
        ),
        "power not lowered": (
            lambda x, u: _linear(x, u, power=1),
            "You have the exponents as factors. A derivative lowers the power by one as well.",
        ),
        "the state itself": (
            lambda x, u: sum(u ** (len(x) - t) * x[t - 1] for t in range(1, len(x) + 1)),
            "That is the last state. Now differentiate it by u.",
        ),
    },
)


def _log_norm(jacobians):
    product, log = np.eye(jacobians.shape[-1]), 0.0
    for J in jacobians:
        product = J @ product
        size = np.linalg.norm(product, 2)
        product, log = product / size, log + np.log(size)
    return float(log)


def _plain(jacobians):
    product = np.eye(jacobians.shape[-1])
    for J in jacobians:
        product = J @ product
    with np.errstate(divide="ignore"):
        return float(np.log(np.linalg.norm(product, 2)))


def _by_eigenvalues(jacobians):
    return float(sum(np.log(np.abs(np.linalg.eigvals(J)).max()) for J in jacobians))


_SHORT = _RNG.standard_normal((4, 3, 3)).round(1)
_LONG = 0.3 * _RNG.standard_normal((1500, 4, 4))

log_norm = Exercise(
    ask="Write log_norm(jacobians): the logarithm of the norm of jacobians[-1] @ … @ jacobians[0].",
    difficulty="hard",
    minutes=90,
    hints=(
        "A product that is too small to be written can be written as a number times a matrix of ordinary size.",
        "After each factor, divide the matrix by its size and remember what you divided by. How do you remember a "
        "product of a thousand small numbers?",
    ),
    answer=_log_norm,
    cases=[(_SHORT,), (_LONG,)],
    right="Divided by the number of steps it tends to the growth rate of nudges: the largest Lyapunov exponent of the "
    "network, for this input.",
    mistakes={
        "plain product": (_plain, "Right for short sequences. On the long one your product is zero before its end."),
        "sum of norms": (
            lambda js: float(np.log(np.linalg.norm(js, 2, axis=(1, 2))).sum()),
            "You added the logarithms of the steps' own norms. That is the bound of this chapter, not the norm.",
        ),
        "eigenvalues": (
            _by_eigenvalues,
            "You added up logarithms of spectral radii. This chapter has two matrices for which that fails badly.",
        ),
        "other order": (
            lambda js: _log_norm(js[::-1]),
            "The first Jacobian acts first, so it stands on the right of the product.",
        ),
        "wrong sign": (
            lambda js: -_log_norm(js),
            "The size is right; you have what was divided out with its sign turned.",
        ),
    },
)
