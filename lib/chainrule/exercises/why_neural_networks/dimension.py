"""How many examples a grid takes, and how distances concentrate for coins."""

import math

from chainrule.exercises.exercise import Exercise

grid_examples = Exercise(
    ask="How many examples does a grid of four values along each of 6 axes take?",
    difficulty="easy",
    minutes=1,
    hints=("Two axes make a board of 4 × 4 squares. What does a third axis do to their number?",),
    answer=4**6,
    right="Every further axis multiplies the number by four: 4⁶ = 4096.",
    mistakes={
        "a sum": (24, "You added the axes. Each new axis repeats the whole grid once for each of its values."),
        "powers exchanged": (6**4, "That is six values along each of four axes."),
        "one axis too few": (4**5, "That is the grid for five axes."),
    },
)

coins = Exercise(
    ask="Write spread(d): the standard deviation of the squared distance of two rows of d coin tosses (0 or 1), "
    "divided by its mean.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Take one coordinate first. What values can the squared difference of two tosses have, and how often?",
        "The squared difference is a coin toss itself. Find its mean and its variance; over d independent "
        "coordinates both are multiplied by d.",
    ),
    answer=lambda d: d**-0.5,
    right="The squared difference of two tosses is again 0 or 1 with probability ½: mean ½, variance ¼. Over d "
    "coordinates "
    "that makes √(d/4) / (d/2) = 1/√d.",
    cases=((1,), (4,), (100,)),
    mistakes={
        "uniform numbers": (
            lambda d: math.sqrt(7 / (5 * d)),
            "That is the page's result, for numbers spread evenly over [0, 1]. A coin has another mean and variance.",
        ),
        "variance for deviation": (
            lambda d: (d / 4) / (d / 2),
            "You divided the variance by the mean. The standard deviation is its root.",
        ),
        "root forgotten": (
            lambda d: 1 / d,
            "The variance over the *squared* mean is 1/d. And the standard deviation over the mean?",
        ),
        "not relative": (
            lambda d: math.sqrt(d) / 2,
            "That is the standard deviation alone. Divide it by the mean.",
        ),
    },
)
