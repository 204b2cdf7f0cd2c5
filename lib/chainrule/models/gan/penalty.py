"""The gradient penalty: a critic is held to slope 1 by a loss on its own input gradient, so training it needs a
derivative of a derivative.

For each row x with g = ∂f/∂x, u = g / ‖g‖ and P = λ (‖g‖ − 1)², the chain rule gives

    dP/dθ  =  2λ (‖g‖ − 1) uᵀ ∂g/∂θ  =  2λ (‖g‖ − 1) d/dε ∂f(x + ε u)/∂θ  at ε = 0,

because uᵀ ∂f/∂x is the slope of f along u. The last form is the central difference of two ordinary backward passes,
at x + ε u and x − ε u; no layer needs to know its second derivative.
"""

import math

import numpy as np

from chainrule.arrays import expect_number
from chainrule.layer import Layer


def gradient_penalty(critic: Layer, x: np.ndarray, labels: np.ndarray | None = None, weight: float = 10.0) -> tuple:
    """P = λ mean over rows of (‖∂f/∂x‖ − 1)²;  `dx = back()` also adds dP/dθ to the critic's gradients.

    critic   f(x) → (N, 1), or f(x, labels); each row of its output depends on its own row of x only, so no batch norm,
             and not on chance, so no dropout
    x        (N, …), where the slope is measured: points `between` real and fake ones
    weight   λ

    Backward  as above, with ε = (machine epsilon)^⅓ times the size of x: relative error about 1e-9 in float64 and 1e-4
              in float32. In a critic with kinks, a kink between the two points adds to it.
    Source    Gulrajani et al. (2017), eq. 3.
    """
    expect_number("gradient_penalty weight", weight, low=0)
    context = () if labels is None else (labels,)
    slopes = _input_gradient(critic, x, context)
    norm = np.sqrt(np.square(slopes.reshape(len(x), -1)).sum(1))
    excess = norm - 1

    def backward(dloss: float = 1.0) -> np.ndarray:
        direction = slopes / _each(np.maximum(norm, np.finfo(x.dtype).tiny), x)
        step = _step(x)
        pair = np.concatenate([x + step * direction, x - step * direction])
        y, back = critic(pair, *(np.concatenate([c, c]) for c in context))
        dy = (excess * float(weight * dloss / (len(x) * step))).reshape(-1, 1)
        dpair = _first(back(np.concatenate([dy, -dy])))
        return dpair[: len(x)] + dpair[len(x) :]

    return float(weight) * np.square(excess).mean(), backward


def between(real: np.ndarray, fake: np.ndarray, mix: np.ndarray) -> np.ndarray:
    """mix · real + (1 − mix) · fake, row by row, mix (N,) uniform in [0, 1]: Gulrajani et al. (2017), algorithm 1."""
    if real.shape != fake.shape or mix.shape != real.shape[:1]:
        raise ValueError(f"between takes alike x and a mix (N,), got {real.shape}, {fake.shape} and {mix.shape}")
    return fake + _each(mix.astype(real.dtype, copy=False), real) * (real - fake)


def _input_gradient(critic: Layer, x: np.ndarray, context: tuple) -> np.ndarray:
    """∂f/∂x of each row, (N, …); the critic's own gradients are left alone."""
    y, back = critic(x, *context)
    if y.shape != (len(x), 1):
        raise ValueError(f"gradient_penalty takes a critic with outputs ({len(x)}, 1), got {y.shape}")
    with critic.frozen():
        return _first(back(np.ones_like(y)))


def _step(x: np.ndarray) -> float:
    size = max(1.0, math.sqrt(float(np.square(x).mean())))
    return float(np.finfo(x.dtype).eps) ** (1 / 3) * size


def _first(gradients: np.ndarray | tuple) -> np.ndarray:
    return gradients[0] if isinstance(gradients, tuple) else gradients


def _each(row_numbers: np.ndarray, x: np.ndarray) -> np.ndarray:
    return row_numbers.reshape((-1,) + (1,) * (x.ndim - 1))
