"""Two networks at play beside PyTorch: every loss, its gradients for both, and the penalty differentiated twice."""

from functools import partial

import numpy as np
from helpers import normal, rng
from objectives import Objective

from chainrule.activations import softplus, tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.layer import Layer
from chainrule.models.gan import GAN, LOSSES, Conditional, gradient_penalty
from chainrule.models.mlp import mlp
from peers import F, Peer, torch
from peers.generative import layers, perceptron, tensors

REAL, Z = normal(5, 3, seed=3), normal(5, 2, seed=4)
LABELS, MIX = np.array([1, 0, 3, 3, 2]), rng(5).random(5)
ONE_HOT = np.eye(4)[LABELS]

GAME = {  # (f(real), f(fake)) → the discriminator's loss; f(fake) → the generator's
    "saturating": (
        lambda f, g: F.softplus(-f).mean() + F.softplus(g).mean(),
        lambda g: torch.log(1 - torch.sigmoid(g)).mean(),
    ),
    "non-saturating": (lambda f, g: F.softplus(-f).mean() + F.softplus(g).mean(), lambda g: F.softplus(-g).mean()),
    "wasserstein": (lambda f, g: g.mean() - f.mean(), lambda g: -g.mean()),
}


def smooth_bce(f, g) -> object:
    bce = F.binary_cross_entropy_with_logits
    return bce(f, torch.full_like(f, 0.9)) + bce(g, torch.zeros_like(g))


def torch_penalty(critic, x, weight: float) -> object:
    """By differentiating twice."""
    if not x.requires_grad:
        x = x.clone().requires_grad_()
    (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return weight * ((g.reshape(len(g), -1).norm(dim=1) - 1) ** 2).mean()


def smooth_critic(n_in: int = 3) -> Sequential:
    return Sequential(Dense(n_in, 6, rng()), softplus, Dense(6, 5, rng(1)), tanh, Dense(5, 1, rng(2)))


def torch_smooth_critic(pairs: list[tuple], x) -> object:
    (W1, b1), (W2, b2), (W3, b3) = pairs
    return torch.tanh(F.softplus(x @ W1 + b1) @ W2 + b2) @ W3 + b3


def penalty_peer() -> Peer:
    def theirs(**p) -> object:
        nothing = sum(0 * array.sum() for array in p.values())  # the last bias has a gradient too: zero
        return nothing + torch_penalty(partial(torch_smooth_critic, layers(p, "model")), *tensors(REAL), 10.0)

    return Peer(
        "gradient_penalty",
        lambda: (Objective(smooth_critic(), lambda critic: gradient_penalty(critic, REAL)), (), {}),
        theirs,
    )


def wgan_peer(labels: np.ndarray | None) -> Peer:
    """The whole loss of a critic with a penalty, its generator fixed."""
    n = 0 if labels is None else 4
    G: Layer = mlp([2 + n, 5, 3], rng(), dtype=np.float64)
    told = torch.from_numpy(ONE_HOT) if torch and n else None

    def loss(critic: Layer) -> tuple:
        return GAN(Conditional(G, 4) if n else G, critic, "wasserstein", penalty=2.0).discriminator_loss(
            REAL, Z, labels, MIX
        )

    def ours() -> tuple:
        critic: Layer = smooth_critic(3 + n)
        return Objective(Conditional(critic, 4) if n else critic, loss), (), {}

    def theirs(**p) -> object:
        fake = torch.from_numpy(G(np.concatenate([Z, ONE_HOT], 1) if n else Z)[0])
        real, mix = torch.from_numpy(REAL), torch.from_numpy(MIX)[:, None]
        f = lambda x: torch_smooth_critic(layers(p, "model"), torch.cat([x, told], 1) if n else x)  # noqa: E731
        return f(fake).mean() - f(real).mean() + torch_penalty(f, mix * real + (1 - mix) * fake, 2.0)

    return Peer("GAN", ours, theirs)


def generator_peer(kind: str) -> Peer:
    D = mlp([3, 6, 1], rng(1), dtype=np.float64)

    def theirs(**p) -> object:
        pairs = [tensors(D.layers[i].W, D.layers[i].b) for i in (0, 2)]
        fake = perceptron(torch.from_numpy(Z), layers(p, "model"), torch.tanh)
        return GAME[kind][1](perceptron(fake, pairs, torch.tanh))

    return Peer(
        "GAN",
        lambda: (Objective(mlp([2, 5, 3], rng()), lambda G: GAN(G, D, kind).generator_loss(Z)), (), {}),
        theirs,
    )


F5, G5 = normal(5, 1, seed=8), normal(5, 1, seed=9)
TWO = lambda f: lambda: (f, (F5, G5), {})  # noqa: E731
PEERS = {
    **{f"D, {kind}": Peer("LOSSES", TWO(LOSSES[kind].discriminator), GAME[kind][0]) for kind in GAME},
    "D, smoothing": Peer("LOSSES", TWO(partial(LOSSES["saturating"].discriminator, smoothing=0.1)), smooth_bce),
    **{
        f"G, {kind}": Peer("LOSSES", partial(lambda f: (f, (G5,), {}), LOSSES[kind].generator), GAME[kind][1])
        for kind in GAME
    },
    **{f"GAN, {kind}": generator_peer(kind) for kind in GAME},
    "gradient_penalty": penalty_peer(),
    "WGAN-GP": wgan_peer(None),
    "WGAN-GP, conditional": wgan_peer(LABELS),
}


def random_penalty(draw: np.random.Generator) -> Peer:
    n, d = draw.integers(1, 7), draw.integers(1, 6)
    x, weight = draw.standard_normal((n, d)), float(draw.uniform(0.1, 20))

    def theirs(**p) -> object:
        nothing = sum(0 * array.sum() for array in p.values())
        return nothing + torch_penalty(partial(torch_smooth_critic, layers(p, "model")), *tensors(x), weight)

    return Peer(
        "gradient_penalty",
        lambda: (Objective(smooth_critic(int(d)), lambda f: gradient_penalty(f, x, weight=weight)), (), {}),
        theirs,
    )


RANDOM = [random_penalty]
