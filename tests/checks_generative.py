"""What must hold of the autoencoders, of contrastive learning, of word vectors and of the loop that trains them."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose
from objectives import Objective

from chainrule.activations import tanh
from chainrule.check import gradcheck
from chainrule.dense import Dense
from chainrule.losses import bce, mse
from chainrule.models.mlp import mlp
from chainrule.optimizers import SGD

X, EPS = rng(2).random((5, 6)), normal(5, 2, seed=3)
A, B = normal(4, 3), normal(4, 3, seed=1)


def autoencoder_gradients(m: ModuleType) -> None:
    model = m.autoencoder([6, 4, 2], rng(), tanh)
    gradcheck(model, X, rng=rng(1))
    gradcheck(Objective(model, lambda model: model.loss(X, 1 - X)), rng=rng(1))
    gradcheck(Objective(model, lambda model: model.loss(X, criterion=bce)), rng=rng(1))


def autoencoder_values(m: ModuleType) -> None:
    model = m.autoencoder([6, 4, 2], rng(), tanh, dtype=np.float64)
    y, z = model(X)[0], model.encode(X)
    assert z.shape == (5, 2) and y.shape == X.shape
    assert_allclose(model.decode(z), y)
    assert_allclose(model.loss(X)[0], mse(y, X)[0])
    assert_allclose(model.loss(X, 1 - X)[0], mse(y, 1 - X)[0])
    assert_allclose(model.errors(X), ((y - X) ** 2).mean(1))


def corruption_does_what_it_says(m: ModuleType) -> None:
    x = np.full((300, 200), 2, np.float32)
    noisy, masked = m.with_gaussian_noise(x, 0.5, rng()), m.with_masking_noise(x, 0.25, rng())
    assert noisy.dtype == masked.dtype == np.float32 and (x == 2).all()
    assert_allclose([noisy.mean(), noisy.std()], [2, 0.5], rtol=0.01)
    assert set(np.unique(masked)) == {0, 2}
    assert_allclose((masked == 0).mean(), 0.25, atol=0.01)


def minimise_is_the_loop_written_out(m: ModuleType) -> None:
    def model() -> Dense:
        return Dense(3, 1, rng(), dtype=np.float64)

    x, t = normal(7, 3), normal(7, 1, seed=1)
    ours, theirs, order = model(), model(), rng(5)
    losses = [r.loss for r in m.minimise(objective(ours), (x, t), SGD(ours, 0.1), epochs=2, rng=rng(5), batch_size=3)]
    theirs.flat()
    for epoch in range(2):
        places, total = order.permutation(7), 0.0
        for part in (places[:3], places[3:6], places[6:]):
            loss, back = objective(theirs)(x[part], t[part])
            theirs.zero_grad()
            back()
            theirs.flat()[0][:] -= 0.1 * theirs.flat()[1]
            total += loss * len(part)
        assert_allclose(losses[epoch], total / 7)
    assert_allclose(ours.W, theirs.W)
    assert_allclose(ours.b, theirs.b)


def objective(model: Dense):
    def loss(x: np.ndarray, t: np.ndarray) -> tuple:
        y, back = model(x)
        value, back_loss = mse(y, t)
        return value, lambda: back(back_loss())

    return loss


def contrastive_gradients(m: ModuleType) -> None:
    gradcheck(m.normalised, 3 * A, rng=rng(1))
    gradcheck(m.cosines, A, normal(5, 3, seed=2), rng=rng(1))
    for f in (m.info_nce, m.symmetric_info_nce):
        gradcheck(f, A, B, rng=rng(1), temperature=0.3)
    towers = m.TwoTowers(mlp([3, 4], rng()), mlp([2, 4], rng(1)))
    gradcheck(towers, A, normal(4, 2), rng=rng(1))
    gradcheck(Objective(towers, lambda towers: towers.loss(A, normal(4, 2))), rng=rng(1))


def contrastive_values(m: ModuleType) -> None:
    a, b = np.array([[2.0, 0], [0, 3]]), np.array([[5.0, 0], [3, 4]])  # cosines [[1, .6], [0, .8]]
    rows = math.log(1 + math.exp(-0.8)) + math.log(1 + math.exp(-1.6))
    columns = math.log(1 + math.exp(-2)) + math.log(1 + math.exp(-0.4))
    assert_allclose(m.cosines(a, b)[0], [[1, 0.6], [0, 0.8]], atol=1e-15)
    assert_allclose(m.info_nce(a, b, 0.5)[0], rows / 2)
    assert_allclose(m.symmetric_info_nce(a, b, 0.5)[0], (rows + columns) / 4)
    towers = m.TwoTowers(lambda x: (x, None), lambda x: (x, None), temperature=0.5).astype(np.float64)
    assert_allclose(towers.loss(a, b)[0], (rows + columns) / 4)
    assert_allclose(m.info_nce(np.ones((6, 3)), np.ones((6, 3)))[0], math.log(6))


def skip_gram_gradients(m: ModuleType) -> None:
    model = m.SkipGram(9, 4, rng())
    model.contexts.W = normal(9, 4)
    centre, contexts = np.array([1, 2, 3, 1]), rng(1).integers(0, 9, (4, 5))
    gradcheck(model, centre, contexts, rng=rng(1))
    gradcheck(Objective(model, lambda model: model.loss(centre, contexts[:, 0], contexts[:, 1:])), rng=rng(1))


def skip_gram_rests_at_the_pointwise_mutual_information(m: ModuleType) -> None:
    """Levy & Goldberg (2014): the loss is least where v · u = log p(w, c) / p(w) p(c) − log K."""
    counts = rng().integers(1, 6, (4, 4))
    contexts = np.repeat(np.arange(4), counts.sum(0))  # every context as often as it occurs: K = Σ counts of them
    centre, context = (np.repeat(ids.ravel(), counts.ravel()) for ids in np.indices(counts.shape))
    model = m.SkipGram(4, 4, rng(), dtype=np.float64)
    model.centres.W = np.log(counts / (counts.sum(1, keepdims=True) * counts.sum(0)))
    model.contexts.W = np.eye(4)
    model.loss(centre, context, np.tile(contexts, (len(centre), 1)))[1]()
    assert_allclose(model.grads["centres.W"], 0, atol=1e-12)
    assert_allclose(model.grads["contexts.W"], 0, atol=1e-12)


def word_statistics(m: ModuleType) -> None:
    assert_allclose(m.noise_distribution([16, 1, 0, 81]), np.array([8, 1, 0, 27]) / 36)
    drawn = m.draw_negatives(np.array([0, 5, 2, 3]), (200, 100), rng())
    assert drawn.shape == (200, 100)
    assert_allclose(np.bincount(drawn.ravel(), minlength=4) / 20000, [0, 0.5, 0.2, 0.3], atol=0.01)
    centres, contexts = m.skip_grams(np.arange(50), 3, rng(7))
    reach = rng(7).integers(1, 4, 50)
    wanted = {(i, j) for i in range(50) for j in range(50) if 0 < abs(i - j) <= reach[i]}
    assert len(centres) == len(wanted) and set(zip(centres.tolist(), contexts.tolist())) == wanted


def word_arithmetic(m: ModuleType) -> None:
    model = m.SkipGram(6, 3, rng(), dtype=np.float64)
    model.centres.W = [[1, 0, 0], [1, 1, 0], [0, 0, 7], [0, 3, 3], [9, 1, 0], [-1, 0, 0]]
    assert model.neighbours(0, 3).tolist() == [4, 1, 2] and len(model.neighbours(0, 99)) == 5
    assert model.analogy(0, 1, 2).tolist() == model.analogy(0, 4, 2).tolist() == [3]
