"""Diagonal Gaussians, in the two places where a variational autoencoder needs them: a draw that can be
differentiated, and the divergence from the prior, which has a closed form.

Both take the mean and the logarithm of the variance, which may be any number.
"""

import numpy as np

from chainrule.arrays import row_sums


def reparameterised(mean: np.ndarray, log_var: np.ndarray, noise: np.ndarray) -> tuple:
    """z = μ + σ ε  with  σ = e^{½ log σ²}: for standard normal ε a draw from N(μ, σ²), smooth in μ and σ.

    mean, log_var and noise (N, k) → z (N, k).

    Backward  dμ = dz,  dlog σ² = ½ σ ε dz,  dε = σ dz.
    Source    Kingma & Welling (2014), section 2.4.
    """
    std = np.exp(0.5 * log_var)
    spread = std * noise

    def backward(dz: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return dz.copy(), 0.5 * spread * dz, std * dz

    return mean + spread, backward


def gaussian_kl(mean: np.ndarray, log_var: np.ndarray) -> tuple:
    """KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − 1 − log σ²), a number for each row.

    mean and log_var (N, k) → (N,).

    Backward  dμ = μ d,  dlog σ² = ½ (σ² − 1) d.
    Source    Kingma & Welling (2014), appendix B.
    """
    surplus = np.expm1(log_var)  # σ² − 1, exact near the prior

    def backward(d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return mean * d[:, None], 0.5 * surplus * d[:, None]

    return 0.5 * row_sums(mean * mean + surplus - log_var)[:, 0], backward
