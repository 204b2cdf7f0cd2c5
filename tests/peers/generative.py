"""Generative models and their losses beside PyTorch."""

import numpy as np
from helpers import normal, rng
from objectives import Objective

from chainrule.activations import tanh
from chainrule.dense import Dense
from chainrule.models.contrastive import TwoTowers, info_nce, symmetric_info_nce
from chainrule.models.diffusion import Denoiser, Diffusion, FlowMatching, linear_schedule
from chainrule.models.vae import Bernoulli, Gaussian, gaussian_kl, vae
from chainrule.models.word2vec import SkipGram
from peers import F, Peer, torch

X, EPS, REAL, Z = rng(2).random((5, 6)), normal(5, 2), normal(5, 3, seed=3), normal(5, 2, seed=4)
T, LABELS = np.array([1, 7, 4, 10, 2]), np.array([1, 0, 3, 3, 2])
SCHEDULE = linear_schedule(10)


def tensors(*arrays: np.ndarray) -> tuple:
    return tuple(map(torch.from_numpy, arrays))


def layers(parameters: dict, prefix: str) -> list[tuple]:
    """[(W, b), …] of the dense layers whose names begin so."""
    names = [name.removesuffix("_W") for name in parameters if name.startswith(prefix) and name.endswith("_W")]
    return [(parameters[name + "_W"], parameters[name + "_b"]) for name in names]


def perceptron(x, pairs: list[tuple], curve) -> object:
    for i, (W, b) in enumerate(pairs):
        x = (curve(x) if i else x) @ W + b
    return x


def torch_vae_loss(likelihood, beta: float, x, eps, parameters: dict) -> tuple:
    mean, log_var = perceptron(x, layers(parameters, "model_encoder"), torch.tanh).chunk(2, 1)
    std = torch.exp(log_var / 2)
    q, p = torch.distributions.Normal(mean, std), torch.distributions.Normal(0.0, 1.0)
    y = perceptron(mean + std * eps, layers(parameters, "model_decoder"), torch.tanh)
    if isinstance(likelihood, Gaussian):
        nll = -torch.distributions.Normal(y, likelihood.std).log_prob(x).sum(1)
    else:
        nll = F.binary_cross_entropy_with_logits(y, x, reduction="none").sum(1)
    return (nll + beta * torch.distributions.kl_divergence(q, p).sum(1)).mean()


def vae_peer(likelihood: Bernoulli | Gaussian, beta: float, x: np.ndarray = X, eps: np.ndarray = EPS) -> Peer:
    def ours() -> tuple:
        model = vae([x.shape[1], 7, eps.shape[1]], rng(), likelihood, beta, activation=tanh)
        return Objective(model, lambda model: model.loss(x, eps)), (), {}

    return Peer("VAE", ours, lambda **p: torch_vae_loss(likelihood, beta, *tensors(x, eps), p))


def torch_kl(mean, log_var) -> object:
    q = torch.distributions.Normal(mean, torch.exp(log_var / 2))
    return torch.distributions.kl_divergence(q, torch.distributions.Normal(torch.zeros(()), torch.ones(()))).sum(1)


def torch_info_nce(a, b, temperature: float = 0.1) -> object:
    logits = F.cosine_similarity(a[:, None], b[None], dim=2) / temperature
    return F.cross_entropy(logits, torch.arange(len(a)))


def torch_towers(x, y, s, f_W, f_b, g_W, g_b) -> object:
    return torch.exp(s) * F.normalize(x @ f_W + f_b) @ F.normalize(y @ g_W + g_b).T


def towers_loss(**p) -> object:
    x, y = tensors(REAL, Z)
    logits = torch_towers(x, y, **{name.removeprefix("model_"): value for name, value in p.items()})
    partner = torch.arange(5)
    return (F.cross_entropy(logits, partner) + F.cross_entropy(logits.T, partner)) / 2


def denoised(x, p: dict, name: str) -> object:
    """What a Denoiser of one block, with labels or without, makes of x at the times T."""
    angles = torch.from_numpy(T)[:, None] * 10_000 ** (-torch.arange(0, 4, 2) / 4)
    waves = torch.stack([torch.sin(angles), torch.cos(angles)], 2).reshape(5, 4).to(x.dtype)
    p = {key.removeprefix(f"model_{name}_"): value for key, value in p.items()}
    h = x @ p["read_W"] + p["read_b"] + perceptron(waves, layers(p, "clock"), F.silu)
    if "embedding_W" in p:
        h = h + p["embedding_W"][LABELS]
    *block, last = layers(p, "net")
    h = h + perceptron(F.silu(h), block, F.silu)
    return F.silu(h) @ last[0] + last[1]


