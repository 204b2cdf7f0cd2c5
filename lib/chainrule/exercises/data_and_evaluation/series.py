"""The best guess at a missing value from the last one that is known."""

from chainrule.exercises.exercise import Exercise


def _best_fill(rho, gap):
    return rho**gap, 1 - rho ** (2 * gap)


best_fill = Exercise(
    ask="Write best_fill(rho, gap): the weight of the last known value and the mean squared error, in units of σ².",
    difficulty="medium",
    minutes=15,
    hints=(
        "Write the error as x − c x′ and square it. Three means are needed: of x², of x′² and of x x′.",
        "In units of σ² it is a parabola in c. Where is its derivative zero?",
        "Put that c back in: the two terms with c become one.",
    ),
    answer=_best_fill,
    cases=((0.8, 1), (0.5, 3), (0.0, 2)),
    right="The weight is the correlation across the gap, and the error 1 − ρ^(2·gap) lies between nothing and the "
    "error of the mean, so it is never worse.",
    mistakes={
        "forward fill": (
            lambda rho, gap: (1.0, 2 * (1 - rho**gap)),
            "Those are forward fill's weight and error. Let the weight c be free, and minimise over it.",
        ),
        "the mean": (lambda rho, gap: (0.0, 1.0), "A weight of zero is the mean's answer. Can a little of x′ help?"),
        "gap forgotten": (
            lambda rho, gap: (rho, 1 - rho**2),
            "Right for a gap of one step. Values g steps apart have the correlation ρ to the power g.",
        ),
        "error not squared": (
            lambda rho, gap: (rho**gap, 1 - rho**gap),
            "The weight is right. In the error it enters once doubled and once squared: put c back in with care.",
        ),
        "forward's error": (
            lambda rho, gap: (rho**gap, 2 * (1 - rho**gap)),
            "The weight is right; the error is that of the weight 1.",
        ),
    },
)
