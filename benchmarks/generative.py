"""One training step of a variational autoencoder on digits, and one round of a game of two networks in the plane."""

from functools import partial
from itertools import pairwise

import numpy as np

from benchmarks.harness import Contestants
from benchmarks.workload import Step, Workload, torch_variants
from chainrule.data import digits, eight_gaussians
from chainrule.models.gan import gan
from chainrule.models.vae import vae
from chainrule.optimizers import Adam

BATCH, LATENT = 128, 8
ENCODER, DECODER = (64, 128, 2 * LATENT), (LATENT, 128, 64)
PLAYERS = {"generator": (2, 64, 64, 2), "discriminator": (2, 64, 64, 1)}


def workloads() -> list[Workload]:
    """The two of them."""
    pixels = digits().x_train[:BATCH]
    points = eight_gaussians(BATCH, np.random.default_rng(0))[0]
    vae_flops = 6 * BATCH * (products(ENCODER) + products(DECODER))
    g, d = products(PLAYERS["generator"]), products(PLAYERS["discriminator"])
    # D's step: fakes forward, twice the batch three ways through D; G's: both forward, D's dx, G's dx and dW
    gan_flops = 2 * BATCH * (g + 6 * d) + 2 * BATCH * (3 * g + 2 * d)
    return [
        Workload("f  VAE 64-128-(8)-128-64, batch 128", 2.6, vae_flops, partial(vae_contestants, pixels)),
        Workload("f  GAN 2-D, 64 hidden, batch 128, both steps", 2.0, gan_flops, partial(gan_contestants, points)),
    ]


def products(sizes: tuple[int, ...]) -> int:
    """Multiplications of one example's way through a perceptron."""
    return sum(a * b for a, b in pairwise(sizes))


def vae_contestants(x: np.ndarray) -> Contestants:
    return {"chainrule": vae_step(x)} | torch_variants(partial(torch_vae_step, x))


def gan_contestants(x: np.ndarray) -> Contestants:
    return {"chainrule": gan_step(x)} | torch_variants(partial(torch_gan_step, x))


def vae_step(x: np.ndarray) -> Step:
    """The step as a chapter writes it."""
    rng = np.random.default_rng(0)
    model = vae([64, 128, LATENT], rng)
    optimizer = Adam(model)

    def step() -> float:
        loss, back = model.loss(x, rng.standard_normal((BATCH, LATENT), np.float32))
        model.zero_grad()
        back()
        optimizer.step()
        return float(loss)

    return step


def torch_vae_step(x: np.ndarray, fused: bool) -> Step:
    import torch
    import torch.nn.functional as F
    from torch import nn

    encoder = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 2 * LATENT))
    decoder = nn.Sequential(nn.Linear(LATENT, 128), nn.ReLU(), nn.Linear(128, 64))
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], 1e-3, fused=fused or None)
    pixels = torch.from_numpy(x)

    def step() -> float:
        optimizer.zero_grad()
        mean, log_var = encoder(pixels).chunk(2, 1)
        logits = decoder(mean + torch.exp(0.5 * log_var) * torch.randn_like(mean))
        nll = F.binary_cross_entropy_with_logits(logits, pixels, reduction="sum")
        loss = (nll + 0.5 * (mean * mean + log_var.exp() - 1 - log_var).sum()) / BATCH
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def gan_step(x: np.ndarray) -> Step:
    """One round as `train_gan` plays it."""
    rng = np.random.default_rng(0)
    game = gan(**PLAYERS, rng=rng)
    players = {"D": Adam(game.discriminator, betas=(0.5, 0.999)), "G": Adam(game.generator, betas=(0.5, 0.999))}

    def step() -> float:
        for name, optimizer in players.items():
            z = rng.standard_normal((BATCH, 2), np.float32)
            loss, back = game.discriminator_loss(x, z) if name == "D" else game.generator_loss(z)
            optimizer.model.zero_grad()
            back()
            optimizer.step()
        return float(loss)

    return step


def torch_gan_step(x: np.ndarray, fused: bool) -> Step:
    import torch
    import torch.nn.functional as F
    from torch import nn

    def net(sizes: tuple[int, ...], activation: nn.Module) -> nn.Sequential:
        return nn.Sequential(*[part for a, b in pairwise(sizes) for part in (nn.Linear(a, b), activation)][:-1])

    G, D = net(PLAYERS["generator"], nn.ReLU()), net(PLAYERS["discriminator"], nn.LeakyReLU(0.2))
    d_optimizer, g_optimizer = (
        torch.optim.Adam(player.parameters(), 1e-3, betas=(0.5, 0.999), fused=fused or None) for player in (D, G)
    )
    real = torch.from_numpy(x)

    def step() -> float:
        with torch.no_grad():
            fake = G(torch.randn(BATCH, 2))
        d_optimizer.zero_grad()
        f = D(torch.cat([real, fake]))
        (F.softplus(-f[:BATCH]).mean() + F.softplus(f[BATCH:]).mean()).backward()
        d_optimizer.step()
        D.requires_grad_(False)
        g_optimizer.zero_grad()
        loss = F.softplus(-D(G(torch.randn(BATCH, 2)))).mean()
        loss.backward()
        g_optimizer.step()
        D.requires_grad_(True)
        return loss.item()

    return step


WORKLOADS = workloads()
