"""Where pulls balance: the median, a quantile, and the loss of a model that knows nothing."""

import math
from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise

largest = Exercise(
    ask="By how much does the best constant under the mean absolute error change when the largest of 21 numbers is "
    "raised by 210?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Which of the 21 numbers is the best constant under the absolute loss? Count how many pull it up, and how many "
        "pull it down.",
        "A number above the constant pulls with the same strength wherever it lies. Is there one more, or one fewer, "
        "above it after the change?",
    ),
    answer=0,
    right="The median has ten numbers above it and ten below, before and after. The absolute loss sees on which side "
    "a number lies, not how far away.",
    mistakes={
        "the mean": (10, "210 shared by 21 is what the mean moves by. Which loss has the mean as its best constant?"),
        "the largest": (210, "That is how far the number itself moved. Does the best constant follow a single one?"),
        "half": (105, "That would be the middle between the old largest and the new. Count sides instead."),
    },
)

first_loss = Exercise(
    ask="What is the cross-entropy of a classifier that gives each of 100 classes the same probability?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Which probability did the true class of an example get?",
        "The loss of an example is minus the natural logarithm of that probability, and every example has the same.",
    ),
    answer=math.log(100),
    right="Minus log of 1/100, about 4.6. If training starts far above this, the model does not know nothing: it is "
    "sure, and wrong.",
    mistakes={
        "base two": (math.log2(100), "That counts in bits. The library takes the natural logarithm."),
        "base ten": (2, "That is the logarithm to base ten. The library takes the natural logarithm."),
        "sign": (-math.log(100), "The logarithm of a probability is negative; the loss is minus that."),
        "probability": (0.01, "That is the probability which the true class got. The loss is its surprise."),
        "two classes": (math.log(2), "That is the loss of a coin: two classes. Here there are 100."),
    },
)


def loss_and_gradient(f: Callable, *arguments: np.ndarray) -> tuple:
    """(loss, back()) of a loss for these arguments."""
    loss, back = f(*arguments)
    return loss, back()


def _uneven(y, t, tau):
    up = np.where(t >= y, tau, tau - 1)
    return (up * (t - y)).mean(), lambda dloss=1.0: -dloss * up / y.size


def _pull_for_gradient(y, t, tau):
    loss, back = _uneven(y, t, tau)
    return loss, lambda dloss=1.0: -back(dloss)


def _summed(y, t, tau):
    loss, back = _uneven(y, t, tau)
    return loss * y.size, lambda dloss=1.0: back(dloss) * y.size


def _gradient_summed(y, t, tau):
    loss, back = _uneven(y, t, tau)
    return loss, lambda dloss=1.0: back(dloss) * y.size


def _mirrored(y, t, tau):
    return _uneven(y, t, 1 - tau)


def _negative_below(y, t, tau):
    up = np.where(t >= y, tau, 1 - tau)
    return (up * (t - y)).mean(), lambda dloss=1.0: -dloss * up / y.size


Y, T = np.array([[1.0], [2.0], [-0.5], [4.0]]), np.array([[3.0], [1.5], [0.0], [-1.0]])

uneven = Exercise(
    ask="Write uneven(y, t, tau): the mean of tau · e where e = t − y is at least 0 and of (tau − 1) · e elsewhere, "
    "with a back.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Take one example with e > 0. By how much does its loss change when y rises a little? Then one with e < 0.",
        "`np.where` chooses between two numbers by the sign of the error. The same choice serves in the loss and in "
        "its derivative, where a sign comes from e = t − y.",
        "The loss is a mean, so there is one more factor in the gradient.",
    ),
    answer=_uneven,
    observe=loss_and_gradient,
    cases=((Y, T, 0.9), (T, Y, 0.25)),
    right="The pulls balance when a share tau of the targets lies below: for 0.9 that is the ninetieth percentile, for "
    "0.5 the median.",
    mistakes={
        "pull for gradient": (
            _pull_for_gradient,
            "The loss is right. `back` returns the pull, which is minus the derivative: raise y below its target, and "
            "the loss falls.",
        ),
        "summed": (_summed, "That is the sum over the batch. Losses in this book are means, and so are gradients."),
        "gradient summed": (_gradient_summed, "The loss is a mean and the gradient is that of a sum: where is the N?"),
        "mirrored": (
            _mirrored,
            "Early and late are exchanged: which of the two weights belongs to targets above the answer?",
        ),
        "negative below": (
            _negative_below,
            "Where e < 0 your loss is negative, a reward for being wrong. Look at the sign of tau − 1.",
        ),
    },
)
