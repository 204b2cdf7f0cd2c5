"""Questions to answer before running anything."""

from chainrule.exercises.exercise import Exercise

weights = Exercise(
    ask="How many numbers are trained in a plain recurrent layer with 16 inputs and 64 units, on 1000 steps?",
    difficulty="easy",
    minutes=1,
    hints=(
        "Which arrays does the rule of one step have, and of what shapes?",
        "There are three. Does a longer sequence need more of them?",
    ),
    answer=16 * 64 + 64 * 64 + 64,
    right="One set of weights, used a thousand times. A longer sequence costs time and memory, and no weights.",
    mistakes={
        "one set a step": (
            1000 * (16 * 64 + 64 * 64 + 64),
            "You gave every step weights of its own. What do the copies of the unrolled network have in common?",
        ),
        "no bias": (16 * 64 + 64 * 64, "You have both matrices. Something is added to every unit as well."),
        "no recurrent weights": (
            16 * 64 + 64,
            "That is a dense layer from 16 to 64. How does the state before get into the state after?",
        ),
        "one recurrent weight a unit": (
            16 * 64 + 64 + 64,
            "You let each unit hear only itself. Here every unit hears all units of the step before.",
        ),
    },
)

clipped_by_norm = Exercise(
    ask="What does clipping by norm, with the limit 5, leave of the gradient (30, −40)?",
    difficulty="easy",
    minutes=3,
    hints=("How long is the arrow, by Pythagoras?", "By which factor is it too long? Both entries share that factor."),
    answer=(3.0, -4.0),
    right="The arrow has its old direction and the length of the limit.",
    mistakes={
        "by value": (
            (5.0, -5.0),
            "You cut each entry by itself, which is clipping by value, and the arrow has turned. Clip its length.",
        ),
        "sum of sizes": (
            (30 * 5 / 70, -40 * 5 / 70),
            "You divided by the sum of the entries' sizes. The length of an arrow is the root of a sum of squares.",
        ),
        "largest entry": (
            (30 / 8, -5.0),
            "You brought the largest entry to the limit. It is the length of the whole arrow that is limited.",
        ),
        "unit length": ((0.6, -0.8), "That has length 1. Which length does the limit allow?"),
        "unchanged": ((30.0, -40.0), "This arrow is longer than the limit. By how much?"),
    },
)

without_memory = Exercise(
    ask="What does training make of a network that starts with U = 0, on the bit with T = 3?",
    difficulty="medium",
    minutes=8,
    hints=(
        "Write down the gradient of U as the sum over steps. Which of its factors are zero when U is?",
        "The blame of the last step does not pass U on its way from the loss. What is the input of that step's U?",
    ),
    answer="learns",
    right="The last term of the sum, the state before times the last blame, is not zero, so U moves at the first step; "
    "then gradient gets one step further back, and so on. At T = 20 it takes longer than 400 steps: the way there is "
    "a product of many small factors.",
    mistakes={
        "zero everywhere": (
            "never moves",
            "The gradient that passes through U is zero, indeed. But does the gradient of U itself pass through U?",
        ),
        "only noise": (
            "U moves, the bit is not found",
            "U moves, and with it a way opens for the gradient of earlier steps. What happens a few hundred steps on?",
        ),
    },
)
