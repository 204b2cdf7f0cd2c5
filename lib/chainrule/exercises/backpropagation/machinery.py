"""The machinery of a backward pass: a planted bug, its cost, and what it remembers."""

import weakref
from collections.abc import Callable

import numpy as np

from chainrule.exercises.backpropagation.gradients import DY, A
from chainrule.exercises.exercise import Exercise

planted_bug = Exercise(
    ask="In which of the numbered lines is the mistake: 1, 2, 3 or 4?",
    difficulty="medium",
    minutes=5,
    hints=(
        "Let the layer be called two times in one pass. What should g and b each have collected when both ways "
        "back have run?",
        "A layer may be shared because its gradients add up. Look at the lines that write into `self`: do they all?",
    ),
    answer=2,
    right="Line 2 sets db where it should add. Used once, with gradients at zero, the layer is right; used twice in "
    "one pass, the blame of one of the uses is lost. gradcheck starts from gradients that are not zero, and sees this.",
    mistakes={
        "line 1": (
            1,
            "g touches every row of its column, each time times x: the sum over the batch of x dy. Line 1 is right.",
        ),
        "line 3": (3, "x reaches y through one product, with slope g. Line 3 is right."),
        "line 4": (4, "The forward pass does what the docstring says. Compare lines 1 and 2, character by character."),
    },
)


def _flops(sizes, N):
    products = [2 * N * n * m for n, m in zip(sizes, sizes[1:], strict=False)]
    return sum(products), 2 * sum(products) - products[0]


def _scaled(forward: float, backward: float) -> Callable:
    return lambda sizes, N: (forward * _flops(sizes, N)[0], backward * _flops(sizes, N)[1])


def _with_first_dx(sizes, N):
    forward, _ = _flops(sizes, N)
    return forward, 2 * forward


def _without_last_dx(sizes, N):
    forward, _ = _flops(sizes, N)
    return forward, 2 * forward - 2 * N * sizes[-2] * sizes[-1]


flops = Exercise(
    ask="Write bill(sizes, N): FLOPs in products of a forward pass, and of a backward pass without the first dx.",
    difficulty="hard",
    minutes=10,
    hints=(
        "A product of (N, n) and (n, m) costs 2 N n m. For one layer from n to m, write down the shapes of its "
        "product on the way there and of its two products on the way back.",
        "Neighbours in `sizes` belong to one layer: `zip(sizes, sizes[1:])`. Make a list of what each layer costs "
        "there. Which entry of the list does the skipped `dx` concern?",
    ),
    answer=_flops,
    cases=[([2, 3, 1], 4), ([64, 256, 256, 10], 32), ([5, 2], 3)],
    right="Each layer does one product there and two back, and the first layer one less. A network of a single layer "
    "pays for its way back no more than for its way there.",
    mistakes={
        "multiplications only": (
            _scaled(0.5, 0.5),
            "You counted the multiplications. Each comes with an addition, so a product takes 2 N n m operations.",
        ),
        "first dx counted": (
            _with_first_dx,
            "That is twice the forward pass: it still holds the dx of the first layer, which nobody asked for.",
        ),
        "last dx skipped": (
            _without_last_dx,
            "You left out the dx of the last layer, which all layers below need. Which layer has nothing below it?",
        ),
        "one example": (
            lambda sizes, N: _flops(sizes, 1),
            "Those are the operations for one example. Each of the N rows costs as much.",
        ),
    },
)


def _forgets(wrap: Callable, x: np.ndarray, dy: np.ndarray) -> tuple:
    """(y, dx, whether what f keeps is still in memory after the forward pass) for tanh inside the wrapper."""
    kept = []

    def curve(x):
        y = np.tanh(x)
        slope = 1 - y * y
        kept.append(weakref.ref(slope))
        return y, lambda dy: slope * dy

    y, back = wrap(curve)(x)
    in_memory = any(ref() is not None for ref in kept)
    return y, back(dy), in_memory


def _forgetful(f):
    def part(x):
        y, _ = f(x)
        return y, lambda dy: f(x)[1](dy)

    return part


def _keeps(f):
    def part(x):
        y, back = f(x)
        return y, lambda dy: back(dy)

    return part


def _runs_on_output(f):
    def part(x):
        y, _ = f(x)
        return y, lambda dy: f(y)[1](dy)

    return part


forgetful = Exercise(
    ask="Write forgetful(f): a part that does what f does but keeps only x, and runs f again when the blame arrives.",
    difficulty="hard",
    minutes=10,
    hints=(
        "First write a wrapper that changes nothing: a function of `x` that calls `f` and returns its pair. What "
        "stays in memory as long as that pair does?",
        "Of the pair keep only the output. When `dy` arrives you still have `x` and `f`: how do you come by a way "
        "back then?",
    ),
    answer=_forgetful,
    observe=_forgets,
    cases=[(A, DY)],
    right="The first back is dropped at once, and with it all that it held on to. One more forward pass buys the "
    "memory back: this is gradient checkpointing, with which very deep models are trained.",
    mistakes={
        "keeps the first back": (
            _keeps,
            "The gradient is right, but your closure holds on to f's first back, so nothing has been forgotten. Drop "
            "it, and call f again.",
        ),
        "from the output": (
            _runs_on_output,
            "On the way back you ran f on its own output. Which input did the first call have?",
        ),
    },
)