def diffusion_loss(**p) -> object:
    x0, eps, bars = tensors(REAL, normal(5, 3, seed=6), SCHEDULE.alpha_bars[T][:, None])
    return F.mse_loss(denoised(torch.sqrt(bars) * x0 + torch.sqrt(1 - bars) * eps, p, "denoiser"), eps)


def diffusion() -> tuple:
    model = Diffusion(Denoiser(3, 10, rng(), hidden=5, blocks=1, waves=4, classes=4, dtype=np.float64), SCHEDULE)
    return Objective(model, lambda model: model.loss(REAL, T, normal(5, 3, seed=6), LABELS)), (), {}


def flow_loss(**p) -> object:
    x0, eps, s = tensors(REAL, normal(5, 3, seed=6), (T / 10)[:, None])
    return F.mse_loss(denoised((1 - s) * x0 + s * eps, p, "network"), eps - x0)


def flow() -> tuple:
    model = FlowMatching(Denoiser(3, 10, rng(), hidden=5, blocks=1, waves=4, dtype=np.float64), 10)
    return Objective(model, lambda model: model.loss(REAL, T, normal(5, 3, seed=6))), (), {}


CENTRE, CONTEXT, NEGATIVES = LABELS, LABELS[::-1].copy(), rng(7).integers(0, 6, (5, 3))


def skip_gram_loss(model_centres_W, model_contexts_W) -> object:
    v, u = model_centres_W[CENTRE], model_contexts_W[CONTEXT]
    noise = (model_contexts_W[NEGATIVES] @ v[:, :, None])[:, :, 0]
    return -(F.logsigmoid((u * v).sum(1)) + F.logsigmoid(-noise).sum(1)).mean()


def skip_gram() -> tuple:
    return Objective(SkipGram(6, 4, rng()), lambda model: model.loss(CENTRE, CONTEXT, NEGATIVES)), (), {}


PEERS = {
    "VAE, Bernoulli": vae_peer(Bernoulli(), 1.0),
    "VAE, Gaussian, beta": vae_peer(Gaussian(0.4), 0.3),
    "gaussian_kl": Peer("gaussian_kl", lambda: (gaussian_kl, (normal(4, 3), normal(4, 3, seed=1)), {}), torch_kl),
    "info_nce": Peer("info_nce", lambda: (info_nce, (normal(4, 3), normal(4, 3, seed=1)), {}), torch_info_nce),
    "symmetric_info_nce": Peer(
        "symmetric_info_nce",
        lambda: (symmetric_info_nce, (normal(4, 3), normal(4, 3, seed=1)), {}),
        lambda a, b: (torch_info_nce(a, b) + torch_info_nce(b, a)) / 2,
    ),
    "TwoTowers": Peer(
        "TwoTowers", lambda: (TwoTowers(Dense(3, 4, rng()), Dense(2, 4, rng())), (REAL, Z), {}), torch_towers
    ),
    "TwoTowers, loss": Peer(
        "TwoTowers",
        lambda: (Objective(TwoTowers(Dense(3, 4, rng()), Dense(2, 4, rng())), lambda m: m.loss(REAL, Z)), (), {}),
        towers_loss,
    ),
    "Diffusion": Peer("Diffusion", diffusion, diffusion_loss),
    "FlowMatching": Peer("FlowMatching", flow, flow_loss),
    "SkipGram": Peer("SkipGram", skip_gram, skip_gram_loss),
}


def random_vae(draw: np.random.Generator) -> Peer:
    n, d, k = draw.integers(1, 6), draw.integers(1, 9), draw.integers(1, 5)
    likelihood = Gaussian(float(draw.uniform(0.1, 2))) if draw.random() < 0.5 else Bernoulli()
    return vae_peer(likelihood, float(draw.uniform(0, 3)), draw.random((n, d)), draw.standard_normal((n, k)))


def random_info_nce(draw: np.random.Generator) -> Peer:
    a, b = draw.standard_normal((2, draw.integers(1, 9), draw.integers(1, 6)))
    temperature = float(draw.uniform(0.05, 2))
    return Peer(
        "info_nce",
        lambda: (info_nce, (a, b), {"temperature": temperature}),
        lambda a, b: torch_info_nce(a, b, temperature),
    )


RANDOM = [random_vae, random_info_nce]
