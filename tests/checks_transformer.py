"""What must hold of the transformer, as functions of the module (see checks.py)."""

from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.activations import relu
from chainrule.attention import MultiHeadAttention, sinusoidal
from chainrule.check import gradcheck
from chainrule.dense import Dense
from chainrule.layer import Layer
from chainrule.normalization import LayerNorm, RMSNorm

X, MEMORY = normal(2, 4, 6), normal(2, 3, 6, seed=1)
IDS = np.array([[3, 1, 4, 1], [2, 2, 5, 0]])
KEYS = np.array([[True, True, False], [True, True, True]])


def varied(model: Layer) -> Layer:
    """The model in float64 with every parameter drawn anew: tables start small, where norms are strongly curved."""
    model = model.astype(np.float64)
    for i, array in enumerate(model.params.values()):
        array[...] = 0.5 * rng(i).standard_normal(array.shape)
    return model


def sublayer_values(m: ModuleType) -> None:
    f, norm = Dense(6, 6, rng(), dtype=np.float64), LayerNorm(6, dtype=np.float64)
    norm.gamma, norm.beta = normal(6, seed=2), normal(6, seed=3)
    first, last = (m.Sublayer(f, norm, where, 0.0, rng()) for where in (True, False))
    assert_allclose(first(X)[0], X + f(norm(X)[0])[0])
    assert_allclose(last(X)[0], norm(X + f(X)[0])[0])
    dropped = m.Sublayer(f, norm, True, 0.5, rng())
    branch = dropped(X)[0] - X
    gone = np.abs(branch) < 1e-12
    assert 0.2 < gone.mean() < 0.8 and np.allclose(branch[~gone], 2 * f(norm(X)[0])[0][~gone])
    assert_allclose(dropped.evaluate()(X)[0], first(X)[0])


def sublayer_gradients(m: ModuleType) -> None:
    for where in (True, False):
        for dropout in (0.0, 0.4):
            norm = LayerNorm(6)
            gradcheck(m.Sublayer(Dense(6, 6, rng()), norm, where, dropout, rng()), X, rng=rng(1))
            cross = m.Sublayer(MultiHeadAttention(6, 2, rng()), norm, where, dropout, rng())
            gradcheck(cross, X, MEMORY, rng=rng(1), mask=KEYS)


def encoder_values(m: ModuleType) -> None:
    for options in ({}, {"norm_first": False, "activation": relu, "hidden": 5}, {"norm": RMSNorm, "causal": True}):
        layer = varied(m.EncoderLayer(6, 2, rng(), **options))
        h = layer.attention(X)[0]
        assert_allclose(layer(X)[0], layer.network(h)[0])
        assert layer.network.f[0].W.shape == (6, options.get("hidden", 24))
        stack = varied(m.Encoder(6, 2, 2, rng(), **options))
        y = stack.layers[1](stack.layers[0](X)[0])[0]
        assert hasattr(stack, "norm") == options.get("norm_first", True)
        assert_allclose(stack(X)[0], stack.norm(y)[0] if hasattr(stack, "norm") else y)
        one, two = (layer.attention for layer in stack.layers)
        inner = [
            (part.norm(x)[0] if hasattr(stack, "norm") else x) for part, x in ((one, X), (two, stack.layers[0](X)[0]))
        ]
        for weights, part, x in zip(stack.weights(X), (one, two), inner):
            assert_allclose(weights, part.f.weights(x))


def encoder_gradients(m: ModuleType) -> None:
    keys = np.array([[True] * 4, [True, True, False, False]])
    for options in ({}, {"norm_first": False, "dropout": 0.3}, {"causal": True, "positions": "alibi"}):
        gradcheck(varied(m.EncoderLayer(6, 2, rng(), **options)), X, rng=rng(1), mask=keys)
        gradcheck(varied(m.Encoder(6, 2, 2, rng(), **options)), X, rng=rng(1), tol=1e-5)


