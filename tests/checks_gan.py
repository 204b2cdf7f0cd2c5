"""What must hold of the game of two networks: its losses, the gradient penalty, the networks, the training."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose
from objectives import Objective

from chainrule.check import gradcheck
from chainrule.models.gan.networks import Conditional
from chainrule.models.gan.penalty import between, gradient_penalty
from chainrule.models.mlp import mlp

REAL, Z, MIX = normal(5, 3), normal(5, 2, seed=1), rng(2).random(5)
LABELS = np.array([1, 0, 3, 3, 2])
RULES = {"saturating": {}, "non-saturating": {"smoothing": 0.1}, "wasserstein": {"penalty": 3.0}}


def players(dtype: type = np.float64) -> tuple:
    return mlp([2, 5, 3], rng(), dtype=dtype), mlp([3, 6, 4, 1], rng(1), dtype=dtype)


def conditional_players() -> tuple:
    return tuple(
        Conditional(net, 4) for net in (mlp([6, 5, 3], rng(), dtype=float), mlp([7, 6, 1], rng(1), dtype=float))
    )


def adversarial_loss_gradients(m: ModuleType) -> None:
    real, fake = normal(6, 1), normal(6, 1, seed=1)
    gradcheck(m.discriminator_bce, real, fake, rng=rng(1), smoothing=0.2)
    gradcheck(m.critic_wasserstein, real, fake, rng=rng(1))
    for f in (m.generator_saturating, m.generator_non_saturating, m.generator_wasserstein):
        gradcheck(f, fake, rng=rng(1))


def adversarial_loss_values(m: ModuleType) -> None:
    l3 = math.log(3)
    real, fake = np.array([[l3], [0.0]]), np.array([[0.0], [2 * l3]])  # logits of ¾, ½ and ½, 0.9
    on_fakes = (math.log(2) + math.log(10)) / 2
    assert_allclose(m.discriminator_bce(real, fake)[0], (math.log(4 / 3) + math.log(2)) / 2 + on_fakes)
    smooth = (0.9 * math.log(4 / 3) + 0.1 * math.log(4) + math.log(2)) / 2
    assert_allclose(m.discriminator_bce(real, fake, smoothing=0.1)[0], smooth + on_fakes)
    assert_allclose(m.generator_saturating(fake)[0], -on_fakes)
    assert_allclose(m.generator_non_saturating(fake)[0], (math.log(2) + math.log(10 / 9)) / 2)
    assert_allclose(m.critic_wasserstein(real, fake)[0], l3 / 2)
    assert_allclose(m.generator_wasserstein(fake)[0], -l3)
    assert m.LOSSES["saturating"].generator is m.generator_saturating
    assert m.LOSSES["non-saturating"].generator is m.generator_non_saturating


def penalty_gradients(m: ModuleType) -> None:
    critic = mlp([3, 6, 4, 1], rng(1))
    penalty = Objective(critic, lambda f: m.gradient_penalty(f, REAL, weight=2.0), "gradient_penalty")
    gradcheck(penalty, rng=rng(1), tol=1e-7)
    frozen = mlp([3, 6, 1], rng(1), dtype=np.float64)
    gradcheck(lambda x: m.gradient_penalty(frozen, x), REAL, rng=rng(1))
    told = conditional_players()[1]
    gradcheck(Objective(told, lambda f: m.gradient_penalty(f, REAL, LABELS), "gradient_penalty"), rng=rng(1))


def penalty_values(m: ModuleType) -> None:
    critic = mlp([3, 1], rng(), dtype=np.float64)
    critic.layers[0].W = [[2], [-1], [2]]  # of slope 3 everywhere
    penalty, back = m.gradient_penalty(critic, REAL, weight=5.0)
    back()
    assert_allclose(penalty, 5 * (3 - 1) ** 2)
    assert_allclose(critic.grads["layers.0.W"], 5 * 2 * 2 * critic.layers[0].W / 3, rtol=1e-8)
    assert_allclose(critic.grads["layers.0.b"], 0, atol=1e-9)
    assert_allclose(m.between(REAL, 0 * REAL, MIX), MIX[:, None] * REAL)
    assert_allclose(m.between(0 * REAL, REAL, MIX), (1 - MIX)[:, None] * REAL)


def game_gradients(m: ModuleType) -> None:
    for kind, rules in RULES.items():
        G, D = players()
        mix = MIX if "penalty" in rules else None
        for_D = lambda D: m.GAN(G, D, kind, **rules).discriminator_loss(REAL, Z, mix=mix)  # noqa: E731
        gradcheck(Objective(D, for_D, "GAN"), rng=rng(1))
        for_G = lambda G: m.GAN(G, D, kind, **rules).generator_loss(Z)  # noqa: E731
        gradcheck(Objective(G, for_G, "GAN"), rng=rng(1))
    G, D = conditional_players()
    game = {"loss": "wasserstein", "penalty": 2.0}
    gradcheck(Objective(D, lambda D: m.GAN(G, D, **game).discriminator_loss(REAL, Z, LABELS, MIX)), rng=rng(1))
    gradcheck(Objective(G, lambda G: m.GAN(G, D, **game).generator_loss(Z, LABELS)), rng=rng(1))


def game_values(m: ModuleType) -> None:
    G, D = players()
    fake = G(Z)[0]
    f, g = D(REAL)[0], D(fake)[0]
    penalty = gradient_penalty(D, between(REAL, fake, MIX), weight=3.0)[0]
    critic = m.GAN(G, D, "wasserstein", penalty=3.0)
    assert_allclose(critic.discriminator_loss(REAL, Z, mix=MIX)[0], g.mean() - f.mean() + penalty)
    assert_allclose(critic.generator_loss(Z)[0], -g.mean())
    on_fakes = np.log1p(np.exp(g)).mean()
    assert_allclose(m.GAN(G, D).discriminator_loss(REAL, Z)[0], np.log1p(np.exp(-f)).mean() + on_fakes)
    assert_allclose(m.GAN(G, D).generator_loss(Z)[0], np.log1p(np.exp(-g)).mean())
    assert_allclose(m.GAN(G, D, "saturating").generator_loss(Z)[0], -on_fakes)
    assert_allclose(critic.sample(Z), fake)


def each_player_learns_alone(m: ModuleType) -> None:
    for kind, rules in RULES.items():
        game = m.GAN(*players(), kind, **rules)
        for step, learner, other in (
            (lambda: game.generator_loss(Z), game.generator, game.discriminator),
            (
                lambda: game.discriminator_loss(REAL, Z, mix=MIX if "penalty" in rules else None),
                game.discriminator,
                game.generator,
            ),
        ):
            game.zero_grad()
            other.flat()[1][:] = before = normal(other.size)
            step()[1]()
            assert np.array_equal(other.flat()[1], before) and learner.flat()[1].any()
            assert not any(layer._frozen for _, layer in game.walk())


def conditional_gradients(m: ModuleType) -> None:
    gradcheck(m.Conditional(mlp([7, 5, 2], rng()), 4), REAL, LABELS, rng=rng(1))


def conditional_adds_a_one_hot_label(m: ModuleType) -> None:
    identity = m.Conditional(lambda x: (x, lambda dy: dy), 4)
    one_hot = np.eye(4)[LABELS]
    assert_allclose(identity(REAL, LABELS)[0], np.concatenate([REAL, one_hot], 1))
    images = normal(5, 2, 3, 3)
    planes = np.broadcast_to(one_hot[:, :, None, None], (5, 4, 3, 3))
    assert_allclose(identity(images, LABELS)[0], np.concatenate([images, planes], 1))


def perceptrons_play(m: ModuleType) -> None:
    game = m.gan([2, 6, 3], [3, 5, 1], rng(), dtype=np.float64, loss="wasserstein", penalty=2.0)
    assert (game.kind, game.penalty) == ("wasserstein", 2.0)
    assert_allclose(game.discriminator[1](np.array([-1.0, 2]))[0], [-0.2, 2])
    assert_allclose(game.generator[1](np.array([-1.0, 2]))[0], [0, 2])
