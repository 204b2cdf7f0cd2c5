"""What a code costs: divergences of Gaussians, and what happens when they cost nothing."""

import math

import numpy as np

from chainrule.exercises.exercise import Exercise

code_price = Exercise(
    ask="The cloud of a picture has mean 2 and standard deviation 1. What is its price in nats?",
    difficulty="easy",
    minutes=2,
    hints=(
        "The price is half of a sum of four terms. Which of them cancel when the standard deviation is 1?",
        "σ² − 1 and log σ² are both zero here. What is left is half of a square.",
    ),
    answer=2.0,
    right="Half of 2². Mean 0 would have cost nothing: the price grows with the square of the distance.",
    mistakes={
        "no half": (4.0, "That is μ². The logarithm of a normal density has a ½ in it, and so has the price."),
        "no minus one": (2.5, "You kept σ² without its −1. A cloud that equals the prior has to cost nothing."),
        "the distance": (1.0, "The price goes with the square of the distance, not with the distance."),
    },
)

free_code = Exercise(
    ask='With β = 0 the price is gone. In training, do the clouds get "narrower", "wider", or stay "the same"?',
    difficulty="easy",
    minutes=3,
    hints=(
        "Which of the two terms of the loss likes noise in the code, and which one suffers from it?",
        "Only the reconstruction is left. Would it rather get the code itself, or the code with noise added?",
    ),
    answer="narrower",
    right="Noise only makes giving the picture back harder, and nothing pays for it any more. What is left is an "
    "ordinary autoencoder.",
    mistakes={
        "as at a high price": (
            "wider",
            "That is what the price asks for, which likes σ = 1. It has just been given no weight.",
        ),
        "nobody cares": (
            "the same",
            "One term still depends on σ: the reconstruction, which sees z = μ + σ ε. Which way does it push?",
        ),
    },
)


def _price(mean, log_var):
    return 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).sum(1)


_RNG = np.random.default_rng(4)
CLOUDS = [(_RNG.standard_normal((3, 2)), _RNG.standard_normal((3, 2))), (np.ones((1, 4)), np.zeros((1, 4)))]

price = Exercise(
    ask="Write price(mean, log_var): the price of each row's code, for arrays (N, k) of means and of log σ².",
    difficulty="medium",
    minutes=8,
    hints=(
        "Write it for a single number first, with σ² = e^ℓ, and then for all of a row at once.",
        "The numbers of a code are independent. What do their logarithms of probabilities do, and so their prices?",
    ),
    answer=_price,
    cases=CLOUDS,
    right="A number for each picture, not yet averaged over the batch: so one can see which pictures are dear.",
    mistakes={
        "log σ for log σ²": (
            lambda mean, log_var: 0.5 * (mean**2 + np.exp(2 * log_var) - 1 - 2 * log_var).sum(1),
            "You read the second argument as log σ. It is the logarithm of the variance.",
        ),
        "no half": (lambda mean, log_var: 2 * _price(mean, log_var), "Twice too much: the ½ is missing."),
        "a mean": (
            lambda mean, log_var: 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).mean(1),
            "You averaged over the numbers of a code. Their prices add up: two numbers cost as much as both.",
        ),
        "one number for all": (
            lambda mean, log_var: 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).sum(),
            "That is the price of the whole batch in one number. Which axis holds the numbers of one code?",
        ),
        "the sign of the logarithm": (
            lambda mean, log_var: 0.5 * (mean**2 + np.exp(log_var) - 1 + log_var).sum(1),
            "Try a very narrow cloud, log σ² = −10: it says a lot, so it should be dear. Yours is cheap.",
        ),
    },
)


def _between(m1, s1, m2, s2):
    return math.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5


between = Exercise(
    ask="Write between(m1, s1, m2, s2): KL(N(m1, s1²) ‖ N(m2, s2²)) in nats.",
    difficulty="medium",
    minutes=15,
    hints=(
        "It is the mean, over draws from the first, of the difference of two log densities. The mean of (z − m1)² is "
        "s1². And of (z − m2)²?",
        "Write z − m2 as (z − m1) + (m1 − m2) and square it; the mixed term has the mean zero.",
    ),
    answer=_between,
    cases=((0.0, 1.0, 0.0, 1.0), (1.0, 0.5, -1.0, 2.0), (0.3, 2.0, 0.0, 1.0)),
    right="With m2 = 0 and s2 = 1 it is the chapter's price, and with both clouds alike it is zero. It is not "
    "symmetric: a narrow guess inside a wide truth is cheap, the other way round is dear.",
    mistakes={
        "the other direction": (
            lambda m1, s1, m2, s2: _between(m2, s2, m1, s1),
            "That is the divergence the other way round. The average is over draws from the first.",
        ),
        "no half": (
            lambda m1, s1, m2, s2: _between(m1, s1, m2, s2) + 0.5,
            "Two equal clouds should be no distance apart. What does the mean of (z − m1)²/(2 s1²) leave behind?",
        ),
        "no spread": (
            lambda m1, s1, m2, s2: math.log(s2 / s1) + (m1 - m2) ** 2 / (2 * s2**2),
            "The draws scatter around m1, so the mean of (z − m2)² is more than (m1 − m2)².",
        ),
    },
)