def decoder_values(m: ModuleType) -> None:
    for where in (True, False):
        layer = varied(m.DecoderLayer(6, 2, rng(), norm_first=where))
        h = layer.cross(layer.attention(X)[0], MEMORY, mask=KEYS)[0]
        assert_allclose(layer(X, MEMORY, memory_mask=KEYS)[0], layer.network(h)[0])
        assert layer.attention.f.causal and not layer.cross.f.causal
        stack = varied(m.Decoder(6, 2, 2, rng(), norm_first=where))
        y = stack.layers[0](X, MEMORY, memory_mask=KEYS)[0]
        y = stack.layers[1](y, MEMORY, memory_mask=KEYS)[0]
        assert_allclose(stack(X, MEMORY, memory_mask=KEYS)[0], stack.norm(y)[0] if where else y)


def decoder_gradients(m: ModuleType) -> None:
    for options in ({}, {"norm_first": False, "dropout": 0.3}, {"positions": "alibi"}):
        gradcheck(varied(m.DecoderLayer(6, 2, rng(), **options)), X, MEMORY, rng=rng(1), memory_mask=KEYS)
        gradcheck(varied(m.Decoder(6, 2, 2, rng(), **options)), X, MEMORY, rng=rng(1), tol=1e-5)


def tokens_values(m: ModuleType) -> None:
    layer = varied(m.TokenEmbedding(7, 6, rng(), "sinusoidal", padding=0))
    table = np.where(np.arange(7)[:, None] == 0, 0, layer.tokens.W)
    assert_allclose(layer(IDS, 2)[0], table[IDS] + sinusoidal(6, 6, dtype=np.float64)[2:])
    layer = varied(m.TokenEmbedding(7, 6, rng(), "learnt", context=9))
    assert_allclose(layer(IDS, 3)[0], layer.tokens.W[IDS] + layer.learnt.P[3:7])
    for kind in ("rotary", "alibi", None):
        layer = varied(m.TokenEmbedding(7, 6, rng(), kind))
        assert_allclose(layer(IDS, 3)[0], layer.tokens.W[IDS])
        assert layer.in_attention == kind
    assert m.TokenEmbedding(7, 6, rng(), "sinusoidal").in_attention is None


def tokens_gradients(m: ModuleType) -> None:
    for options in ({}, {"positions": "learnt", "context": 5, "dropout": 0.4}, {"positions": None, "padding": 2}):
        gradcheck(m.TokenEmbedding(7, 6, rng(), **options), IDS, rng=rng(1))


def transformer_gradients(m: ModuleType) -> None:
    for options in (
        {},
        {"positions": "learnt", "context": 4, "dropout": 0.2},
        {"positions": "rotary", "norm_first": False},
    ):
        model = varied(m.Transformer(7, 6, 8, 2, 1, rng(), **options))
        gradcheck(model, IDS, IDS[:, :3], rng=rng(1), tol=1e-5)


def transformer_generates_greedily(m: ModuleType) -> None:
    """With a cache and many at once, as without and one by one, `end` and padding where they belong."""
    for positions in ("sinusoidal", "rotary", "alibi", None):
        model = m.Transformer(7, 7, 8, 2, 2, rng(1), positions=positions, dtype=np.float64)
        source = rng(3).integers(1, 7, (6, 5)) * (np.arange(5) < [[5], [3], [1], [4], [2], [5]])
        slow = np.zeros((6, 9), int)
        for n in range(6):
            ids = [1]
            while len(ids) <= 9 and ids[-1] != 2:
                length = int((source[n] != 0).sum())
                logits = model(source[n : n + 1, :length], np.array([ids]))[0]
                ids.append(int(logits[0, -1].argmax()))
            slow[n, : len(ids) - 1] = ids[1:]
        found = model.generate(source, start=1, end=2, length=9)
        assert np.array_equal(found, slow[:, : found.shape[1]]) and not slow[:, found.shape[1] :].any()
