import checks_gan as checks
import checks_gan_training
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.gan.convolutional
import chainrule.models.gan.game
import chainrule.models.gan.losses
import chainrule.models.gan.networks
import chainrule.models.gan.training
from chainrule.dense import Dense
from chainrule.models.gan import GAN, LOSSES, Conditional, conv_discriminator, conv_generator, gan, train_gan
from chainrule.optimizers import Adam, RMSprop
from chainrule.store import load, save

REAL, Z = normal(6, 3, dtype=np.float32), normal(6, 2, seed=1, dtype=np.float32)


@pytest.mark.parametrize(
    ("check", "module"),
    [
        (checks.adversarial_loss_gradients, chainrule.models.gan.losses),
        (checks.adversarial_loss_values, chainrule.models.gan.losses),
        (checks.game_gradients, chainrule.models.gan.game),
        (checks.game_values, chainrule.models.gan.game),
        (checks.each_player_learns_alone, chainrule.models.gan.game),
        (checks.conditional_gradients, chainrule.models.gan.networks),
        (checks.conditional_adds_a_one_hot_label, chainrule.models.gan.networks),
        (checks.perceptrons_play, chainrule.models.gan.networks),
        (checks_gan_training.convolutional_players, chainrule.models.gan.convolutional),
        (checks_gan_training.training_is_the_game_written_out, chainrule.models.gan.training),
    ],
)
def test_check(check, module):
    check(module)


def game(**rules) -> GAN:
    return gan([2, 5, 3], [3, 6, 1], rng(), **rules)


def play(players: GAN, steps: int = 3, data=REAL, **options) -> list:
    optimizers = Adam(players.discriminator, 0.01), Adam(players.generator, 0.01)
    return list(train_gan(players, data, *optimizers, latent=2, steps=steps, rng=rng(), batch_size=4, **options))


def test_saturated_generators_learn_only_from_the_other_loss():
    seen_through = np.full((3, 1), -30.0)
    slopes = [np.abs(LOSSES[kind].generator(seen_through)[1]()).max() for kind in ("saturating", "non-saturating")]
    assert slopes[0] < 1e-12 and slopes[1] == pytest.approx(1 / 3)


def test_at_the_best_discriminator_the_loss_is_the_jensen_shannon_distance():
    """D* = p / (p + q): the discriminator's loss is 2 log 2 − 2 JS(p, q); here p, q on four points."""
    p, q = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.4, 0.1, 0.1, 0.4])
    f = np.log(p / q)
    real, fake = (np.repeat(f, np.round(10 * w).astype(int))[:, None] for w in (p, q))
    middle = (p + q) / 2
    js = 0.5 * np.sum(p * np.log(p / middle)) + 0.5 * np.sum(q * np.log(q / middle))
    loss, back = LOSSES["non-saturating"].discriminator(real, fake)
    assert loss == pytest.approx(2 * np.log(2) - 2 * js)
    at_each = [sum(d[x[:, 0] == v].sum() for d, x in zip(back(), (real, fake))) for v in f]
    np.testing.assert_allclose(at_each, 0, atol=1e-15)


@pytest.mark.parametrize(
    "rules", [{}, {"loss": "wasserstein", "penalty": 1.0}, {"loss": "saturating", "smoothing": 0.1}]
)
def test_float32_stays_and_nothing_is_written(rules):
    players, mix = game(**rules), rng().random(6, np.float32) if "penalty" in rules else None
    for array in (REAL, Z):
        array.setflags(write=False)
    for loss, back in (players.discriminator_loss(REAL, Z, mix=mix), players.generator_loss(Z)):
        assert loss.dtype == np.float32 and back() is None
    assert players.sample(Z).dtype == np.float32


def test_clipping_keeps_the_critic_in_range_and_leaves_the_generator():
    players = game(loss="wasserstein", clip=0.01)
    optimizers = RMSprop(players.discriminator, 0.1), RMSprop(players.generator, 0.1)
    for _ in train_gan(players, REAL, *optimizers, latent=2, steps=5, rng=rng(), d_steps=2):
        assert np.abs(players.discriminator.flat()[0]).max() <= np.float32(0.01)
    assert np.abs(players.generator.flat()[0]).max() > 0.1


def test_each_game_runs_and_is_repeated_by_its_seed():
    for rules in ({}, {"loss": "saturating"}, {"loss": "wasserstein", "penalty": 10.0}, {"smoothing": 0.1}):
        first, second = play(game(**rules), d_steps=2), play(game(**rules), d_steps=2)
        assert first == second and [r.step for r in first] == [1, 2, 3]


