"""How wide the bar of a score is, what a pair of models says, and what the best of many scores is worth."""

from math import comb

import numpy as np

from chainrule.exercises.exercise import Exercise

narrower = Exercise(
    ask="How many test examples give an error bar of one point, if 400 give one of three?",
    difficulty="easy",
    minutes=2,
    hints=(
        "The bar is the root of p (1 − p) / n, times a constant. Only n changes.",
        "Which n makes the root a third of what it was?",
    ),
    answer=3600,
    right="A third of the bar takes nine times the examples.",
    mistakes={
        "in proportion": (1200, "With three times the examples the bar shrinks by the root of three only."),
        "only the new ones": (3200, "Those are the examples that have to be added. The question asks for all of them."),
        "halved": (1600, "Four times the examples halve the bar. It is to become a third."),
    },
)

no_mistake = Exercise(
    ask="What is the largest error rate in Wilson's interval (z = 1.96) after 300 right answers of 300?",
    difficulty="easy",
    minutes=3,
    hints=(
        "The chapter gives the lower end for the accuracy after n right answers of n.",
        "The error rate is one minus the accuracy, so its largest value goes with the smallest accuracy.",
    ),
    answer=1.96**2 / (300 + 1.96**2),
    right="About 1.3 %: after 300 answers without a mistake, one mistake in eighty is still possible.",
    mistakes={
        "Wald": (
            0,
            "That is Wald's answer: no mistake so far, so none ever. Put the true p into the bar, not the score.",
        ),
        "accuracy": (300 / (300 + 1.96**2), "That is the smallest accuracy. The error rate is the rest."),
        "one in 300": (1 / 300, "One mistake in 300 would be a likely result of a much larger error rate, too."),
        "without the z² below": (1.96**2 / 300, "Close: there is a z² in the denominator as well."),
        "z not squared": (1.96 / (300 + 1.96), "The z is squared in both places."),
        "percent": (100 * 1.96**2 / (300 + 1.96**2), "That is in percent; the answer is asked for as a fraction."),
    },
)

disagreements = Exercise(
    ask="What is the exact paired p-value when only A is right 9 times and only B once?",
    difficulty="easy",
    minutes=5,
    hints=(
        "Which examples say anything about who is better? Forget the others.",
        "Ten throws of a fair coin have 2¹⁰ outcomes, all equally probable. How many are at least as lopsided as nine "
        "to one?",
        "Lopsided in either direction counts.",
    ),
    answer=22 / 1024,
    right="About 2 %: 22 of 1,024 outcomes. The 990 examples on which the models agree play no part.",
    mistakes={
        "one-sided": (
            11 / 1024,
            "That counts the outcomes in favour of A only. The difference may have either direction.",
        ),
        "only this split": (20 / 1024, "Ten to nil is more extreme still, and counts as well, on both sides."),
        "only nine heads": (
            10 / 1024,
            "That is one outcome's share: nine heads. Add what is more extreme, and both sides.",
        ),
        "one of ten": (0.1, "One of ten went to B. How probable is that, or less, for a fair coin?"),
    },
)


def _at_most(n, p):
    """The probability of at most k right answers, for k = 0 … n."""
    return np.cumsum([comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


def _expected_best(K, n, p):
    steps = np.diff(_at_most(n, p) ** K, prepend=0)
    return float((np.arange(n + 1) * steps).sum() / n)


def _normal_guess(K, n, p):
    return float(p + np.sqrt(2 * np.log(K)) * np.sqrt(p * (1 - p) / n))


expected_best = Exercise(
    ask="Write expected_best(K, n, p): the mean of the largest of K scores, each from n examples at true accuracy p.",
    difficulty="medium",
    minutes=15,
    hints=(
        "How probable is it that one model has at most k of n right? That is a sum of binomial probabilities, and "
        "`scipy.stats.binom.cdf` knows it.",
        "That all K have at most k right is that probability to the power K, as the sets are separate.",
        "The best has exactly k right: the difference of two neighbours. Then a mean is values times probabilities.",
    ),
    answer=_expected_best,
    cases=((1, 10, 0.5), (20, 50, 0.5), (5, 8, 0.9)),
    right="For 20 models, 50 examples and p = ½ the winner reports 63 %, from models that are all worth 50 %.",
    mistakes={
        "no luck": (
            lambda K, n, p: p,
            "That is the mean score of any one of them. The best of K is chosen for its luck.",
        ),
        "a count": (
            lambda K, n, p: n * _expected_best(K, n, p),
            "That is the expected number of right answers. A score is a share of n.",
        ),
        "the worst": (
            lambda K, n, p: 1 - _expected_best(K, n, 1 - p),
            "That is the worst of the K: the largest is at most k when *all* are at most k.",
        ),
        "normal guess": (
            _normal_guess,
            "That is a formula for many models and large n, and it is too high here. The exact law is a sum over k.",
        ),
    },
)
