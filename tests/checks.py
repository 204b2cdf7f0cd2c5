"""What must hold of each module of the core, as functions of the module: the unit tests call them with the real one,
test_planted_bugs with one in which a token was changed.
"""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.activations import tanh
from chainrule.check import gradcheck
from chainrule.dense import Dense

X = normal(5, 3)
ENTRYWISE = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "gelu", "gelu_tanh", "silu")


def dense_gradients(m: ModuleType) -> None:
    for bias in (True, False):
        gradcheck(m.Dense(3, 4, rng(), bias=bias), X, rng=rng(1))


def dense_values(m: ModuleType) -> None:
    layer = m.Dense(2, 3, rng(), dtype=np.float64)
    layer.W, layer.b = [[1, 2, 3], [4, 5, 6]], [10, 20, 30]
    assert_allclose(layer(np.array([[1.0, 2], [0, 1]]))[0], [[19, 32, 45], [14, 25, 36]])


def low_rank_gradients(m: ModuleType) -> None:
    gradcheck(m.LowRank(3, 4, 2, rng()), X, rng=rng(1))


def low_rank_is_a_product(m: ModuleType) -> None:
    layer = m.LowRank(3, 4, 2, rng(), dtype=np.float64)
    layer.b = normal(4)
    assert_allclose(layer(X)[0], X @ (layer.A @ layer.B) + layer.b)


def _lora(m: ModuleType) -> tuple:
    base = m.Dense(3, 4, rng(), dtype=np.float64)
    base.b = normal(4)
    return base, m.LoRA(base, 2, rng(1), alpha=3.0)


def lora_gradients(m: ModuleType) -> None:
    layer = _lora(m)[1]
    layer.B = normal(2, 4)
    gradcheck(layer, X, rng=rng(1))


def lora_starts_at_its_base_and_merges(m: ModuleType) -> None:
    base, layer = _lora(m)
    assert_allclose(layer(X)[0], base(X)[0], rtol=0, atol=0)
    layer.B = normal(2, 4)
    assert_allclose(layer(X)[0], base(X)[0] + 1.5 * X @ layer.A @ layer.B)
    assert_allclose(layer.merged()(X)[0], layer(X)[0])


def combined_gradients(m: ModuleType) -> None:
    a, b, c = Dense(3, 3, rng(0)), Dense(3, 3, rng(1)), Dense(3, 2, rng(2))
    for layer in (m.Sequential(a, tanh, c), m.Residual(a), m.Parallel(a, b, tanh), m.Concat(a, c, tanh)):
        gradcheck(layer, X, rng=rng(1))


def combined_values(m: ModuleType) -> None:
    (f, g), x = (lambda x: (2 * x, None), lambda x: (x * x, None)), np.array([[1.0, 3.0]])
    assert m.Sequential(f, g)(x)[0].tolist() == [[4, 36]]
    assert m.Residual(g)(x)[0].tolist() == [[2, 12]]
    assert m.Parallel(f, g, g)(x)[0].tolist() == [[4, 24]]
    assert m.Concat(f, g)(x)[0].tolist() == [[2, 6, 1, 9]]


def activation_gradients(m: ModuleType) -> None:
    for name in (*ENTRYWISE, "softmax", "log_softmax"):
        gradcheck(getattr(m, name), 2 * X, rng=rng(1))


def activation_values(m: ModuleType) -> None:
    e, x = math.e, np.array([-1.0, 0.0, 1.0])
    phi = 0.5 * (1 + math.erf(1 / math.sqrt(2)))
    s = 1 / (1 + 1 / e)
    t = math.tanh(math.sqrt(2 / math.pi) * 1.044715)
    expected = {
        "sigmoid": [1 - s, 0.5, s],
        "tanh": [-math.tanh(1), 0, math.tanh(1)],
        "relu": [0, 0, 1],
        "leaky_relu": [-0.01, 0, 1],
        "elu": [1 / e - 1, 0, 1],
        "softplus": [math.log(1 + 1 / e), math.log(2), math.log(1 + e)],
        "gelu": [phi - 1, 0, phi],
        "gelu_tanh": [-(1 - t) / 2, 0, (1 + t) / 2],
        "silu": [s - 1, 0, s],
        "softmax": np.exp(x) / (1 / e + 1 + e),
        "log_softmax": x - math.log(1 / e + 1 + e),
    }
    for name, y in expected.items():
        assert_allclose(getattr(m, name)(x)[0], y, rtol=1e-12, atol=1e-15, err_msg=name)
    assert_allclose(m.leaky_relu(x, slope=0.5)[0], [-0.5, 0, 1])
    assert_allclose(m.elu(x, alpha=2)[0], [2 / e - 2, 0, 1])


def loss_gradients(m: ModuleType) -> None:
    t, p = normal(5, 3, seed=1), np.exp(X) / np.exp(X).sum(1, keepdims=True)
    for f in (m.mse, m.mae, m.huber):
        gradcheck(f, 3 * X, t, rng=rng(1))
    gradcheck(m.bce, X, p, rng=rng(1))
    gradcheck(m.kl, 2 * X, p, rng=rng(1))
    for target in (np.array([0, 2, 1, 1, 0]), p):
        gradcheck(m.cross_entropy, X, target, rng=rng(1))
        gradcheck(lambda z, target=target: m.cross_entropy(z, target, smoothing=0.3), 20 * X, rng=rng(1))
        weights = np.array([1.0, 0, 2, 0.5, 0])
        gradcheck(lambda z, target=target, w=weights: m.cross_entropy(z, target, weights=w), X, rng=rng(1))


def loss_values(m: ModuleType) -> None:
    y, t = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.5, 0.0], [3.0, 0.0]])  # errors −½, 2, 0, −1
    assert_allclose(m.mse(y, t)[0], 5.25 / 4)
    assert_allclose(m.mae(y, t)[0], 3.5 / 4)
    assert_allclose(m.huber(y, t)[0], (0.125 + 1.5 + 0 + 0.5) / 4)
    assert_allclose(m.huber(y, t, delta=0.5)[0], (0.125 + 0.875 + 0 + 0.375) / 4)
    l3 = math.log(3)
    quarter, rest = math.log(4), math.log(4 / 3)  # −log of ¼ and of ¾, which the logits ∓ log 3 stand for
    assert_allclose(m.bce(np.array([l3, -l3]), np.array([1, 0.25]))[0], (rest + 0.25 * quarter + 0.75 * rest) / 2)
    z = np.log([[1.0, 2.0, 5.0], [4.0, 2.0, 2.0]])  # softmax: eighths
    assert_allclose(m.cross_entropy(z, np.array([2, 1]))[0], (math.log(8 / 5) + math.log(4)) / 2)
    assert_allclose(m.cross_entropy(z, np.array([[0, 0, 1], [0, 0.5, 0.5]]))[0], (math.log(8 / 5) + math.log(4)) / 2)
    smooth = (0.8 * math.log(8 / 5) + 0.1 * math.log(8) + 0.1 * math.log(4) + 0.8 * math.log(4) + 0.1 * math.log(8)) / 2
    assert_allclose(m.cross_entropy(z, np.array([2, 1]), smoothing=0.3)[0], smooth)
    weighted = (3 * math.log(8 / 5) + math.log(4)) / 4
    assert_allclose(m.cross_entropy(z, np.array([2, 1]), weights=np.array([3, 1]))[0], weighted)
    assert_allclose(m.kl(z, np.array([[0, 0, 1], [0.5, 0.5, 0]]))[0], (math.log(8 / 5) + 0.5 * math.log(2)) / 2)