def test_records_between_rounds_hold_the_means():
    each, some = play(game(), steps=5), play(game(), steps=5, every=2)
    assert [r.step for r in some] == [2, 4, 5]
    for record, rounds in zip(some, (each[:2], each[2:4], each[4:])):
        assert record.d_loss == pytest.approx(np.mean([r.d_loss for r in rounds]))
        assert record.g_loss == pytest.approx(np.mean([r.g_loss for r in rounds]))


def test_a_game_that_diverges_ends():
    players = game(loss="wasserstein")
    players.generator.layers[-1].b = np.full(3, 3e38)
    with np.errstate(all="ignore"):
        records = play(players, steps=50)
    assert records[-1].diverged and len(records) < 50


def test_conditional_convolutional_game_in_training_and_evaluation_mode(tmp_path):
    G, D = conv_generator(3 + 2, (1, 8, 8), 2, rng()), conv_discriminator((1 + 2, 8, 8), 2, rng(1))
    players = GAN(Conditional(G, 2), Conditional(D, 2))
    images, labels = rng().random((9, 1, 8, 8)).astype(np.float32), np.arange(9) % 2
    optimizers = Adam(players.discriminator), Adam(players.generator)
    list(train_gan(players, (images, labels), *optimizers, latent=3, steps=2, rng=rng(), batch_size=4))
    z = normal(5, 3, dtype=np.float32)
    fakes = players.sample(z, labels[:5])
    assert fakes.shape == (5, 1, 8, 8) and not players.training
    np.testing.assert_allclose(players.sample(z[:1], labels[:1]), fakes[:1], atol=1e-6)  # running statistics
    save(tmp_path / "gan.npz", players)
    players.flat()[0][:] = 0
    load(tmp_path / "gan.npz", players)
    np.testing.assert_array_equal(players.sample(z, labels[:5]), fakes)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: game(loss="hinge"), "GAN loss takes one of saturating, non-saturating, wasserstein, got 'hinge'"),
        (lambda: game(smoothing=1), r"GAN smoothing takes a number in \[0, 1\), got 1"),
        (lambda: game(loss="wasserstein", smoothing=0.1), "GAN smoothing takes 0 with the wasserstein loss"),
        (lambda: game(penalty=-1), "GAN penalty takes a finite number >= 0, got -1"),
        (lambda: game(clip=0), "GAN clip takes a finite number > 0, got 0"),
        (lambda: game().discriminator_loss(REAL, Z, mix=REAL[:, 0]), r"GAN with penalty 0 takes no mix \(N,\)"),
        (lambda: game(penalty=1).discriminator_loss(REAL, Z), r"GAN with penalty 1 takes a mix \(N,\)"),
        (lambda: game().discriminator_loss(REAL, Z[:2]), r"takes fakes shaped like the data \(6, 3\), got \(2, 3\)"),
        (lambda: play(game(), steps=0), "steps takes a positive integer, got 0"),
        (lambda: play(game(), every=0), "every takes a positive integer, got 0"),
        (lambda: play(game(), d_steps=0), "d_steps takes a positive integer, got 0"),
        (lambda: play(game(), data=(REAL, Z[:2])), r"train_gan takes x or \(x, labels\) of equal length"),
        (
            lambda: train_gan(game(), REAL, Adam(game()), Adam(game()), latent=2, steps=1, rng=rng()),
            "d_optimizer takes",
        ),
        (lambda: Conditional(Dense(3, 1, rng()), 0), "Conditional classes takes a positive integer, got 0"),
        (
            lambda: Conditional(Dense(5, 1, rng()), 2)(REAL, np.zeros(2, int)),
            r"takes integer labels \(6,\), got int64 \(2,\)",
        ),
        (lambda: Conditional(Dense(5, 1, rng()), 2)(REAL, np.arange(6)), "takes labels below 2, got 0 to 5"),
        (lambda: conv_generator(3, (1, 6, 8), 2, rng()), r"sides are multiples of 4, got \(1, 6, 8\)"),
        (lambda: conv_discriminator((8, 8), 2, rng()), r"conv_discriminator takes an image \(C, H, W\)"),
    ],
)
def test_wrong_input(act, message):
    with pytest.raises(ValueError, match=message):
        act()
