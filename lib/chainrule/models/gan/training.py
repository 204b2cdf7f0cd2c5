"""The game as a generator of records: the discriminator moves, then the generator, and whoever reads the records
decides whether there is another round.

How evenly the two learn decides what becomes of the game. The ratio of their rates is set by their optimizers, the
ratio of their steps by `d_steps`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import expect_generator, expect_positive_int
from chainrule.models.gan.game import GAN
from chainrule.optimizers import Optimizer


@dataclass(frozen=True)
class GANRecord:
    """What has been played: the number of rounds, each player's mean loss over the rounds since the last record (the
    discriminator's of its last step in each), and whether a loss was not finite, which ends the game."""

    step: int
    d_loss: float
    g_loss: float
    diverged: bool = False


def train_gan(
    game: GAN,
    data: np.ndarray | tuple[np.ndarray, np.ndarray],
    d_optimizer: Optimizer,
    g_optimizer: Optimizer,
    *,
    latent: int,
    steps: int,
    rng: np.random.Generator,
    batch_size: int = 128,
    d_steps: int = 1,
    every: int = 1,
) -> Iterator[GANRecord]:
    """Play `steps` rounds, each `d_steps` of the discriminator and one of the generator; the game is in evaluation
    mode at each record.

    data         x, or (x, labels) where the networks take labels; batches are drawn with replacement
    d_optimizer, g_optimizer   of game.discriminator and of game.generator
    latent       width of the noise, drawn from N(0, 1)
    every        rounds from one record to the next; the last round has one in any case

    Raises ValueError at once for arguments that make no sense.
    """
    arrays = data if isinstance(data, tuple) else (data,)
    if len(arrays) > 2 or len({len(a) for a in arrays}) != 1 or len(arrays[0]) == 0:
        raise ValueError(f"train_gan takes x or (x, labels) of equal length, got {[np.shape(a) for a in arrays]}")
    counts = {"latent": latent, "steps": steps, "batch_size": batch_size, "d_steps": d_steps, "every": every}
    for name, value in counts.items():
        expect_positive_int(name, value)
    expect_generator(rng)
    game.flat()
    for name, optimizer, player in (
        ("d_optimizer", d_optimizer, game.discriminator),
        ("g_optimizer", g_optimizer, game.generator),
    ):
        if not isinstance(optimizer, Optimizer) or optimizer.model is not player:
            raise ValueError(f"{name} takes an optimizer of the game's own network; this one moves something else")
    return _rounds(game, arrays, (d_optimizer, g_optimizer), latent, steps, rng, batch_size, d_steps, every)


def _rounds(
    game: GAN,
    arrays: tuple[np.ndarray, ...],
    optimizers: tuple[Optimizer, Optimizer],
    latent: int,
    steps: int,
    rng: np.random.Generator,
    size: int,
    d_steps: int,
    every: int,
) -> Iterator[GANRecord]:
    d_optimizer, g_optimizer = optimizers
    dtype = arrays[0].dtype

    def noise() -> np.ndarray:
        return rng.standard_normal((size, latent), dtype)

    since: list[tuple[float, float]] = []
    for step in range(1, steps + 1):
        if not since:
            game.train()
        for _ in range(d_steps):
            real, labels = _draw(arrays, size, rng)
            mix = rng.random(size, dtype) if game.penalty else None
            d_loss = _move(d_optimizer, game.discriminator_loss(real, noise(), labels, mix))
            if game.clip is not None:
                theta = game.discriminator.flat()[0]
                np.clip(theta, -game.clip, game.clip, out=theta)
        since.append((d_loss, _move(g_optimizer, game.generator_loss(noise(), labels))))
        diverged = not np.isfinite(since[-1]).all()
        if diverged or step % every == 0 or step == steps:
            game.evaluate()
            d_mean, g_mean = np.mean(since, axis=0).tolist()
            yield GANRecord(step, d_mean, g_mean, diverged)
            since = []
        if diverged:
            return


def _draw(arrays: tuple[np.ndarray, ...], size: int, rng: np.random.Generator) -> tuple:
    """A batch of examples, and their labels or None."""
    rows = rng.integers(0, len(arrays[0]), size)
    return arrays[0][rows], arrays[1][rows] if len(arrays) > 1 else None


def _move(optimizer: Optimizer, loss: tuple) -> float:
    """One player's step; nothing moves where the loss is not finite."""
    value, back = loss
    if math.isfinite(value):
        optimizer.model.zero_grad()
        back()
        optimizer.step()
    return float(value)
