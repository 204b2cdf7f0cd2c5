"""Batch normalisation: every feature gets mean 0 and variance 1 over the batch, whatever the layers before it do.

Mean and variance are themselves functions of the batch, so a gradient flows back along three paths: through x, through
the mean and through the variance. Added up, they remove from dy its mean and its component along the output.
"""

from typing import Any

import numpy as np

from chainrule.arrays import expect_float_dtype, expect_number, expect_positive_int
from chainrule.layer import Layer
from chainrule.normalization.channels import channel_sums, expect_channels, laid_out_like, per_channel


class BatchNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / σ, σ = √(v + eps), for each feature or channel by itself.

    x (N, n) or (N, n, ...), features or channels on axis 1 → y like x;  gamma, beta (n,)

    Training    μ, v are the mean and variance of the m numbers that a feature has in the batch; running_mean and
                running_var (kept with the model, not trained) move towards them:
                running ← (1 − momentum) running + momentum · new, where the new variance is the unbiased v m / (m − 1).
    Evaluation  μ, v are running_mean and running_var.
    Backward    dγ = Σ dy x̂,  dβ = Σ dy;  in training, through μ and v too,  dx = γ/σ (dy − (x̂ dγ + dβ) / m);
                in evaluation, where μ and v are constants,  dx = γ/σ dy.
    Init        γ, running_var one; β, running_mean zero.
    Source      Ioffe & Szegedy (2015), algorithms 1 and 2. A data-parallel replica sees the statistics of its shard.
    Raises      ValueError where axis 1 of x is not n, or a feature has fewer than two numbers in training.
    """

    def __init__(self, n: int, momentum: float = 0.1, eps: float = 1e-5, dtype: Any = np.float32):
        expect_positive_int("BatchNorm n", n)
        expect_number("BatchNorm momentum", momentum, low=0, high=1)
        expect_number("BatchNorm eps", eps, low=0, open_low=True)
        dtype = expect_float_dtype(dtype)
        self.momentum, self.eps = float(momentum), float(eps)
        self.parameters(gamma=np.ones(n, dtype), beta=np.zeros(n, dtype))
        self.keep(running_mean=np.zeros(n, dtype), running_var=np.ones(n, dtype))

    def forward(self, x: np.ndarray) -> tuple:
        gamma, training = self.gamma, self.training
        expect_channels(self, x, len(gamma), gamma.dtype)
        m = x.size // len(gamma)
        if training:
            self._expect_spread(x, m)
            mean = channel_sums(x) / m
            xhat = x - per_channel(mean, x.ndim)
            variance = channel_sums(xhat * xhat) / m
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (variance * (m / (m - 1)) - self.running_var)
        else:
            xhat = x - per_channel(self.running_mean, x.ndim)
            variance = self.running_var
        inverse = 1 / np.sqrt(variance + self.eps)
        xhat *= per_channel(inverse, x.ndim)
        y = xhat * per_channel(gamma, x.ndim)
        y += per_channel(self.beta, x.ndim)

        def backward(dy: np.ndarray) -> np.ndarray:
            dy = laid_out_like(dy, xhat)
            dgamma, dbeta = channel_sums(dy * xhat), channel_sums(dy)
            if not self._frozen:
                self.dgamma += dgamma
                self.dbeta += dbeta
            scale = per_channel(gamma * inverse, x.ndim)
            if not training:
                return dy * scale
            dx = xhat * per_channel(-dgamma / m, x.ndim)
            dx -= per_channel(dbeta / m, x.ndim)
            dx += dy
            dx *= scale
            return dx

        return y, backward

    def _expect_spread(self, x: np.ndarray, m: int) -> None:
        if m < 2:
            raise ValueError(
                f"{self.label()} takes at least two numbers of each feature in training, got {x.shape}: "
                "the variance of one number is zero; take a larger batch, or evaluate()"
            )

    def label(self) -> str:
        return f"BatchNorm({len(self.gamma)})"
