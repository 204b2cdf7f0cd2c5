"""The two players for images: a generator that grows an image from a small one, a discriminator that shrinks it.

Strides take the place of pooling on both sides, so that each network learns its own way of changing the resolution.
The kernels are twice as wide as their strides: every pixel is met equally often, and no checkerboard shows.
"""

from functools import partial
from typing import Any

import numpy as np

from chainrule.activations import leaky_relu, relu, sigmoid
from chainrule.arrays import expect_positive_int
from chainrule.combine import Sequential
from chainrule.convolution import Conv2d, ConvTranspose2d, flatten
from chainrule.dense import Dense
from chainrule.initializers import he
from chainrule.normalization import BatchNorm

Image = tuple[int, int, int]


def conv_generator(
    latent: int, image: Image, channels: int, rng: np.random.Generator, dtype: Any = np.float32
) -> Sequential:
    """`conv_generator(16, (1, 8, 8), 32, rng)`: noise (N, latent) → images (N, *image) with values in (0, 1).

    A dense layer makes 2 · channels planes of a quarter of the size; two transposed convolutions double it. Batch norm
    and ReLU between them. After Radford, Metz & Chintala (2016), figure 1.
    Raises ValueError where 4 does not divide the image's sides.
    """
    planes, height, width = _expect_image("conv_generator", image)
    small = (2 * channels, height // 4, width // 4)
    kernel = {"size": 4, "stride": 2, "padding": 1, "dtype": dtype}
    return Sequential(
        Dense(latent, 2 * channels * small[1] * small[2], rng, init=he, dtype=dtype),
        partial(as_images, image=small),
        BatchNorm(2 * channels, dtype=dtype),
        relu,
        ConvTranspose2d(2 * channels, channels, rng=rng, **kernel),
        BatchNorm(channels, dtype=dtype),
        relu,
        ConvTranspose2d(channels, planes, rng=rng, **kernel),
        sigmoid,
    )


def conv_discriminator(image: Image, channels: int, rng: np.random.Generator, dtype: Any = np.float32) -> Sequential:
    """`conv_discriminator((1, 8, 8), 32, rng)`: images (N, *image) → logits (N, 1).

    Two convolutions of stride 2 with leaky ReLU of slope 0.2, then a dense layer. No batch norm: real and fake share a
    batch, and the gradient penalty needs rows that do not see each other.
    Raises ValueError where 4 does not divide the image's sides.
    """
    planes, height, width = _expect_image("conv_discriminator", image)
    kernel = {"size": 4, "stride": 2, "padding": 1, "dtype": dtype}
    lenient = partial(leaky_relu, slope=0.2)
    return Sequential(
        Conv2d(planes, channels, rng=rng, **kernel),
        lenient,
        Conv2d(channels, 2 * channels, rng=rng, **kernel),
        lenient,
        flatten,
        Dense(2 * channels * (height // 4) * (width // 4), 1, rng, dtype=dtype),
    )


def as_images(x: np.ndarray, image: Image) -> tuple:
    """Rows as images: (N, C · H · W) → (N, C, H, W);  dx is dy as rows."""
    return x.reshape(len(x), *image).copy(), lambda dy: dy.reshape(len(dy), -1).copy()


def _expect_image(name: str, image: Image) -> Image:
    if len(image) != 3 or any(side % 4 for side in image[1:]):
        raise ValueError(f"{name} takes an image (C, H, W) whose sides are multiples of 4, got {image}")
    for side in image:
        expect_positive_int(f"{name} image", side)
    return image
