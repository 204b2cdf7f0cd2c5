"""Matrices of low rank: their price, and LoRA started the other way round."""

import numpy as np

from chainrule.exercises.exercise import Exercise

break_even = Exercise(
    ask="What is the smallest rank at which LowRank(256, 64, rank), biases aside, holds more numbers than the "
    "full matrix?",
    difficulty="easy",
    minutes=3,
    hints=(
        "Count both sides as formulas. The full matrix holds one number for each pair of input and unit; what do "
        "the two factors hold for each unit of rank?",
        "Set the two counts equal and solve for the rank. It is not a whole number: on which side of it do the "
        "factors hold more?",
    ),
    answer=52,
    right="r (256 + 64) exceeds 256 · 64 from r = 51.2 on. A bottleneck saves numbers only well below min(n_in, "
    "n_out).",
    mistakes={
        "still cheaper": (51, "At rank 51 the factors hold 51 · 320 = 16,320 numbers. How many does the matrix hold?"),
        "largest rank": (
            64,
            "64 is the largest rank such a matrix can have. The factors cost more than the matrix before that.",
        ),
        "half the size": (
            32,
            "Half the size is where a square matrix breaks even. Here n_in and n_out differ: solve r (n_in + n_out) "
            "> n_in n_out.",
        ),
    },
)


def _other_zero(x, u, b, lr):
    return -lr * (x.T @ u @ b.T @ b)


def _nothing(x, u, b, lr):
    return np.zeros((x.shape[1], u.shape[1]))


def _uphill(x, u, b, lr):
    return -_other_zero(x, u, b, lr)


def _no_rate(x, u, b, lr):
    return _other_zero(x, u, b, 1.0)


def _rate_twice(x, u, b, lr):
    return _other_zero(x, u, b, lr * lr)


def _full_step(x, u, b, lr):
    return -lr * (x.T @ u)


other_zero = Exercise(
    ask="LoRA with A zero, B random and s = 1: write change(x, u, b, lr), the change of W in the first step of "
    "gradient descent.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Write down the gradients of the two factors, with G = xᵀ u in them. Each contains the other factor, so "
        "one of the two gradients is zero. Which?",
        "So one factor stays what it was, and the other, which started at zero, is now −η times its gradient. "
        "What is their product?",
    ),
    answer=_other_zero,
    right="Now dB has A in it and is zero, and only A moves, to −η G Bᵀ; times B that is −η G Bᵀ B. The page's "
    "formula pressed "
    "the step through A Aᵀ on the side of the inputs, this one through Bᵀ B on the side of the units.",
    cases=(
        (
            np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]]),
            np.array([[1.0, 0.0], [2.0, 1.0]]),
            np.array([[2.0, -1.0]]),
            0.1,
        ),
        (np.array([[1.0, -2.0]]), np.array([[0.5, 1.0, -1.0]]), np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 1.0]]), 0.3),
    ),
    mistakes={
        "nothing moves": (_nothing, "Zero would be right if both factors were zero. Write dA = xᵀ u Bᵀ: is it zero?"),
        "uphill": (_uphill, "The size is right and the sign is not: a step goes against the gradient."),
        "no rate": (_no_rate, "That is the change for a learning rate of one."),
        "rate twice": (_rate_twice, "Only one factor has moved, so the rate enters once."),
        "full step": (_full_step, "That is the step of the full layer. A moves along xᵀ u Bᵀ; then multiply by B."),
    },
)
