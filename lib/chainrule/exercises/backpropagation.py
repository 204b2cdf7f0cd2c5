"""Exercises of the chapter on backpropagation."""

import weakref
from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise

A, B, DY = (
    np.array([[1.0, -2.0], [0.5, 3.0]]),
    np.array([[4.0, 0.5], [-1.0, 2.0]]),
    np.array([[1.0, 10.0], [-2.0, 0.3]]),
)


def _there_and_back(f: Callable, *case: np.ndarray) -> tuple:
    """(y, gradients) of `y, back = f(…)` for the inputs in case and, last, the dy that arrives."""
    *inputs, dy = case
    y, back = f(*inputs)
    return y, back(dy)


product = Exercise(
    ask="Write product(a, b): y = a · b entry by entry, with a back that returns (da, db).",
    difficulty="easy",
    minutes=5,
    answer=lambda a, b: (a * b, lambda dy: (b * dy, a * dy)),
    observe=_there_and_back,
    cases=[(A, B, DY)],
    right="A product hands each factor the blame times the other factor. Dense does the same with matrices.",
    mistakes={
        "exchanged": (
            lambda a, b: (a * b, lambda dy: (a * dy, b * dy)),
            "Nudge a by a little: by how much does a · b move? By that times the other factor.",
        ),
        "dy forgotten": (
            lambda a, b: (a * b, lambda dy: (b, a)),
            "Those are the local derivatives. Along a path they are multiplied with the blame that arrives, dy.",
        ),
        "a sum's way back": (
            lambda a, b: (a * b, lambda dy: (dy, dy)),
            "That is the way back of a + b, where a nudge of a arrives at y unchanged.",
        ),
    },
)

residual_paths = Exercise(
    ask="How many paths lead through ten residual blocks in a row, each y = x + f(x), with f counted as one arrow?",
    difficulty="easy",
    minutes=3,
    answer=1024,
    right="At each block a path goes through f or around it: 2¹⁰. One of them passes no f at all, so blame reaches the "
    "first block whatever the ten f do with it.",
    mistakes={
        "one a block": (10, "A path must get through every block, and has a choice at each. Choices multiply."),
        "around or one": (
            11,
            "Your paths go through at most one f. A path may also go through three of them, or all ten.",
        ),
        "added": (20, "Two ways at each block; but a path picks one way at every block, so the numbers multiply."),
        "through all": (1, "That is the path through every f. The sum x + f(x) also lets x pass beside f."),
    },
)


def _silu(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: (s + x * s * (1 - s)) * dy


def _silu_one_path(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: s * dy


def _silu_other_path(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: x * s * (1 - s) * dy


def _silu_product(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: s * x * s * (1 - s) * dy


def _silu_without_dy(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: s + x * s * (1 - s)


silu = Exercise(
    ask="Write silu(x): y = x σ(x), with a back that returns dx. Derive dy/dx first.",
    difficulty="medium",
    minutes=10,
    answer=_silu,
    observe=_there_and_back,
    cases=[(A, DY), (B, A)],
    right="x is used twice, so two paths add: σ(x) through the factor x, and x σ(x)(1 − σ(x)) through the gate.",
    mistakes={
        "gate held constant": (
            _silu_one_path,
            "That is the path through the factor x. x also moves the gate σ(x): where is the blame of that path?",
        ),
        "factor held constant": (
            _silu_other_path,
            "That is the path through σ. The factor x in front moves as well: where is the blame of that path?",
        ),
        "multiplied": (_silu_product, "You multiplied the two parts. The arrows of one path multiply; two paths add."),
        "dy forgotten": (_silu_without_dy, "That is the slope dy/dx. Multiply it by the blame that arrives, dy."),
    },
)


def _mean(a):
    return a.mean(-1, keepdims=True)


centre = Exercise(
    ask="Write centre(x): y = x − mean of each row, with a back that returns dx.",
    difficulty="medium",
    minutes=10,
    answer=lambda x: (x - _mean(x), lambda dy: dy - _mean(dy)),
    observe=_there_and_back,
    cases=[(A, DY), (np.array([[1.0, 2.0, 6.0]]), np.array([[1.0, 0.0, 4.0]]))],
    right="Each x reaches its own y with slope 1 and, through the mean, every y of its row with −1/n. So dx is dy with "
    "the mean of its row taken off: the same function again.",
    mistakes={
        "mean held constant": (
            lambda x: (x - _mean(x), lambda dy: dy),
            "You treat the mean as a constant. It is computed from x: every entry of x has a path through it to every "
            "entry of y in its row.",
        ),
        "own path only": (
            lambda x: (x - _mean(x), lambda dy: dy * (1 - 1 / x.shape[-1])),
            "That is how x₁ moves y₁. Through the mean it also moves y₂, y₃ and all others in its row.",
        ),
        "sign": (
            lambda x: (x - _mean(x), lambda dy: dy + _mean(dy)),
            "The paths through the mean are right but for their sign: y falls when the mean rises.",
        ),
        "mean of x": (
            lambda x: (x - _mean(x), lambda dy: dy - _mean(x)),
            "What flows back is blame. The paths through the mean carry the mean of dy, not of x.",
        ),
    },
)

planted_bug = Exercise(
    ask="In which of the numbered lines is the mistake: 1, 2, 3 or 4?",
    difficulty="medium",
    minutes=5,
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
