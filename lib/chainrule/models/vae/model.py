"""The variational autoencoder: a code with a spread, so that the space between codes means something too.

The encoder answers with a Gaussian q(z | x), the decoder with p(x | z). Training raises a lower bound of log p(x), the
ELBO: how well x comes back from a draw of z, less how far q is from the prior N(0, 1). Afterwards a draw from the
prior, decoded, is a new example.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.activations import relu
from chainrule.arrays import expect_number, row_sums
from chainrule.combine import Part
from chainrule.initializers import Initializer, he
from chainrule.layer import Layer
from chainrule.models.mlp import mlp
from chainrule.models.noise import expect_noise
from chainrule.models.vae.gaussian import gaussian_kl, reparameterised
from chainrule.models.vae.likelihoods import Bernoulli, Gaussian


class VAE(Layer):
    """x → [μ, log σ²] = encoder(x) → z = μ + σ ε → y = decoder(z).

    x (N, …), noise ε (N, k) → (y (N, …), μ (N, k), log σ² (N, k)); the encoder gives (N, 2k), y are the parameters of
    `likelihood`. Its loss is  mean over examples of −log p(x | z) + β KL(q(z | x) ‖ N(0, 1)):  the negative ELBO for
    β = 1.

    Backward  `dx, dnoise = back(dy, dmean, dlog_var)`.
    Sources   Kingma & Welling (2014), eq. 10; β: Higgins et al. (2017), eq. 4.
    Raises    ValueError where the encoder's width is odd, or noise is not of the shape and dtype of μ.
    """

    def __init__(self, encoder: Part, decoder: Part, likelihood: Bernoulli | Gaussian | None = None, beta: float = 1.0):
        expect_number("VAE beta", beta, low=0)
        self.encoder, self.decoder, self.beta = encoder, decoder, float(beta)
        self.likelihood = Bernoulli() if likelihood is None else likelihood

    def forward(self, x: np.ndarray, noise: np.ndarray) -> tuple:
        mean, log_var, back_encoder = self._posterior(x)
        expect_noise(self, "noise", noise, mean.shape, mean.dtype)
        z, back_z = reparameterised(mean, log_var, noise)
        y, back_decoder = self.decoder(z)

        def backward(dy: np.ndarray, dmean: np.ndarray, dlog_var: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            dmean_z, dlog_var_z, dnoise = back_z(back_decoder(dy))
            dx = back_encoder(np.concatenate([dmean + dmean_z, dlog_var + dlog_var_z], axis=1))
            return dx, dnoise

        return (y, mean, log_var), backward

    def loss(self, x: np.ndarray, noise: np.ndarray) -> tuple[np.floating, Callable[..., None]]:
        """(loss, back): the mean over the batch, in nats; `back()` leaves the gradients."""
        (y, mean, log_var), back = self(x, noise)
        nll, back_nll = self.likelihood.nll(y, x)
        kl, back_kl = gaussian_kl(mean, log_var)

        def backward(dloss: float = 1.0) -> None:
            each = np.full(len(x), dloss / len(x), x.dtype)
            back(back_nll(each), *back_kl(self.beta * each))

        return (nll + self.beta * kl).mean(), backward

    def elbo(self, x: np.ndarray, noise: np.ndarray) -> np.ndarray:
        """log p(x | z) − KL(q(z | x) ‖ N(0, 1)) of each example, (N,): a lower bound of log p(x), whatever β."""
        (y, mean, log_var), _ = self(x, noise)
        return -self.likelihood.nll(y, x)[0] - gaussian_kl(mean, log_var)[0]

    def log_likelihood(self, x: np.ndarray, noise: np.ndarray) -> np.ndarray:
        """log (1/K) Σ_k p(x, z_k) / q(z_k | x), (N,), from noise (K, N, k): a bound that tightens as K grows.

        Source  Burda, Grosse & Salakhutdinov (2016), eq. 8.
        """
        weights = []
        for eps in noise:
            (y, mean, log_var), _ = self(x, eps)
            z = reparameterised(mean, log_var, eps)[0]
            log_ratio = 0.5 * row_sums(eps * eps + log_var - z * z)[:, 0]  # log p(z) − log q(z | x)
            weights.append(log_ratio - self.likelihood.nll(y, x)[0])
        top = np.max(weights, axis=0)
        return top + np.log(np.mean(np.exp(weights - top), axis=0))

    def encode(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(μ, log σ²) of q(z | x), each (N, k)."""
        return self._posterior(x)[:2]

    def decode(self, z: np.ndarray) -> np.ndarray:
        """The mean of x under p(x | z); for z drawn from N(0, 1), samples of the model."""
        return self.likelihood.mean(self.decoder(z)[0])

    def _posterior(self, x: np.ndarray) -> tuple:
        h, back = self.encoder(x)
        if h.ndim != 2 or h.shape[1] % 2:
            raise ValueError(f"{self.label()} takes an encoder with outputs (N, 2k), got {h.shape}")
        k = h.shape[1] // 2
        return h[:, :k], h[:, k:], back


def vae(
    sizes: Sequence[int],
    rng: np.random.Generator,
    likelihood: Bernoulli | Gaussian | None = None,
    beta: float = 1.0,
    activation: Callable[[np.ndarray], tuple] = relu,
    init: Initializer = he,
    dtype: Any = np.float32,
) -> VAE:
    """`vae([64, 128, 8], rng)`: an encoder 64 → 128 → [8, 8] and a decoder 8 → 128 → 64.

    Raises ValueError as mlp does.
    """
    *outer, latent = sizes
    encoder = mlp([*outer, 2 * latent], rng, activation, init, dtype)
    return VAE(encoder, mlp([latent, *outer[::-1]], rng, activation, init, dtype), likelihood, beta)
