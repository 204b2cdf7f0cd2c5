"""Layers for images beside PyTorch's, over a grid of options and random ones."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from helpers import normal, rng

from chainrule.activations import relu
from chainrule.convolution import (
    AvgPool2d,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    MaxPool2d,
    Upsample,
    flatten,
    global_average,
    patches,
)
from chainrule.models.cnn import cnn
from peers import F, Peer

IMAGE = normal(2, 2, 7, 6)
TIES = np.random.default_rng(3).integers(-2, 3, (1, 2, 7, 6)).astype(float)


def conv(
    size: Any, stride: Any, padding: Any, dilation: Any, groups: int, x: np.ndarray = IMAGE[:1], out: int = 2
) -> Peer:
    def ours() -> tuple:
        layer = Conv2d(x.shape[1], out, size, rng(), stride, padding, dilation, groups)
        return layer, (x,), {}

    return Peer("Conv2d", ours, lambda x, W, b: F.conv2d(x, W, b, stride, padding, dilation, groups))


def transposed(size: Any, stride: Any, padding: Any, more: Any, dilation: Any, groups: int, x: np.ndarray) -> Peer:
    def ours() -> tuple:
        layer = ConvTranspose2d(x.shape[1], 2 * groups, size, rng(), stride, padding, more, dilation, groups)
        return layer, (x,), {}

    def theirs(x: Any, W: Any, b: Any) -> Any:
        return F.conv_transpose2d(x, W, b, stride, padding, more, groups, dilation)

    return Peer("ConvTranspose2d", ours, theirs)


def pool(kind: type, size: Any, stride: Any, padding: Any, x: np.ndarray = TIES) -> Peer:
    def theirs(x: Any) -> Any:
        return (F.max_pool2d if kind is MaxPool2d else F.avg_pool2d)(x, size, stride, padding)

    return Peer(kind.__name__, lambda: (kind(size, stride, padding), (x,), {}), theirs)


def of(subject: str, f: Callable, theirs: Callable, x: np.ndarray = IMAGE) -> Peer:
    return Peer(subject, lambda: (f, (x,), {}), theirs)


def their_cnn(x: Any, **weights: Any) -> Any:
    for i in (0, 3):
        x = F.conv2d(x, weights[f"layers_{i}_W"], weights[f"layers_{i}_b"], padding=1)
        x = F.relu(F.max_pool2d(x, 2))
    return F.linear(x.flatten(1), weights["layers_7_W"].T, weights["layers_7_b"])


PEERS = {
    **{
        f"Conv2d, size {size}, stride {stride}, padding {padding}, dilation {dilation}, {groups} groups": conv(
            size, stride, padding, dilation, groups
        )
        for size, stride, padding, dilation, groups in [
            *product((3, 2), (1, 2), (0, 1), (1, 2), (1, 2)),
            (1, 1, 0, 1, 1),
            (3, 1, "same", 2, 2),
            ((2, 3), (3, 1), (2, 0), (1, 2), 2),
            (5, 3, 4, 1, 1),
        ]
    },
    "Conv2d, stride 2, same": Peer(
        "Conv2d",
        lambda: (Conv2d(2, 3, 3, rng(), stride=2), (IMAGE,), {}),
        lambda x, W, b: F.conv2d(x, W, b, stride=2, padding=1),
    ),
    "Conv2d, size 4, same": Peer(
        "Conv2d",
        lambda: (Conv2d(2, 3, 4, rng()), (IMAGE,), {}),
        lambda x, W, b: F.conv2d(F.pad(x, (1, 2, 1, 2)), W, b),
    ),
    "Conv2d, no bias, batch 1": Peer(
        "Conv2d",
        lambda: (Conv2d(2, 3, 3, rng(), bias=False), (IMAGE[:1],), {}),
        lambda x, W: F.conv2d(x, W, padding=1),
    ),
    "Conv1d": Peer(
        "Conv1d",
        lambda: (Conv1d(2, 4, 4, rng(), stride=2, padding=3, dilation=2, groups=2), (IMAGE[:, :, 0],), {}),
        lambda x, W, b: F.conv1d(x, W, b, 2, 3, 2, 2),
    ),
    "ConvTranspose2d": transposed(3, 1, 0, 0, 1, 1, IMAGE[:, :, :3, :2]),
    "ConvTranspose2d, all options": transposed((2, 3), (2, 3), (0, 1), (1, 2), (2, 1), 2, IMAGE[:, :, :3, :2]),
    "ConvTranspose2d, doubling": transposed(4, 2, 1, 0, 1, 1, IMAGE[:, :, :3, :2]),
    **{
        f"{kind.__name__}, size {size}, stride {stride}, padding {padding}": pool(kind, size, stride, padding)
        for kind in (MaxPool2d, AvgPool2d)
        for size, stride, padding in [(2, 2, 0), (3, 2, 1), ((2, 3), (1, 2), (1, 0)), (1, 2, 0), (2, 3, 0)]
    },
    "global_average": of("global_average", global_average, lambda x: x.mean((2, 3))),
    "Upsample, nearest": of("Upsample", Upsample((2, 3)), lambda x: F.interpolate(x, scale_factor=(2, 3))),
    "Upsample, bilinear": of(
        "Upsample", Upsample((2, 3), "bilinear"), lambda x: F.interpolate(x, scale_factor=(2, 3), mode="bilinear")
    ),
    "flatten": of("flatten", flatten, lambda x: x.flatten(1)),
    "patches": of(
        "patches", lambda x: patches(x, 2), lambda x: F.unfold(x, 2, stride=2).swapaxes(1, 2), IMAGE[:, :, :6]
    ),
    "cnn": Peer("cnn", lambda: (cnn((2, 8, 6), [3, 4], 5, rng()), (normal(2, 2, 8, 6),), {}), their_cnn),
    "a convolution after another": Peer(
        "Conv2d",
        lambda: (_Twice(), (IMAGE,), {}),
        lambda x, W, b: F.conv2d(F.relu(F.conv2d(x, W, b, padding=1)), W, b, padding=1),
    ),
}


class _Twice(Conv2d):
    """One layer used twice in a pass, with ReLU between."""

    def __init__(self):
        super().__init__(2, 2, 3, rng())

    def forward(self, x: np.ndarray) -> tuple:
        h, first = super().forward(x)
        a, middle = relu(h)
        y, last = super().forward(a)
        return y, lambda dy: first(middle(last(dy)))


def _two(g: np.random.Generator, low: int, high: int) -> tuple[int, int]:
    return int(g.integers(low, high + 1)), int(g.integers(low, high + 1))


def _images(g: np.random.Generator, channels: int, least: tuple[int, int]) -> np.ndarray:
    return g.standard_normal((int(g.integers(1, 4)), channels, *(n + int(g.integers(0, 6)) for n in least)))


def random_conv(g: np.random.Generator) -> Peer:
    size, stride, padding, dilation = _two(g, 1, 4), _two(g, 1, 3), _two(g, 0, 3), _two(g, 1, 3)
    groups = int(g.integers(1, 4))
    least = [max(1, d * (k - 1) + 1 - 2 * p) for k, d, p in zip(size, dilation, padding)]
    x = _images(g, groups * int(g.integers(1, 4)), (least[0], least[1]))
    return conv(size, stride, padding, dilation, groups, x, groups * int(g.integers(1, 4)))


def random_transposed(g: np.random.Generator) -> Peer:
    size, stride, dilation, groups = _two(g, 1, 4), _two(g, 1, 3), _two(g, 1, 3), int(g.integers(1, 4))
    more = tuple(int(g.integers(0, s)) for s in stride)
    padding = tuple(int(g.integers(0, d * (k - 1) // 2 + 1)) for k, d in zip(size, dilation))
    return transposed(size, stride, padding, more, dilation, groups, _images(g, groups * 2, (1, 1)))


def random_pool(g: np.random.Generator) -> Peer:
    size, stride = _two(g, 1, 4), _two(g, 1, 4)
    padding = tuple(int(g.integers(0, k // 2 + 1)) for k in size)
    x = g.integers(-2, 3, (int(g.integers(1, 3)), 2, size[0] + int(g.integers(0, 6)), size[1] + int(g.integers(0, 6))))
    return pool((MaxPool2d, AvgPool2d)[int(g.integers(2))], size, stride, padding, x.astype(float))


RANDOM = [random_conv, random_transposed, random_pool]
