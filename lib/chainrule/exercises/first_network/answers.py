"""What a network answers: its first loss, its accuracy, hidden units set by hand, and the symptom of a missing line."""

import numpy as np

from chainrule.exercises.exercise import Exercise

untrained_loss = Exercise(
    ask="What is the binary cross-entropy of a network that gives every example a probability of one half? "
    "Answer with a formula.",
    difficulty="easy",
    minutes=3,
    hints=(
        "The loss is a mean of surprises, so look at a single example. What probability did its label get, if the "
        "label was 1? And if it was 0?",
        "Put that into the formula for the surprise, above. The cost is one and the same for every example: what "
        "is the mean of equal numbers?",
    ),
    answer=float(np.log(2)),
    right="−log ½ = log 2 ≈ 0.693, whatever the labels are. A first loss far above it means that the logits "
    "start out large.",
    mistakes={
        "the probability": (
            0.5,
            "½ is the probability that each label gets. The loss is the surprise at it: minus its logarithm.",
        ),
        "bits": (1.0, "That is the surprise in bits. The loss takes the natural logarithm, as `np.log` does."),
        "sign": (float(np.log(0.5)), "The logarithm of ½ is negative; a loss carries a minus sign in front of it."),
        "no error": (0.0, "A loss of zero belongs to a network that is certain, and right. This one is never certain."),
    },
)


def _accuracy(logits, labels):
    return float(((logits[:, 0] > 0) == labels).mean())


def _threshold_half(logits, labels):
    return float(((logits[:, 0] > 0.5) == labels).mean())


def _broadcast(logits, labels):
    return float(((logits > 0) == labels).mean())


def _count(logits, labels):
    return int(((logits[:, 0] > 0) == labels).sum())


accuracy = Exercise(
    ask="Write accuracy(logits, labels): the share of examples answered right, for logits (N, 1) and labels "
    "(N,) of 0 and 1.",
    difficulty="easy",
    minutes=5,
    hints=(
        "Three steps: a class for each logit, a comparison with the labels, a mean. For the first, sketch σ(l) "
        "and mark where the class changes.",
        "Before you compare, look at both shapes: `logits[:, 0]` has that of the labels. The mean of an array of "
        "True and False is the share of True.",
    ),
    answer=_accuracy,
    right="σ(l) > ½ exactly when l > 0, so no sigmoid is needed; and the two sides of == have one shape.",
    cases=(
        (np.array([[2.0], [-1.0], [0.3], [-0.2], [4.0]]), np.array([1, 0, 1, 1, 0])),
        (np.array([[0.2], [0.4], [-3.0], [-0.4]]), np.array([1, 1, 0, 0])),
    ),
    mistakes={
        "½ on logits": (_threshold_half, "You compare logits with ½. Which logit has the probability ½?"),
        "N × N": (
            _broadcast,
            "(N, 1) against (N,) compares every answer with every label: N² comparisons. Give both sides one shape.",
        ),
        "a count": (_count, "That is how many are right. The share lies between 0 and 1."),
    },
)

missing_line = Exercise(
    ask="The loss changes from step to step, and the gradient's norm grows until the network answers the same for "
    'every point. Which line of the loop is missing: "zero_grad", "back" or "step"?',
    difficulty="easy",
    minutes=3,
    hints=(
        "Take the three lines one by one. If this one were left out, what would the gradient do, what the "
        "parameters, what the loss?",
        "Parameters and loss do move here. A gradient that grows and grows suggests that something old is never "
        "thrown away.",
    ),
    answer="zero_grad",
    right="Every step adds its gradient to all earlier ones, so old gradients never stop pushing.",
    mistakes={
        "back": (
            "back",
            "Without `back(back_loss())` the gradient stays at zero, where zero_grad put it. Would anything change?",
        ),
        "step": ("step", "Without `optimizer.step()` the parameters never move. Could the loss change?"),
    },
)


def _fold(choice: tuple) -> np.ndarray:
    c1, c2, v1, v2, b = (float(v) for v in choice)
    total = np.array([-2.0, 0.0, 0.0, 2.0])  # x₁ + x₂ at the four corners of [−1, 1]²
    return (v1 * np.tanh(2 * (total - c1)) + v2 * np.tanh(2 * (total - c2)) + b > 0).astype(int)


fold = Exercise(
    ask="Choose (c1, c2, v1, v2, b) so that v1 h1 + v2 h2 + b is positive at the two corners whose signs differ, "
    "and at no other, with h1 = tanh(2 (x1 + x2 − c1)) and h2 = tanh(2 (x1 + x2 − c2)).",
    difficulty="medium",
    minutes=8,
    hints=(
        "At the four corners x1 + x2 takes only three values. Mark them on an axis, and place c1 and c2 so that "
        "the middle one lies alone between them.",
        "Make a table: the sign of h1 and of h2 for each of the three sums. Which combination of the two is large "
        "in the middle row, and the same in the other two rows?",
        "Now b alone is left. Choose it so that the sum is above zero in the middle row and below zero in the others.",
    ),
    answer=(-1, 1, 1, -1, -1),
    observe=_fold,
    right="One line on each side of the middle; the output asks for the first unit and not the second.",
    mistakes={
        "inside out": (
            (-1, 1, -1, 1, 1),
            "You have the right stripe with the wrong sign: every corner is answered the other way round.",
        ),
        "or": (
            (-1, 1, 1, 1, 1),
            "The corner (1, 1) came out positive too. There both units are on: their "
            "weights must pull in opposite directions.",
        ),
        "and": (
            (-1, 1, 1, 1, -1),
            "Only (1, 1) is positive: you ask for both units. The middle corners have the first on and the second off.",
        ),
        "bias": (
            (-1, 1, 1, -1, 1),
            "Every corner is positive. Far from the stripe h1 − h2 is about 0: which "
            "sign must b have for the answer to be no?",
        ),
        "nothing": (
            (0, 0, 1, -1, -1),
            "No corner is positive. If both units draw the same line, h1 − h2 is zero everywhere.",
        ),
    },
)
