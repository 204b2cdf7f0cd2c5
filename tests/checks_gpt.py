"""What must hold of GPT and ViT, as functions of the module (see checks.py)."""

from types import ModuleType

import numpy as np
from checks_transformer import IDS, varied
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.attention import Cache
from chainrule.check import gradcheck


def gpt_gradients(m: ModuleType) -> None:
    for options in (
        {},
        {"tied": True},
        {"positions": "rotary", "dropout": 0.2},
        {"positions": "alibi", "norm_first": False},
    ):
        gradcheck(varied(m.GPT(7, 5, 8, 2, 2, rng(), **options)), IDS, rng=rng(1), tol=1e-5)


def gpt_caches(m: ModuleType) -> None:
    """Any cut of the sequence, at every position, for all kinds of positions."""
    ids = rng(2).integers(0, 7, (2, 9))
    for positions in ("learnt", "sinusoidal", "rotary", "alibi", None):
        model = varied(m.GPT(7, 12, 8, 2, 2, rng(), positions=positions))
        whole = model(ids)[0]
        for cuts in ((1, 2, 3, 4, 5, 6, 7, 8), (4,), (3, 4, 7)):
            cache = Cache()
            parts = [model(part, cache=cache)[0] for part in np.split(ids, cuts, axis=1)]
            assert_allclose(np.concatenate(parts, axis=1), whole, rtol=1e-9, atol=1e-11)


def gpt_generates(m: ModuleType) -> None:
    model = varied(m.GPT(7, 12, 8, 2, 2, rng()))
    greedy = model.generate(IDS, 8, rng(), temperature=0)
    for t in range(4, 12):
        assert np.array_equal(greedy[:, t], model(greedy[:, :t])[0][:, -1].argmax(-1))
    assert np.array_equal(greedy[:, :4], IDS) and greedy.shape == (2, 12)
    assert np.array_equal(model.generate(IDS, 8, rng(5), top_k=1), greedy)
    assert np.array_equal(model.generate(IDS, 8, rng(5), top_p=1e-9), greedy)
    assert not np.array_equal(model.generate(IDS, 8, rng(5), temperature=9.0), greedy)


def vit_values(m: ModuleType) -> None:
    x = normal(3, 2, 4, 6)[..., :4]
    for pool in ("class", "mean"):
        model = varied(m.ViT(4, 2, 3, 6, 2, 1, rng(), channels=2, pool=pool))
        cut = np.stack([x[:, :, i : i + 2, j : j + 2].reshape(3, 8) for i in (0, 2) for j in (0, 2)], axis=1)
        h = cut @ model.embed.W + model.embed.b
        if pool == "class":
            h = np.concatenate([np.tile(model.token, (3, 1, 1)), h], axis=1)
        h = model.encoder(h + model.positions.P)[0]
        pooled = h[:, 0] if pool == "class" else h.mean(1)
        assert_allclose(model(x)[0], pooled @ model.head.W + model.head.b)
        assert model.weights(x)[0].shape == (3, 2, *[4 + (pool == "class")] * 2)


def vit_gradients(m: ModuleType) -> None:
    for pool in ("class", "mean"):
        gradcheck(varied(m.ViT(4, 2, 3, 6, 2, 1, rng(), pool=pool)), normal(2, 1, 4, 4), rng=rng(1), tol=1e-5)
