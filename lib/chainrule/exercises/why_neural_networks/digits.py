"""Seven features of a handwritten digit that a person thought of, and the invitation to find an eighth."""

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from chainrule.data import digits, standardise
from chainrule.exercises.exercise import Exercise
from chainrule.losses import cross_entropy
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.train import fit

ENOUGH = 0.03  # what the eighth feature has to add to the share of digits that are right


def seven_features(x: np.ndarray) -> np.ndarray:
    """Digits as rows of 64 grey values (N, 64) → seven numbers each (N, 7)."""
    images = x.reshape(-1, 8, 8)
    row, column = np.mgrid[:8, :8]
    ink = images.sum((1, 2))

    def centred(place):  # each pixel's place, less the mean place of the ink
        return place - ((images * place).sum((1, 2)) / ink)[:, None, None]

    def mean(values):  # weighted by ink
        return (images * values).sum((1, 2)) / ink

    down, across = centred(row), centred(column)
    height, width, slant = mean(down * down) ** 0.5, mean(across * across) ** 0.5, mean(down * across)
    lopsided = np.abs(images - images[:, :, ::-1]).mean((1, 2))
    upper = images[:, :4].sum((1, 2)) / ink
    holes = np.array([ndimage.label(np.pad(im < 0.35, 1, constant_values=True))[1] - 1 for im in images])
    return np.stack([ink, height, width, slant, lopsided, upper, holes], 1)


def _right(extra: Callable | None) -> float:
    """The share of held-out digits that ten weighted sums of the features get right, on average over two splits."""

    def described(x):
        seven = seven_features(x)
        return seven if extra is None else np.c_[seven, np.asarray(extra(x.reshape(-1, 8, 8).copy()), float)]

    shares = []
    for seed in (0, 1):
        x, y, x_test, y_test = digits(seed)
        x, x_test = standardise(described(x), described(x_test))
        model = mlp([x.shape[1], 10], np.random.default_rng(seed), dtype=np.float64)
        list(fit(model, cross_entropy, (x, y), Adam(model, 0.1), epochs=300, rng=np.random.default_rng(seed)))
        shares.append((model(x_test)[0].argmax(1) == y_test).mean())
    return float(np.mean(shares))


def _verdict(feature: Callable) -> str:
    images = digits(0).x_test.reshape(-1, 8, 8)
    values = np.asarray(feature(images), float)
    if values.shape != images.shape[:1]:
        return "not one number for each image"
    if np.ptp(values) == 0:
        return "the same for every image"
    gain = _right(feature) - _right(None)
    return "helps" if gain >= ENOUGH else "helps a little" if gain >= 0.01 else "does not help"


eighth = Exercise(
    ask="Write feature(images), one number for each of the images (N, 8, 8), which as an eighth feature raises the "
    "share of right digits by three points or more.",
    difficulty="hard",
    minutes=60,
    hints=(
        "Look for digits that the seven confuse. Which part of the picture tells them apart?",
        "The seven know how wide the ink is and how much is in the upper half. None of them compares left with right.",
        "Try the ink of one small region, such as the left part of the lower half, divided by all ink.",
    ),
    answer=lambda images: images[:, 4:, :4].sum((1, 2)) / images.sum((1, 2)),
    observe=_verdict,
    right="Your eighth number tells the line something that the seven did not. How long did you look for it, and "
    "would it help with letters?",
    mistakes={
        "constant": (
            lambda images: np.ones(len(images)),
            "A number that is the same for every image cannot tell two of them apart.",
        ),
        "known already": (
            lambda images: images[:, 4:].sum((1, 2)) / images.sum((1, 2)),
            "The line gains next to nothing. Can your number be had from the seven? The ink below, for one, is "
            "what the sixth leaves over.",
        ),
        "a little": (
            lambda images: images[:, 3:5, 3:5].mean((1, 2)),
            "That helps, by less than three points. Try another region, or the share of the ink in it.",
        ),
        "a picture": (
            lambda images: images[:, :, :4].sum(2),
            "The answer is one number for each image, an array of shape (N,).",
        ),
    },
)
