"""The variational autoencoder: the Gaussian parts in closed form, the decoder's likelihoods, and the model."""

from chainrule.models.vae.gaussian import gaussian_kl, reparameterised
from chainrule.models.vae.likelihoods import Bernoulli, Gaussian
from chainrule.models.vae.model import VAE, vae

__all__ = ["VAE", "Bernoulli", "Gaussian", "gaussian_kl", "reparameterised", "vae"]
