"""Losses made from distributions: counts, and noise whose width the model states itself."""

import numpy as np

from chainrule.exercises.exercise import Exercise
from chainrule.exercises.losses.balance import loss_and_gradient


def _poisson(l, t):
    return (np.exp(l) - t * l).mean(), lambda dloss=1.0: dloss * (np.exp(l) - t) / l.size


def _of_rate(l, t):
    with np.errstate(invalid="ignore"):  # log λ may be negative
        return (l - t * np.log(l)).mean(), lambda dloss=1.0: dloss * (1 - t / l) / l.size


def _through_rate(l, t):
    return _poisson(l, t)[0], lambda dloss=1.0: dloss * (1 - t / np.exp(l)) / l.size


def _gradient_summed(l, t):
    return _poisson(l, t)[0], lambda dloss=1.0: dloss * (np.exp(l) - t)


def _summed(l, t):
    return (np.exp(l) - t * l).sum(), lambda dloss=1.0: dloss * (np.exp(l) - t)


def _likelihood(l, t):
    return (t * l - np.exp(l)).mean(), lambda dloss=1.0: dloss * (t - np.exp(l)) / l.size


L, COUNTS = np.array([[0.5], [-1.0], [2.0]]), np.array([[1.0], [0.0], [9.0]])

poisson = Exercise(
    ask="Write poisson(l, t): the mean negative log-likelihood of counts t at the rate e^l, without log t!, with a "
    "back that returns its gradient with respect to l.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Take the logarithm of the probability first, while λ is still λ: a product becomes three terms.",
        "Then put l in place of log λ. Of the terms that are left, one is linear in l and one is an exponential; "
        "differentiate each by l.",
        "A loss here is a mean over the batch, and `back` takes `dloss=1.0`.",
    ),
    answer=_poisson,
    observe=loss_and_gradient,
    cases=((L, COUNTS), (np.array([[1.5], [0.25]]), np.array([[2.0], [3.0]]))),
    right="The gradient is what the model expects less what came, over N: prediction minus target, as for coins and "
    "dice.",
    mistakes={
        "rate for logarithm": (
            _of_rate,
            "You read the output as the rate λ. It is l = log λ, which may be negative.",
        ),
        "gradient by the rate": (
            _through_rate,
            "The loss is right. The gradient is with respect to λ; the chain rule has one more factor, dλ/dl.",
        ),
        "gradient summed": (_gradient_summed, "The loss is a mean and the gradient that of a sum: where is the N?"),
        "summed": (_summed, "That is the sum over the batch; a mean keeps the learning rate free of its size."),
        "likelihood": (_likelihood, "That is the log-likelihood, something to make large. A loss is its negative."),
    },
)


def _normal_nll(out, t):
    y, a = out[:, :1], out[:, 1:]
    e, precision = t - y, np.exp(-2 * a)
    gradient = np.hstack([-e * precision, 1 - e * e * precision]) / len(out)
    return (0.5 * e * e * precision + a).mean(), lambda dloss=1.0: dloss * gradient


def _column(index, factor):
    def wrong(out, t):
        loss, back = _normal_nll(out, t)
        scale = np.ones(2)
        scale[index] = factor
        return loss, lambda dloss=1.0: back(dloss) * scale

    return wrong


def _without_price(out, t):
    y, a = out[:, :1], out[:, 1:]
    e, precision = t - y, np.exp(-2 * a)
    gradient = np.hstack([-e * precision, -e * e * precision]) / len(out)
    return (0.5 * e * e * precision).mean(), lambda dloss=1.0: dloss * gradient


def _summed_nll(out, t):
    loss, back = _normal_nll(out, t)
    return loss, lambda dloss=1.0: back(dloss) * len(out)


OUT = np.array([[0.5, -0.5], [2.0, 0.25], [-1.0, 1.0]])

normal_nll = Exercise(
    ask="Write normal_nll(out, t): the mean of ½ (t − y)² e^(−2a) + a for the columns y and a of out (N, 2), with a "
    "back that returns an array (N, 2).",
    difficulty="hard",
    minutes=90,
    hints=(
        "Keep columns as columns: `out[:, :1]` has the shape of t, `out[:, 0]` would be broadcast against it.",
        "Differentiate by y with a held fixed: only the square contains it. Then by a with y held fixed: an "
        "exponential and a term of its own.",
        "`np.hstack` puts two columns side by side; then comes the share of each example in a mean.",
    ),
    answer=_normal_nll,
    observe=loss_and_gradient,
    cases=((OUT, np.array([[1.0], [1.5], [2.0]])), (OUT[:1], np.array([[0.25]]))),
    right="The spring of each example has the stiffness e^(−2a). A model may call an example noise and weaken its "
    "spring, and the term a is the price.",
    mistakes={
        "y's sign": (_column(0, -1), "The column of y has the wrong sign: e = t − y falls when y rises."),
        "a's sign": (_column(1, -1), "The column of a has the wrong sign: with e = 0, a smaller a is a smaller loss."),
        "no price": (
            _without_price,
            "The term a is missing, so the model would call everything noise: what stops a from growing?",
        ),
        "summed": (_summed_nll, "The loss is a mean and the gradient that of a sum: where is the N?"),
    },
)
