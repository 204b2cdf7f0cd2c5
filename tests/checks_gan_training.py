"""What must hold of the training of two players, and of the ones that play with images."""

from types import ModuleType

import numpy as np
from checks_gan import LABELS, REAL, conditional_players, players
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck
from chainrule.models.gan.game import GAN
from chainrule.optimizers import SGD


def convolutional_players(m: ModuleType) -> None:
    G, D = m.conv_generator(3, (2, 8, 4), 2, rng()), m.conv_discriminator((2, 8, 4), 2, rng(1))
    z, x = normal(3, 3), rng().random((3, 2, 8, 4))
    gradcheck(G, z, rng=rng(1))
    gradcheck(D, x, rng=rng(1))
    y = G.astype(np.float64)(z)[0]
    assert y.shape == x.shape and y.min() > 0 and y.max() < 1
    assert D.astype(np.float64)(x)[0].shape == (3, 1)
    assert_allclose(m.as_images(np.arange(8.0).reshape(2, 4), (1, 2, 2))[0][1, 0], [[4, 5], [6, 7]])
    D = D.astype(np.float64)
    assert_allclose(np.concatenate([D(row[None])[0] for row in x]), D(x)[0])  # rows do not see each other


def training_is_the_game_written_out(m: ModuleType) -> None:
    for labels in (None, LABELS):
        ours, theirs = (
            GAN(*(players() if labels is None else conditional_players()), "wasserstein", clip=0.05) for _ in range(2)
        )
        optimizers = [[SGD(game.discriminator, 0.1), SGD(game.generator, 0.2)] for game in (ours, theirs)]
        data = REAL if labels is None else (REAL, labels)
        options = {"latent": 2, "steps": 2, "batch_size": 4, "d_steps": 3, "rng": rng(9)}
        records = list(m.train_gan(ours, data, *optimizers[0], **options))
        draw, losses = rng(9), []
        for _ in range(2):
            for _ in range(3):
                picked = draw.integers(0, 5, 4)
                told = None if labels is None else labels[picked]
                losses.append(
                    move(theirs.discriminator_loss(REAL[picked], draw.standard_normal((4, 2)), told), optimizers[1][0])
                )
                theta = theirs.discriminator.flat()[0]
                theta[:] = np.clip(theta, -0.05, 0.05)
            losses.append(move(theirs.generator_loss(draw.standard_normal((4, 2)), told), optimizers[1][1]))
        assert [r.step for r in records] == [1, 2] and not any(r.diverged for r in records)
        assert_allclose([(r.d_loss, r.g_loss) for r in records], [losses[2:4], losses[6:8]])
        assert_allclose(ours.flat()[0], theirs.flat()[0])


def move(loss: tuple, optimizer: SGD) -> float:
    optimizer.model.zero_grad()
    loss[1]()
    optimizer.step()
    return float(loss[0])
