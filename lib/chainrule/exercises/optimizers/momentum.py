"""What momentum does to steps, rates and limits."""

import math

from chainrule.exercises.exercise import Exercise

straight_road = Exercise(
    ask="The gradient is 1 at every step, the rate 0.01, the momentum 0.95. How long are SGD's steps in the long run?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Write down the velocity after the first, the second and the third step. What kind of sum is it?",
        "Or ask for the velocity that no longer changes: put the same v on both sides of v ← β v + g.",
    ),
    answer=0.01 / (1 - 0.95),
    right="The velocity grows to 1 / (1 − 0.95) = 20, so the steps are twenty times as long as plain SGD's.",
    mistakes={
        "no memory": (
            0.01,
            "That is the first step, and plain SGD's step. What does v hold after many steps in one direction?",
        ),
        "one step of memory": (
            0.01 * 1.95,
            "You added the last gradient to this one. The velocity also holds the one before, and the one before that.",
        ),
        "an average": (
            0.01 * 0.95,
            "The library's velocity is a sum of faded gradients, not an average: no factor stands before g.",
        ),
        "the friction": (
            0.01 * (1 - 0.95),
            "You multiplied by the friction. Less friction should make the steps longer.",
        ),
        "the velocity": (20, "That is the velocity itself. The step is the rate times it."),
    },
)


def _critical(curvature, momentum):
    return (1 - math.sqrt(momentum)) ** 2 / curvature


critical_rate = Exercise(
    ask="Write critical_rate(curvature, momentum): the rate at which that direction is critically damped.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Critical damping is where the two roots meet. What vanishes there, in the solution of a quadratic?",
        "The discriminant vanishes at two stiffnesses. One lies at the soft end, where swinging begins; divide it "
        "by the curvature.",
    ),
    answer=_critical,
    right="The roots meet at the lower end of the window. More momentum needs a smaller rate to stay on the verge of "
    "swinging: with 0.9 it is 0.0026 over the curvature.",
    cases=((1.0, 0.5), (4.0, 0.9), (0.25, 0.81)),
    mistakes={
        "the upper end": (
            lambda curvature, momentum: (1 + math.sqrt(momentum)) ** 2 / curvature,
            "The roots meet there too, but on the negative side, where the ball changes sides at every step.",
        ),
        "no root": (
            lambda curvature, momentum: (1 - momentum) ** 2 / curvature,
            "Check your discriminant at momentum 0.25 and stiffness 0.25: it should vanish. A root has got lost.",
        ),
        "the limit": (
            lambda curvature, momentum: 2 * (1 + momentum) / curvature,
            "That is the largest rate that does not diverge. Critical damping is far below it.",
        ),
        "the stiffness": (
            lambda curvature, momentum: (1 - math.sqrt(momentum)) ** 2,
            "That is the stiffness ηλ. What is asked for is η.",
        ),
        "no square": (
            lambda curvature, momentum: (1 - math.sqrt(momentum)) / curvature,
            "Nearly. Solve 1 + β − z = 2√β for z once more: is the result a square?",
        ),
    },
)


def _nesterov(curvature, momentum):
    return 2 * (1 + momentum) / ((1 + 2 * momentum) * curvature)


nesterov_limit = Exercise(
    ask="Write nesterov_limit(curvature, momentum): the rate beyond which Nesterov's momentum diverges.",
    difficulty="hard",
    minutes=30,
    hints=(
        "Through which point of the unit circle does a root leave when the stiffness grows? Look at the explorer of "
        "the roots, or at plain gradient descent.",
        "A quadratic μ² − trace · μ + determinant has the root −1 where 1 + trace + determinant = 0. Put both in and "
        "solve for the stiffness.",
    ),
    answer=_nesterov,
    right="With momentum 0.9 it is 1.36 / λ: below gradient descent's 2 / λ and far below the 3.8 / λ of Polyak's "
    "momentum. Looking ahead is safer at the flat end and costs room at the steep one.",
    cases=((1.0, 0.9), (4.0, 0.5), (0.5, 0.0)),
    mistakes={
        "Polyak's": (
            lambda curvature, momentum: 2 * (1 + momentum) / curvature,
            "That is Polyak's limit. Here trace and determinant both hold the factor 1 − z.",
        ),
        "gradient descent's": (
            lambda curvature, momentum: 2 / curvature,
            "Right without momentum only. At the root −1 the quadratic is 1 + trace + determinant: check the signs.",
        ),
        "the determinant only": (
            lambda curvature, momentum: (1 + 1 / momentum if momentum else math.inf) / curvature,
            "You asked when the product of the roots reaches −1 in size. One root alone leaves the circle earlier.",
        ),
        "the stiffness": (
            lambda curvature, momentum: 2 * (1 + momentum) / (1 + 2 * momentum),
            "That is the largest stiffness ηλ. What is asked for is η.",
        ),
    },
)
