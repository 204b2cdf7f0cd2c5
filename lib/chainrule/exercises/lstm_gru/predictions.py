"""Questions to answer before running anything."""

import math

from chainrule.exercises.exercise import Exercise

half_life = Exercise(
    ask="A forget gate stands at 0.99. After how many steps, to the nearest whole one, is half of what was kept left?",
    difficulty="easy",
    minutes=2,
    hints=(
        "After k steps a share of 0.99 to the power k is left.",
        "Set that equal to one half and take the logarithm of both sides.",
    ),
    answer=69,
    right="Close to seventy, and a gate at 0.9 has seven: near one, every tenth of the distance to one counts tenfold.",
    mistakes={
        "straight line": (
            50,
            "You let it lose a hundredth of the first amount at every step. It loses a hundredth of what is left.",
        ),
        "one over": (100, "After that many steps a share of 1/e is left, and not a half."),
        "gate of 0.9": (7, "That is the half-life of a gate at 0.9."),
        "not rounded": (math.log(0.5) / math.log(0.99), "Right so far: give the nearest whole step."),
    },
)

weights = Exercise(
    ask="How many numbers are trained in the library's LSTM with 16 inputs and 64 units?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Four things are computed from what is heard and from the state before. Of which shapes are their weights?",
        "Each of the four is a plain recurrent layer, its bias included.",
    ),
    answer=4 * 64 * (16 + 64 + 1),
    right="Four times the plain layer. The memory itself is no weight: gates multiply it, and nothing else does.",
    mistakes={
        "three gates": (
            3 * 64 * (16 + 64 + 1),
            "You counted the gates. What is let in by the input gate is computed with weights as well.",
        ),
        "no bias": (4 * 64 * (16 + 64), "Something is added to each pre-activation, too."),
        "two biases": (
            4 * 64 * (16 + 64 + 2),
            "That is PyTorch's count, which has two biases that are added to each other. The library has one.",
        ),
        "peepholes": (
            4 * 64 * (16 + 64 + 1) + 3 * 64,
            "You let the gates look at the memory, as some versions of the LSTM do. Not this one.",
        ),
        "plain": (
            64 * (16 + 64 + 1),
            "That is a plain recurrent layer. How many such sums does one step compute here?",
        ),
    },
)

without_forgetting = Exercise(
    ask="What does an LSTM whose forget gates stand at 1 for good make of the last marked number?",
    difficulty="medium",
    minutes=10,
    hints=(
        "Nothing can be multiplied away. Is there another way to get rid of an old number in an account?",
        "The candidate is computed from the state before as well. What could it contain at a mark?",
    ),
    answer="solves it",
    right="At a mark it can write the new number minus the old one, which it sees in its own state. The forget gate is "
    "the handy way to forget and not the only one; the identity network, which has no gate at all, did the same.",
    mistakes={
        "no way to forget": (
            "no better than a line",
            "So one would think. But what is written may be negative, and it may depend on what is in the account.",
        ),
        "half of it": ("in between", "What would stop it half-way? Run it, and compare with the table."),
    },
)


def _bias_for(T, share):
    f = share ** (1 / T)
    return math.log(f / (1 - f))


bias_for = Exercise(
    ask="Write bias_for(T, share): the forget bias with which a share of the memory is left after T steps.",
    difficulty="medium",
    minutes=15,
    hints=(
        "First the gate: which number f, multiplied T times, gives the share?",
        "Then solve f = σ(b) for the bias b.",
    ),
    answer=_bias_for,
    cases=[(1, 0.5), (10, 0.5), (100, 0.5), (50, 0.9)],
    right="For long memories it grows like log T: each tenfold length needs about 2.3 more.",
    mistakes={
        "the gate itself": (lambda T, share: share ** (1 / T), "That is the gate. Which bias, put into σ, gives it?"),
        "not inverted": (
            lambda T, share: 1 / (1 + math.exp(-(share ** (1 / T)))),
            "You put the gate into σ. The bias is what σ makes the gate of, so go the other way.",
        ),
        "straight line": (
            lambda T, share: math.log((1 - (1 - share) / T) / ((1 - share) / T)),
            "You let each step lose the same amount. Each step multiplies what is left.",
        ),
        "wrong sign": (
            lambda T, share: -_bias_for(T, share),
            "With that bias the gate forgets what it should keep: look at the fraction in the logarithm.",
        ),
        "power the wrong way": (
            lambda T, share: math.log(share**T / (1 - share**T)),
            "You took the share as the gate of one step and asked what is left after T.",
        ),
        "logarithm of the gate": (
            lambda T, share: math.log(share) / T,
            "That is the logarithm of the gate. The inverse of σ has another term in it.",
        ),
    },
)
