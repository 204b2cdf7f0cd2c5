import checks_generative as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng

import chainrule.models.autoencoder
from chainrule.activations import relu, sigmoid
from chainrule.combine import Sequential
from chainrule.convolution import Conv2d, ConvTranspose2d
from chainrule.dense import Dense
from chainrule.models.autoencoder import Autoencoder, autoencoder, with_gaussian_noise, with_masking_noise
from chainrule.optimizers import Adam
from chainrule.train import minimise


@pytest.mark.parametrize(
    "check", [checks.autoencoder_gradients, checks.autoencoder_values, checks.corruption_does_what_it_says]
)
def test_check(check):
    check(chainrule.models.autoencoder)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract(dtype):
    expect_contract(autoencoder([6, 4, 2], rng()), (1, 6), dtype)


def test_a_linear_autoencoder_spans_the_principal_components_but_not_their_axes():
    x = normal(200, 5) @ normal(5, 5, seed=1)
    x -= x.mean(0)
    _, singular, directions = np.linalg.svd(x, full_matrices=False)
    model = Autoencoder(*(Dense(a, b, rng(2), bias=False, dtype=np.float64) for a, b in ((5, 2), (2, 5))))
    *_, last = minimise(lambda x: model.loss(x), x, Adam(model, 0.02), epochs=1500, rng=rng())
    assert last.loss == pytest.approx((singular[2:] ** 2).sum() / x.size, rel=1e-3)
    W, V = model.params["decoder.W"], directions[:2]
    onto = W.T @ np.linalg.pinv(W.T)
    np.testing.assert_allclose(onto, V.T @ V, atol=0.02)
    assert np.abs(W / np.linalg.norm(W, axis=1, keepdims=True) @ V.T).max(1).min() < 0.99


def test_images_go_through_convolutions():
    encoder = Sequential(Conv2d(1, 3, 3, rng(), stride=2), relu)
    model = Autoencoder(encoder, Sequential(ConvTranspose2d(3, 1, 4, rng(), stride=2, padding=1), sigmoid))
    images = rng().random((5, 1, 8, 8)).astype(np.float32)
    assert model(images)[0].shape == images.shape and model.errors(images).shape == (5,)


def test_errors_are_large_where_nothing_was_learnt():
    x = np.outer(normal(300, dtype=np.float32), [1, 1, 1, 1]).astype(np.float32)
    model = autoencoder([4, 8, 1], rng())
    list(minimise(lambda x: model.loss(x), x, Adam(model, 0.01), epochs=200, rng=rng(), batch_size=100))
    usual, strange = model.errors(x), model.errors(np.array([[1, -1, 1, -1]], np.float32))
    assert strange[0] > 10 * usual.mean()


def test_wrong_input():
    with pytest.raises(ValueError, match=r"takes a decoder that gives \(2, 6\) back, got \(2, 5\)"):
        Autoencoder(Dense(6, 3, rng()), Dense(3, 5, rng()))(np.zeros((2, 6), np.float32))
    with pytest.raises(ValueError, match=r"std takes a finite number >= 0, got -1"):
        with_gaussian_noise(np.zeros(3), -1, rng())
    with pytest.raises(ValueError, match=r"fraction takes a number in \[0, 1\], got 2"):
        with_masking_noise(np.zeros(3), 2, rng())
    for corrupt in (with_gaussian_noise, with_masking_noise):
        with pytest.raises(ValueError, match="rng takes"):
            corrupt(np.zeros(3), 0.5, 0)
    with pytest.raises(ValueError, match="mlp takes at least"):
        autoencoder([4], rng())
