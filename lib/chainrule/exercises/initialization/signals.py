"""What many layers do to a signal, and what training does to equal units."""

from chainrule.exercises.exercise import Exercise

halved = Exercise(
    ask="Ten ReLU layers without biases, every weight halved. By which factor does the output change?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Begin with one layer: what does half of W make of x W, and what does ReLU make of half its input?",
        "The next layer receives half of what it received before, and halves it again.",
    ),
    answer=2.0**-10,
    right="ReLU of a half is half of ReLU, so each layer hands on a half of what it is given, and less than a "
    "thousandth is left. That is why a factor near one deserves so much care.",
    mistakes={
        "one layer": (0.5, "That is the change in the first layer. The second layer is given less, and halves it too."),
        "added up": (1 / 20, "You added ten halves. Layers follow one another: do their factors add or multiply?"),
        "halved variance": (
            2.0**-5,
            "You may have halved the variance of the weights. Half the weights is a quarter of the variance.",
        ),
        "variance": (
            2.0**-20,
            "That is the factor of the variance. The question is about the output itself.",
        ),
    },
)

equal_units = Exercise(
    ask='Two hidden units begin with the same weights in and out. After training they are "equal", "opposite" or '
    '"different"?',
    difficulty="easy",
    minutes=3,
    hints=(
        "Compare what the two units say for the same example. Then compare what comes back to them.",
        "Two numbers that agree and take the same step: when do they part?",
    ),
    answer="equal",
    right="They say the same and are blamed the same, so every step is the same for both. No amount of training "
    "separates them; only a difference at the start can.",
    mistakes={
        "training separates them": (
            "different",
            "Which of them should move first? Write the gradient of each, and look for a term in which they differ.",
        ),
        "a division of labour": (
            "opposite",
            "It would be useful. But a step follows the gradient, and both have the same one.",
        ),
    },
)

settles = Exercise(
    ask="With gain g a little above 1, at which mean square q does the signal of a deep tanh network settle?",
    difficulty="hard",
    minutes=20,
    hints=(
        "With gain g a pre-activation has the mean square g² q. Put that into the mean of a² − ⅔ a⁴.",
        "To settle means that the next layer's mean square equals this one's. Solve for a q that is not zero.",
        "Keep both terms: g² q and 2 (g² q)².",
    ),
    answer=lambda g: (g * g - 1) / (2 * g**4),
    right="Below g = 1 there is no positive solution, and the signal dies out; above it the curve's bend holds the "
    "signal at a level that grows with g. At g = 1 itself it dies like 1/(2l), neither quickly nor not at all.",
    mistakes={
        "gain in the first term only": (
            lambda g: (g * g - 1) / 2,
            "The gain is inside the tanh. What does it become in the term with a⁴?",
        ),
        "gain squared in the second term": (
            lambda g: (g * g - 1) / (2 * g * g),
            "The fourth power of a has the fourth power of the gain. Look at the second term again.",
        ),
        "the root": (
            lambda g: ((g * g - 1) / (2 * g**4)) ** 0.5,
            "That is the root mean square. The question asks for the mean square itself.",
        ),
    },
    cases=((1.01,), (1.05,), (1.1,)),
)
