"""Where the windows of a convolution or a pooling lie, in one place for all of them.

Along an axis of n pixels with p zeros before and q after, a kernel of k taps that are d apart (dilation), moved by s
(stride), covers d (k − 1) + 1 pixels and fits

    out = ⌊(n + p + q − d (k − 1) − 1) / s⌋ + 1   times.   Dumoulin & Visin (2016), relationships 6 and 15.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.arrays import expect_dtype, expect_positive_int

if TYPE_CHECKING:
    from chainrule.layer import Layer

Pair = tuple[int, int]
Size = int | Pair
Padding = int | Pair | str


@dataclass(frozen=True)
class Kernel:
    """Size, stride, dilation along (height, width), and how many zeros go (before, after) along each."""

    size: Pair
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    padding: tuple[Pair, Pair] = ((0, 0), (0, 0))

    def span(self, axis: int) -> int:
        """How many pixels the kernel covers along an axis, the gaps included."""
        return self.dilation[axis] * (self.size[axis] - 1) + 1

    def fits(self, image: Pair) -> Pair:
        """How many times it fits along each axis of an image and its padding; below 1 where it does not."""
        height, width = self.padded(image)
        return (height - self.span(0)) // self.stride[0] + 1, (width - self.span(1)) // self.stride[1] + 1

    def padded(self, image: Pair) -> Pair:
        """Height and width of the image with its padding."""
        (top, bottom), (left, right) = self.padding
        return top + image[0] + bottom, left + image[1] + right

    def inside(self, image: Pair) -> tuple[slice, slice]:
        """Where the image lies within its padding."""
        (top, _), (left, _) = self.padding
        return slice(top, top + image[0]), slice(left, left + image[1])

    def label(self, axes: int = 2) -> str:
        """`3×3, stride 2`: the size, then what differs from one; of the last axes only."""
        parts = [times(self.size[-axes:])]
        for name, pair in (("stride", self.stride[-axes:]), ("dilation", self.dilation[-axes:])):
            if set(pair) != {1}:
                parts.append(f"{name} {pair[0] if len(set(pair)) == 1 else times(pair)}")
        return ", ".join(parts)


def times(pair: tuple[int, ...]) -> str:
    """`3×5`, or `3` in one dimension."""
    return "×".join(str(n) for n in pair)


def pair(name: str, value: Any, low: int = 1) -> Pair:
    """An integer twice, or the two given. Raises ValueError unless they are integers of at least low."""
    two = value if isinstance(value, (tuple, list)) else (value, value)
    fits = all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n >= low for n in two)
    if len(two) != 2 or not fits:
        raise ValueError(f"{name} takes an integer of at least {low}, or a pair of them, got {value!r}")
    return int(two[0]), int(two[1])


def zeros_around(name: str, padding: Padding, size: Pair, dilation: Pair) -> tuple[Pair, Pair]:
    """Zeros (before, after) along each axis: "valid" is none, "same" is d (k − 1) in all, the odd one after.

    With "same" and stride s an axis of n pixels gives ⌈n / s⌉. Raises ValueError for anything else but integers.
    """
    if not isinstance(padding, str):
        height, width = pair(name, padding, low=0)
        return (height, height), (width, width)
    if padding not in ("same", "valid"):
        raise ValueError(f'{name} takes "same", "valid" or integers, got {padding!r}')
    down, across = (d * (k - 1) if padding == "same" else 0 for k, d in zip(size, dilation))
    return (down // 2, down - down // 2), (across // 2, across - across // 2)


def expect_images(layer: "Layer", x: Any, channels: int | None, dtype: Any = None, axes: str = "H, W") -> None:
    """Raise ValueError unless x is an array (N, channels, axes) of floating-point numbers, of dtype if one is given."""
    wanted = f"(N, {channels or 'C'}, {axes})"
    if not isinstance(x, np.ndarray):
        raise ValueError(f"{layer.label()} takes an array {wanted}, got {type(x).__name__}")
    if x.ndim != 2 + len(axes.split(",")) or (channels is not None and x.shape[1] != channels):
        raise ValueError(f"{layer.label()} takes {wanted}, got {x.shape}")
    if x.dtype.kind != "f":
        raise ValueError(f"{layer.label()} takes floating-point numbers, got {x.dtype}")
    if dtype is not None:
        expect_dtype(layer, x, dtype)


def expect_fit(layer: "Layer", kernel: Kernel, image: Pair, axes: int = 2) -> Pair:
    """How many times the kernel fits along each axis. Raises ValueError where it does not fit once."""
    out = kernel.fits(image)
    if min(out) < 1:
        least = tuple(max(1, kernel.span(a) - sum(kernel.padding[a])) for a in (0, 1))
        what = "images" if axes == 2 else "sequences"
        raise ValueError(f"{layer.label()} takes {what} of at least {times(least[-axes:])}, got {times(image[-axes:])}")
    return out


def expect_groups(name: str, n_in: int, n_out: int, groups: int) -> None:
    """Raise ValueError unless all are positive integers and groups divides both numbers of channels."""
    for what, value in (("n_in", n_in), ("n_out", n_out), ("groups", groups)):
        expect_positive_int(f"{name} {what}", value)
    if n_in % groups or n_out % groups:
        raise ValueError(f"{name} groups divides n_in and n_out, got {groups} for {n_in} → {n_out}")
