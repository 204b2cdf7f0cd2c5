"""Convolutional networks for images: plain ones, and a residual one that can be deep.

Each stage sees half the resolution of the one before. ReLU comes after the pooling: the result is the same, as both
keep the order of numbers, on a quarter of the pixels.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from chainrule.activations import relu, tanh
from chainrule.arrays import expect_positive_int
from chainrule.combine import Parallel, Residual, Sequential
from chainrule.convolution import AvgPool2d, Conv2d, MaxPool2d, flatten, global_average
from chainrule.dense import Dense
from chainrule.initializers import glorot
from chainrule.layer import Layer
from chainrule.models.mlp import mlp
from chainrule.normalization import BatchNorm

Image = tuple[int, int, int]


def cnn(
    image: Image,
    channels: Sequence[int],
    classes: int,
    rng: np.random.Generator,
    size: int = 3,
    hidden: Sequence[int] = (),
    dtype: Any = np.float32,
) -> Sequential:
    """`cnn((1, 8, 8), [16, 32], 10, rng)`: for each number of channels a convolution, 2×2 pooling and ReLU; then Dense.

    x (N, *image) → logits (N, classes). image is (C, H, W); hidden are dense layers before the last one.
    Raises ValueError where the image is too small for so many halvings.
    """
    planes, height, width = _expect_image("cnn", image, 2 ** len(channels))
    layers: list = []
    for n_in, n_out in pairwise([planes, *channels]):
        layers += [Conv2d(n_in, n_out, size, rng, dtype=dtype), MaxPool2d(2), relu]
    halved = 2 ** len(channels)
    features = (planes, *channels)[-1] * (height // halved) * (width // halved)
    return Sequential(*layers, flatten, *mlp([features, *hidden, classes], rng, relu, dtype=dtype))


def lenet(image: Image, classes: int, rng: np.random.Generator, dtype: Any = np.float32) -> Sequential:
    """LeNet-5: 6 and 16 channels of 5×5, tanh and mean pooling, then dense layers of 120, 84 and classes.

    x (N, *image) → logits (N, classes). The convolutions keep the size, so that images from 4×4 on will do.
    LeCun, Bottou, Bengio & Haffner (1998), section II.B. Raises ValueError where the image is smaller.
    """
    planes, height, width = _expect_image("lenet", image, 4)
    layers: list = []
    for n_in, n_out in ((planes, 6), (6, 16)):
        layers += [Conv2d(n_in, n_out, 5, rng, init=glorot, dtype=dtype), AvgPool2d(2), tanh]
    return Sequential(*layers, flatten, *mlp([16 * (height // 4) * (width // 4), 120, 84, classes], rng, dtype=dtype))


def residual_cnn(
    image: Image,
    channels: Sequence[int],
    classes: int,
    rng: np.random.Generator,
    blocks: int = 1,
    dtype: Any = np.float32,
) -> Sequential:
    """`residual_cnn((3, 32, 32), [16, 32, 64], 10, rng, blocks=3)`: ResNet-20, with batch normalization.

    x (N, *image) → logits (N, classes): a convolution, `blocks` residual blocks for each number of channels, of which
    all but the first begin by halving the image, the mean of each channel, Dense.
    He et al. (2016), section 4.2. Raises ValueError where the image is too small for so many halvings.
    """
    expect_positive_int("residual_cnn blocks", blocks)
    if not channels:
        raise ValueError("residual_cnn takes at least one number of channels, got none")
    planes, _, _ = _expect_image("residual_cnn", image, 2 ** (len(channels) - 1))
    layers: list = [*_normalised(planes, channels[0], 3, rng, dtype), relu]
    for stage, (n_in, n_out) in enumerate(pairwise([channels[0], *channels])):
        for block in range(blocks):
            first = block == 0
            layers += residual_block(n_in if first else n_out, n_out, rng, 2 if first and stage else 1, dtype)
    return Sequential(*layers, global_average, Dense(channels[-1], classes, rng, dtype=dtype))


def residual_block(
    n_in: int, n_out: int, rng: np.random.Generator, stride: int = 1, dtype: Any = np.float32
) -> tuple[Layer, Any]:
    """relu(x + f(x)), f two 3×3 convolutions with batch normalization; where the shape changes, x goes through 1×1.

    The last γ of f starts at zero, so that the block starts as relu(x): Goyal et al. (2017), section 5.1.
    He et al. (2016), eqs. 1 and 2.
    """
    f = Sequential(*_normalised(n_in, n_out, 3, rng, dtype, stride), relu, *_normalised(n_out, n_out, 3, rng, dtype))
    f[-1].gamma = np.zeros(n_out)
    if n_in == n_out and stride == 1:
        return Residual(f), relu
    return Parallel(f, Sequential(*_normalised(n_in, n_out, 1, rng, dtype, stride))), relu


def _normalised(n_in: int, n_out: int, size: int, rng: np.random.Generator, dtype: Any, stride: int = 1) -> tuple:
    """A convolution without bias, which the batch normalization after it would take away again."""
    return Conv2d(n_in, n_out, size, rng, stride, bias=False, dtype=dtype), BatchNorm(n_out, dtype=dtype)


def _expect_image(name: str, image: Image, least: int) -> Image:
    if len(image) != 3 or min(image[1:]) < least:
        raise ValueError(f"{name} takes images (C, H, W) of at least {least}×{least} here, got {tuple(image)}")
    return image
