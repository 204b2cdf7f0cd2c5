"""Tighter bounds and quieter gradients."""

import numpy as np

from chainrule.exercises.exercise import Exercise


def _tightened(log_ratios):
    top = log_ratios.max(0)
    return top + np.log(np.exp(log_ratios - top).mean(0))


def _quietly(f):
    """The function without NumPy's warnings, which belong to the mistake."""

    def quiet(*arguments):
        with np.errstate(all="ignore"):
            return f(*arguments)

    return quiet


_RNG = np.random.default_rng(5)
RATIOS = [(_RNG.normal(-20, 3, (5, 2)),), (np.array([[-1000.0], [-1001.0]]),)]

tightened = Exercise(
    ask="Write tightened(log_ratios): from log p(x, z) − log q(z | x), an array (K, N) with a row for each draw, the "
    "tightened bound of each picture, (N,).",
    difficulty="medium",
    minutes=10,
    hints=(
        "The mean stands inside the logarithm, and over which axis?",
        "e to the −1000 is zero to a computer. A factor may be taken out of a sum before the exponentials are built: "
        "which one leaves every exponent at most zero?",
    ),
    answer=_tightened,
    cases=RATIOS,
    right="It is a log-mean-exp, with the largest term taken out so that nothing underflows. With a single "
    "draw, K = 1, it is the ELBO.",
    mistakes={
        "the ELBO": (
            lambda log_ratios: log_ratios.mean(0),
            "You averaged the logarithms. That is the ELBO with K draws: less noise, but no tighter.",
        ),
        "underflow": (
            _quietly(lambda log_ratios: np.log(np.exp(log_ratios).mean(0))),
            "The formula is right, and at −1000 it gives −inf. Take the largest term out of the sum first.",
        ),
        "a sum": (
            lambda log_ratios: _tightened(log_ratios) + np.log(len(log_ratios)),
            "You summed the ratios. With more draws your bound would grow without end; divide by K.",
        ),
    },
)


def _best(f, score):
    return float((f * score**2).mean() / (score**2).mean())


_Z = _RNG.standard_normal(50)
DRAWS = [((_Z + 1) ** 2, _Z), (np.array([1.0, 4.0, 2.0]), np.array([-1.0, 2.0, -1.0]))]

best_baseline = Exercise(
    ask="Write best_baseline(f, score): the constant b for which the draws (f − b) · score have the smallest variance, "
    "from arrays (n,) of f and of ∂ log q / ∂μ at the same draws.",
    difficulty="hard",
    minutes=40,
    hints=(
        "Subtracting b leaves the mean of the estimate alone, since the mean of the score is zero. So which part of "
        "the variance depends on b?",
        "Minimise the mean of (f − b)² · score² over b: its derivative by b is zero at the answer.",
    ),
    answer=_best,
    cases=DRAWS,
    right="It is the mean of f with weights score²: draws that are far out count more, since they are the loud ones. "
    "The plain mean of f is often close, and needs no second thought.",
    mistakes={
        "the mean": (
            lambda f, score: float(f.mean()),
            "That is the usual baseline, and a good one. The best one weighs the draws: which of them are loud?",
        ),
        "no squares": (
            _quietly(lambda f, score: float(np.divide((f * score).mean(), score.mean()))),
            "The mean of the score is zero, so you divide by nearly nothing. The variance has squares in it.",
        ),
        "absolute values": (
            lambda f, score: float((f * abs(score)).mean() / abs(score).mean()),
            "Nearly: the weights are not |score|. What stands before (f − b)² in the mean that you minimise?",
        ),
    },
)
