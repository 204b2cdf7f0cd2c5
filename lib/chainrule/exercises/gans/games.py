"""Two players: what the best answers, what the wind is, and who comes home."""

import numpy as np

from chainrule.exercises.exercise import Exercise

three_to_one = Exercise(
    ask="The density of real points is 0.3 and that of the samples 0.1. What does the best discriminator answer?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Imagine many points that fell right here, as many drawn from each distribution. What part of them is real?",
        "Of four points that fall here, how many are real ones on average?",
    ),
    answer=0.75,
    right="Three of four points that fall there are real. Its logit is log 3, the logarithm of the ratio.",
    mistakes={
        "the ratio": (3.0, "That is the ratio of the densities. A probability is a part of the whole."),
        "the logit": (float(np.log(3)), "That is the logit. What probability belongs to it?"),
        "the other player": (0.25, "That is the probability that the point was made. D answers for real."),
        "the density": (0.3, "A density is not a probability: compare it with the other density at this point."),
    },
)

thousand = Exercise(
    ask="A Wasserstein critic's scores are all raised by 1000. What changes for the generator?",
    difficulty="easy",
    minutes=3,
    hints=(
        "The generator's loss is minus the mean score of its samples. The wind is a slope. Take them one by one.",
        "What is the slope of a constant?",
    ),
    answer="its loss",
    right="The loss falls by 1000 and nothing else happens. One more reason not to read progress from it. With a "
    "sigmoid it would be different: D would be 1 everywhere.",
    mistakes={
        "the slope of a constant": ("the wind", "The wind is the slope of the score. What is the slope of a constant?"),
        "all of it": ("both", "One of them changes. The other is a derivative, and what does a constant add to that?"),
        "nothing at all": ("nothing", "The generator's loss is minus the mean score. Has the mean score not changed?"),
    },
)


def _blow(f, slope, saturating):
    D = 1 / (1 + np.exp(-f))
    return (D if saturating else 1 - D) * slope


_RNG = np.random.default_rng(3)
WINDS = [
    (_RNG.standard_normal((3, 1)), _RNG.standard_normal((3, 2)), True),
    (_RNG.standard_normal((3, 1)), _RNG.standard_normal((3, 2)), False),
]

wind = Exercise(
    ask="Write blow(f, slope, saturating): the wind at each sample from its logit (N, 1) and the logit's slope (N, d).",
    difficulty="medium",
    minutes=8,
    hints=(
        "Both winds are the slope times a number for each sample. Which number does each loss listen with?",
        "D is the sigmoid of the logit. The saturating loss is loud where D is near one.",
    ),
    answer=_blow,
    cases=WINDS,
    right="The direction is the same for both; only the loudness differs.",
    mistakes={
        "the other ear": (
            lambda f, slope, saturating: _blow(f, slope, not saturating),
            "The two are exchanged. The saturating loss hears nothing from samples that are seen through, D near zero.",
        ),
        "against the wind": (
            lambda f, slope, saturating: -_blow(f, slope, saturating),
            "That is the gradient of the loss. Samples are blown the other way: towards where they look more real.",
        ),
        "the logit as a probability": (
            lambda f, slope, saturating: (f if saturating else 1 - f) * slope,
            "f is the logit. The loudness is made from the probability D = σ(f).",
        ),
        "no loudness": (
            lambda f, slope, saturating: slope + 0 * f,
            "That is the wind of a Wasserstein critic, equally loud everywhere. Which factor does the sigmoid bring?",
        ),
    },
)

look_ahead = Exercise(
    ask="Write factor(eta): by what factor the distance from the goal changes in a round in which both look ahead.",
    difficulty="hard",
    minutes=30,
    hints=(
        "Put x′ and y′ into the last step, so that the new x and y are written in the old ones.",
        "The new point is a matrix times the old. Add the squares of its two coordinates; the mixed terms cancel.",
    ),
    answer=lambda eta: float(np.sqrt(1 - eta**2 + eta**4)),
    cases=((0.1,), (0.5,), (1.0,), (1.5,)),
    right="Below one for every rate between 0 and 1: looking ahead turns the spiral inwards. At 1 it is a circle.",
    mistakes={
        "no look ahead": (
            lambda eta: float(np.sqrt(1 + eta**2)),
            "That is the outward spiral of stepping at once. The slopes are those found at x′ and y′.",
        ),
        "the square": (
            lambda eta: 1 - eta**2 + eta**4,
            "That is the factor of the squared distance.",
        ),
        "the first order": (
            lambda eta: 1 - eta**2,
            "The new x is (1 − η²) x + η y. You have the first term; the second turns, and adds to the length too.",
        ),
        "from the new place": (
            lambda eta: 1 + eta**2,
            "You took the second step from x′ and y′. Both go back to where they were, and only keep the slopes.",
        ),
    },
)
