"""Noise is an argument: who calls a model draws it, so that a result can be repeated, compared and differentiated."""

from typing import Any

import numpy as np

from chainrule.layer import Layer


def expect_noise(layer: Layer, name: str, noise: Any, shape: tuple[int, ...], dtype: np.dtype) -> None:
    """Raise ValueError unless noise is an array of this shape and dtype: broadcasting would share one draw."""
    if not isinstance(noise, np.ndarray) or noise.shape != shape or noise.dtype != dtype:
        got = f"{noise.dtype} {noise.shape}" if isinstance(noise, np.ndarray) else type(noise).__name__
        raise ValueError(f"{layer.label()} takes {name} {np.dtype(dtype)} {shape}, got {got}")
