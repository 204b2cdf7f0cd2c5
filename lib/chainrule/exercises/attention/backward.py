"""The way back through a softmax, and through attention."""

import numpy as np

from chainrule.exercises.exercise import Exercise

P = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
DP = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]])

softmax_back = Exercise(
    ask="Write softmax_back(p, dp): the gradient ds for the scores from that for the weights, row by row.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Write out ds for the first of three scores: it moves its own weight and the two others. Collect what has p₁.",
        "One term holds dp of its own weight; the rest is a sum over the row that is the same for every score.",
    ),
    answer=lambda p, dp: p * (dp - (p * dp).sum(-1, keepdims=True)),
    cases=[(P, DP), (P[:1], DP[1:])],
    right="Each score is blamed for the blame of its weight less the average blame, in proportion to the weight.",
    mistakes={
        "diagonal only": (
            lambda p, dp: p * (1 - p) * dp,
            "You have the slope of each weight for its own score. A score moves the other weights of its row too.",
        ),
        "as if entry by entry": (
            lambda p, dp: p * dp,
            "That is the slope of the exponential. The divisor of the softmax also holds every score of the row.",
        ),
        "plain mean": (
            lambda p, dp: p * (dp - dp.mean(-1, keepdims=True)),
            "An average is right, but not this one: the facts do not count alike in it.",
        ),
        "whole map": (
            lambda p, dp: p * (dp - (p * dp).sum()),
            "You sum over the whole map. Each question has a softmax of its own: sum along its row.",
        ),
        "over questions": (
            lambda p, dp: p * (dp - (p * dp).sum(0)),
            "Your sum runs along the questions. The softmax ran along the facts, the last axis.",
        ),
    },
)


def _attend(scale_forward=None, scale_back=None, d_term=True, turned=False, square=False):
    """Attention with its way back, and with one mistake where an argument asks for it."""

    def made(q, k, v):
        root = np.sqrt(q.shape[1])
        scale = 1 / root if scale_forward is None else scale_forward(root)
        s = scale * q @ k.T
        axis = 0 if turned else 1
        e = np.exp(s - s.max(axis, keepdims=True))
        p = e / e.sum(axis, keepdims=True)

        def back(dy):
            dp = dy @ v.T
            ds = p * (dp - (p * dp).sum(axis, keepdims=True) * d_term)
            factor = scale if scale_back is None else scale_back
            return factor * ds @ k, factor * (ds if square else ds.T) @ q, (p if square else p.T) @ dy

        return p @ v, back

    return made


_RNG = np.random.default_rng(5)
CASE = tuple(_RNG.standard_normal((3, n)).round(1) for n in (4, 4, 2, 2))


def _there_and_back(attend, q, k, v, dy):
    y, back = attend(q, k, v)
    return y, *back(dy)


attend = Exercise(
    ask="Write attend(q, k, v): the answers y, and a back that takes dy and returns (dq, dk, dv).",
    difficulty="hard",
    minutes=25,
    hints=(
        "Forward: scores, their exponentials, rows divided by their sums, a product with v. Give each a name, you will "
        "need most of them again.",
        "Backward in the reverse order: y = p v is a product of two matrices, so you know dp and dv. Then the softmax, "
        "then again a product.",
        "The scores were multiplied by a constant on their way. Which of the three gradients pass it?",
    ),
    answer=_attend(),
    observe=_there_and_back,
    cases=[CASE, tuple(2 * a for a in CASE)],
    right="Two products there and four back, and a softmax between. It is what the library does, and what happens in "
    "each layer of every transformer.",
    mistakes={
        "no division": (
            _attend(scale_forward=lambda root: 1.0),
            "Your scores are plain dot products. By what does this chapter divide them?",
        ),
        "divided by d": (
            _attend(scale_forward=lambda root: 1 / root**2),
            "You divide by d. The variance of a dot product is d: which number brings its spread to 1?",
        ),
        "scale lost on the way back": (
            _attend(scale_back=1.0),
            "y and dv are right. Between the softmax and q stands a constant factor: it multiplies on the way back as "
            "well.",
        ),
        "no average blame": (
            _attend(d_term=False),
            "You treat the softmax as if each weight depended on its own score only. Raise one score: what do the "
            "others do?",
        ),
        "softmax over questions": (
            _attend(turned=True),
            "Your columns add up to one. Each question (a row) shares its weight among the facts.",
        ),
        "not transposed": (
            _attend(square=True),
            "dq is right. For keys and values the sum runs over the questions: which axis of the map is that?",
        ),
    },
)
