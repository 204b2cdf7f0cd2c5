"""What must hold of each module of interpret, as functions of the module: see checks.py.

Every expected attribution is a closed form: of linear and quadratic scores, or a sum written out in loops.
"""

from types import ModuleType

import numpy as np
from helpers import Noise, normal, rng
from numpy.testing import assert_allclose

from chainrule.activations import tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense

X, START = normal(5, 3), normal(3, seed=1)
CLASSES = np.array([0, 2, 1, 1, 3])
A = normal(4, 3, 3, seed=2)
A = A + A.transpose(0, 2, 1)
B = normal(4, 3, seed=3)
IMAGES = normal(3, 2, 5, 6, seed=4)
WEIGHTS = normal(2, 5, 6, 4, seed=5)


def quadratic(x: np.ndarray) -> tuple:
    """Scores ½ xᵀ A_c x + b_c x of four classes."""
    y = 0.5 * np.einsum("ni,cij,nj->nc", x, A, x) + x @ B.T
    return y, lambda dy: np.einsum("nc,cij,nj->ni", dy, A, x) + dy @ B


def cubic(x: np.ndarray) -> tuple:
    return (x**3).sum(1), lambda dy: 3 * x**2 * dy[:, None]


def weighing(images: np.ndarray) -> tuple:
    """Four scores, each a weighted sum of all pixels."""
    y = np.tensordot(images, WEIGHTS, 3)
    return y, lambda dy: np.tensordot(dy, WEIGHTS, (1, 3))


def gradients_in_closed_form(m: ModuleType) -> None:
    gradients = m.input_gradients(quadratic, X, CLASSES)
    assert_allclose(gradients, np.einsum("nij,nj->ni", A[CLASSES], X) + B[CLASSES], rtol=1e-12)


def integrals_in_closed_form(m: ModuleType) -> None:
    for steps in (1, 3, 200, 300):  # exact for a quadratic score, however the path is cut into batches
        for start in (0.5, START, normal(5, 3, seed=6)):
            mean = np.einsum("nij,nj->ni", A[CLASSES], (X + start) / 2) + B[CLASSES]
            found = m.integrated_gradients(quadratic, X, CLASSES, start, steps)
            assert_allclose(found, (X - start) * mean, rtol=1e-10, atol=1e-12)
    linear = Dense(3, 4, rng(), dtype=np.float64)
    assert_allclose(m.integrated_gradients(linear, X, CLASSES), X * linear.W.T[CLASSES], rtol=1e-12)


def attributions_are_complete(m: ModuleType) -> None:
    model = Sequential(Dense(3, 16, rng(), dtype=np.float64), tanh, Dense(16, 4, rng(1), dtype=np.float64))
    score = [model(x)[0][np.arange(5), CLASSES] for x in (X, np.broadcast_to(START, X.shape))]
    found = m.integrated_gradients(model, X, CLASSES, START, steps=200)
    assert_allclose(found.sum(1), score[0] - score[1], atol=1e-4)


def more_steps_come_closer(m: ModuleType) -> None:
    """For Σ x³ the error of the middles is −x³ / 4 n² exactly."""
    for steps in (1, 2, 10, 40):
        error = m.integrated_gradients(cubic, X, steps=steps) - X**3
        assert_allclose(error, -(X**3) / (4 * steps**2), rtol=1e-8, atol=1e-14)


def the_predicted_class_is_that_of_the_input(m: ModuleType) -> None:
    """Between baseline and x the prediction may change; the question does not."""
    assert_allclose(
        m.integrated_gradients(quadratic, X, None, START),
        m.integrated_gradients(quadratic, X, quadratic(X)[0].argmax(1), START),
    )


def covering_in_loops(m: ModuleType) -> None:
    for size, stride, fill in ((2, 1, 0.0), (3, 2, 0.7), (3, 3, IMAGES.mean(0)), (5, 1, normal(2, 1, 1))):
        cover = np.broadcast_to(fill, IMAGES.shape)
        classes = np.array([3, 0, 2])
        falls, covered = np.zeros((3, 5, 6)), np.zeros((3, 5, 6))
        tops, lefts = ([*range(0, n - size, stride), n - size] for n in (5, 6))
        for top in tops:
            for left in lefts:
                place = np.s_[:, top : top + size, left : left + size]
                for n, c in enumerate(classes):
                    fall = np.sum((WEIGHTS[..., c] * (IMAGES - cover)[n])[place])
                    falls[n][place[1:]] += fall
                    covered[n][place[1:]] += 1
        found = m.occlusion(weighing, IMAGES, size, classes, stride, fill)
        assert_allclose(found, falls / covered, rtol=1e-8, atol=1e-12)


def maps_in_closed_form(m: ModuleType) -> None:
    """With a mean over places and a dense layer on top, α_k = W_kc / hw: Zhou et al.'s map (2016), above zero."""
    mixing = normal(7, 2, seed=7)
    head = Dense(7, 4, rng(), dtype=np.float64)

    def to_maps(x: np.ndarray) -> tuple:
        return np.einsum("kc,nchw->nkhw", mixing, x), lambda dy: np.einsum("kc,nkhw->nchw", mixing, dy)

    def mean_of_maps(x: np.ndarray) -> tuple:
        return x.mean((2, 3)), lambda dy: np.broadcast_to(dy[:, :, None, None] / 30, x.shape)

    classes = np.array([3, 0, 2])
    evidence = np.einsum("nk,nkhw->nhw", head.W.T[classes], to_maps(IMAGES)[0]) / 30
    assert evidence.min() < 0 < evidence.max()
    found = m.grad_cam(Sequential(to_maps, mean_of_maps, head), IMAGES, 1, classes)
    assert_allclose(found, np.maximum(evidence, 0), rtol=1e-10)


def models_are_left_as_they_were(m: ModuleType) -> None:
    noise, inner = Noise(), Dense(3, 4, rng(), dtype=np.float64)
    model = Sequential(noise, inner).train()
    inner.evaluate()
    model.zero_grad()
    try:
        with m.undisturbed(model):
            assert not noise.training and not inner.training
            y, back = model(X)
            assert_allclose(y, inner(X)[0])
            back(y)
            raise KeyError
    except KeyError:
        pass
    assert noise.training and model.training and not inner.training and not model.flat()[1].any()
    y, back = inner(X)
    back(y)
    assert inner.dW.any()
    with m.undisturbed(quadratic):
        pass


def scores_by_hand(m: ModuleType) -> None:
    y = np.array([[1.0, 3, 2], [0, -1, -2]])
    assert m.chosen_classes(y, None).tolist() == [1, 0] and m.chosen_classes(y, 2).tolist() == [2, 2]
    assert m.chosen_classes(y, np.array([0, 2])).tolist() == [0, 2]
    assert m.scores(y, np.array([0, 2])).tolist() == [1, -2]
    for single in (np.array([1.0, -1]), np.array([[1.0], [-1]])):
        assert m.scores(single, m.chosen_classes(single, None)).tolist() == [1, -1]
    assert_allclose(m.score_gradients(quadratic, X, 1), np.einsum("ij,nj->ni", A[1], X) + B[1])
    for items, rows in ((1, 1), (50, 1), (50, 9), (50, 999), (999, 1)):
        parts = m.chunks(np.arange(items), rows)
        assert np.concatenate(parts).tolist() == list(range(items))
        assert min(map(len, parts)) > 0 and max(map(len, parts)) * rows < max(2 * m.ROWS, rows + 1)
        assert len(parts) == 1 or min(map(len, parts)) * rows > m.ROWS / 2 or rows > m.ROWS
