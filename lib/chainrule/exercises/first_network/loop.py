"""Writing the training step, whole and for a batch in parts."""

from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise
from chainrule.losses import bce
from chainrule.models.mlp import mlp
from chainrule.optimizers import SGD


def _one_step(model, optimizer, x, t):
    logits, back = model(x)
    loss, back_loss = bce(logits, t)
    model.zero_grad()
    back(back_loss())
    optimizer.step()
    return loss


def _without_zero(model, optimizer, x, t):
    logits, back = model(x)
    loss, back_loss = bce(logits, t)
    back(back_loss())
    optimizer.step()
    return loss


def _zero_too_late(model, optimizer, x, t):
    logits, back = model(x)
    loss, back_loss = bce(logits, t)
    back(back_loss())
    model.zero_grad()
    optimizer.step()
    return loss


def _step_too_early(model, optimizer, x, t):
    logits, back = model(x)
    loss, back_loss = bce(logits, t)
    optimizer.step()
    model.zero_grad()
    back(back_loss())
    return loss


def _three_steps(answer: Callable) -> np.ndarray:
    """Three losses and the parameters after them: what a step is for."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(6, 2)).astype(np.float32)
    t = rng.integers(0, 2, (6, 1)).astype(np.float32)
    model = mlp([2, 3, 1], rng)
    optimizer = SGD(model, 0.5)
    losses = [answer(model, optimizer, x, t) for _ in range(3)]
    if any(loss is None for loss in losses):
        raise TypeError("the loss is missing: end with `return loss`")
    return np.append(np.asarray(losses, float), model.flat()[0])


one_step = Exercise(
    ask="Write one_step(model, optimizer, x, t): one whole update with bce; return the loss it met.",
    difficulty="medium",
    minutes=8,
    hints=(
        "Say it in words first: look, compare, forget the last gradient, pass the blame back, step. Each becomes "
        "one line.",
        "`model(x)` and `bce(logits, t)` each return a pair: a result and a way back. The blame starts at the "
        "loss, so which way back is called first, and who is handed what it returns?",
    ),
    answer=_one_step,
    observe=_three_steps,
    right="Five lines: forward, loss, forget, back, step. Clearing may come anywhere before back and after the "
    "last step.",
    mistakes={
        "no zero_grad": (
            _without_zero,
            "The first step is right, the second is not: it still carries the first one's gradient.",
        ),
        "zero too late": (
            _zero_too_late,
            "The parameters never move: you clear the gradient between computing it and using it.",
        ),
        "step too early": (
            _step_too_early,
            "Each step uses the gradient of the batch before; the first one uses zeros. Step after back.",
        ),
    },
)


def _accumulate(model, x, t, parts):
    model.zero_grad()
    for rows in np.array_split(np.arange(len(x)), parts):
        logits, back = model(x[rows])
        _, back_loss = bce(logits, t[rows])
        back(back_loss(len(rows) / len(x)))
    return model.flat()[1].copy()


def _weighted(weight, clear=False):
    def accumulate(model, x, t, parts):
        model.zero_grad()
        for rows in np.array_split(np.arange(len(x)), parts):
            if clear:
                model.zero_grad()
            logits, back = model(x[rows])
            back(bce(logits, t[rows])[1](weight(parts)))
        return model.flat()[1].copy()

    return accumulate


def _gradients(answer: Callable) -> np.ndarray:
    """The gradients for eight examples in two parts and for seven in three."""
    rng = np.random.default_rng(0)
    model = mlp([2, 3, 1], rng, dtype=np.float64)
    x, t = rng.normal(size=(8, 2)), rng.integers(0, 2, (8, 1)).astype(float)
    return np.concatenate([answer(model, x, t, 2), answer(model, x[:7], t[:7], 3)])


accumulate = Exercise(
    ask="The batch does not fit into memory. Write accumulate(model, x, t, parts): pass it in that many parts "
    "(np.array_split), and return "
    "a copy of the flat gradient, equal to that of the whole batch.",
    difficulty="hard",
    minutes=15,
    hints=(
        "Write the loss of the whole batch as a sum over its N examples, divided by N. Split the sum at the "
        "parts, and compare each piece with the mean that `bce` takes of that part.",
        "A part of n examples is divided by n where the whole is divided by N: which factor, given to "
        "`back_loss`, repairs that? And where must the clearing stand, if the parts are to add up?",
    ),
    answer=_accumulate,
    observe=_gradients,
    right="One zero_grad, then each part adds its share N_k / N. That layers add is what makes this possible.",
    mistakes={
        "sum of means": (
            _weighted(lambda parts: 1.0),
            "Your gradient is too long by about the number of parts. "
            "Each part's loss is a mean over fewer examples: what is its share?",
        ),
        "equal shares": (
            _weighted(lambda parts: 1 / parts),
            "Right for equal parts. Seven examples in three parts make 3, 2 and 2: weigh each part by its length.",
        ),
        "cleared in between": (
            _weighted(lambda parts: 1.0, clear=True),
            "Only the last part is left: you clear the gradient inside the loop. Once, before it, is enough.",
        ),
    },
)
