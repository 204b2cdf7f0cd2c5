import checks_gan as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.gan.penalty
from chainrule.activations import tanh
from chainrule.models.gan import gradient_penalty
from chainrule.models.gan.convolutional import conv_discriminator
from chainrule.models.gan.penalty import between
from chainrule.models.mlp import mlp

X = normal(5, 3)


@pytest.mark.parametrize("check", [checks.penalty_gradients, checks.penalty_values])
def test_check(check):
    check(chainrule.models.gan.penalty)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_it_equals_the_second_derivative_written_out(scale):
    """For f = w · tanh(x V):  g = V (w (1 − tanh²)), and every derivative of ‖g‖ is at hand."""
    critic = mlp([3, 4, 1], rng(), tanh, dtype=np.float64)
    V, c, w = critic.params["layers.0.W"], critic.params["layers.0.b"], critic.params["layers.2.W"][:, 0]
    x = scale * X
    V /= max(scale, 1)
    gradient_penalty(critic, x, weight=3.0)[1]()
    h = np.tanh(x @ V + c)
    slope = w * (1 - h * h)
    g = slope @ V.T
    norm = np.linalg.norm(g, axis=1, keepdims=True)
    dg = 2 * 3.0 * (norm - 1) / norm * g / len(x)
    dslope = dg @ V
    dz = dslope * w * -2 * h * (1 - h * h)
    expected = {
        "layers.0.W": dg.T @ slope + x.T @ dz,
        "layers.0.b": dz.sum(0),
        "layers.2.W": (dslope * (1 - h * h)).sum(0)[:, None],
        "layers.2.b": np.zeros(1),
    }
    for name, there in expected.items():
        size = max(1.0, np.abs(there).max())
        np.testing.assert_allclose(critic.grads[name], there, rtol=0, atol=2e-8 * size, err_msg=name)


def test_float32_is_good_to_four_digits():
    exact, critic = (mlp([3, 16, 16, 1], rng(), dtype=dtype) for dtype in (np.float64, np.float32))
    gradient_penalty(exact, X)[1]()
    penalty, back = gradient_penalty(critic, X.astype(np.float32))
    assert penalty.dtype == back().dtype == np.float32
    there = exact.flat()[1]
    assert np.linalg.norm(critic.flat()[1] - there) < 5e-4 * np.linalg.norm(there)


def test_measuring_leaves_gradients_alone_and_frozen_critics_stay_so():
    critic = mlp([3, 4, 1], rng(), dtype=np.float64)
    critic.flat()[1][:] = before = normal(critic.size)
    penalty, back = gradient_penalty(critic, X)
    assert np.array_equal(critic.flat()[1], before)
    with critic.frozen():
        back()
    assert np.array_equal(critic.flat()[1], before)
    back()
    assert not np.array_equal(critic.flat()[1], before)


def test_it_scales_with_its_weight_and_with_dloss():
    critic = mlp([3, 4, 1], rng(), dtype=np.float64)
    (one, back_one), (five, back_five) = (gradient_penalty(critic, X, weight=w) for w in (1.0, 5.0))
    assert five == pytest.approx(5 * one)
    np.testing.assert_allclose(back_one(5.0), back_five(), rtol=1e-9)


def test_images_and_flat_places():
    critic = conv_discriminator((1, 8, 8), 2, rng(), dtype=np.float64)
    assert gradient_penalty(critic, normal(3, 1, 8, 8))[1]().shape == (3, 1, 8, 8)
    critic.flat()[0][:] = 0  # slope 0 everywhere: a direction of length 0
    penalty, back = gradient_penalty(critic, normal(3, 1, 8, 8), weight=2.0)
    assert penalty == 2 and np.isfinite(back()).all() and np.isfinite(critic.flat()[1]).all()


def test_wrong_input():
    with pytest.raises(ValueError, match=r"takes a critic with outputs \(5, 1\), got \(5, 2\)"):
        gradient_penalty(mlp([3, 2], rng(), dtype=np.float64), X)
    with pytest.raises(ValueError, match="gradient_penalty weight takes a finite number >= 0, got -1"):
        gradient_penalty(mlp([3, 1], rng(), dtype=np.float64), X, weight=-1)
    with pytest.raises(ValueError, match=r"between takes alike x and a mix \(N,\), got \(5, 3\), \(5, 3\) and \(4,\)"):
        between(X, X, np.zeros(4))
