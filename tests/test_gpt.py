import checks_gpt as checks
import numpy as np
import pytest
from helpers import rng

import chainrule.models.gpt
from chainrule.attention import Cache
from chainrule.losses import cross_entropy
from chainrule.models.gpt import GPT
from chainrule.optimizers import Adam
from chainrule.train import DataParallel

IDS = np.array([[3, 1, 4, 1], [2, 2, 5, 0]])
POSITIONS = ["learnt", "sinusoidal", "rotary", "alibi", None]


@pytest.mark.parametrize("check", [checks.gpt_gradients, checks.gpt_caches, checks.gpt_generates])
def test_check(check):
    check(chainrule.models.gpt)


@pytest.mark.parametrize("positions", POSITIONS)
def test_the_future_leaks_nothing(positions):
    model = GPT(7, 6, 8, 2, 2, rng(), positions=positions, dtype=np.float64)
    other = IDS.copy()
    other[:, 2:] = 6
    dlogits = rng(1).standard_normal((2, 4, 7))
    dlogits[:, 2:] = 0
    found = []
    for ids in (IDS, other):
        model.zero_grad()
        logits, back = model(ids)
        assert back(dlogits) is None
        found.append((logits[:, :2], model.flat()[1].copy()))
        assert all(not np.triu(weights, 1).any() for weights in model.weights(ids))
    for a, b in zip(*found):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_a_tied_table_counts_once_and_learns_from_both_uses():
    tied, free = (GPT(7, 6, 8, 2, 1, rng(), tied=tied) for tied in (True, False))
    assert free.size - tied.size == 7 * 8 and "head.W" not in tied.params
    assert tied.flat()[0].size == tied.size
    logits, back = tied(IDS[:, :1])
    tied.zero_grad()
    back(np.ones_like(logits))
    assert tied.tokens.tokens.dW.any(axis=1).all()  # also tokens that were only predicted


@pytest.mark.parametrize("tied", [True, False])
def test_two_workers_find_the_gradient_of_one(tied):
    model, ids = GPT(7, 8, 8, 2, 2, rng(), tied=tied, dtype=np.float64), rng(1).integers(0, 7, (5, 9))
    found = []
    for workers in (1, 2):
        value = DataParallel(model, cross_entropy, workers)(ids[:, :-1], ids[:, 1:])
        found.append((value, model.flat()[1].copy()))
    for one, two in zip(*found):
        np.testing.assert_allclose(one, two, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_outputs_are_new(dtype):
    model = GPT(7, 6, 8, 2, 1, rng(), positions="sinusoidal", dtype=dtype)
    first, back = model(IDS)
    keep = first.copy()
    model(IDS[::-1])
    assert first.dtype == dtype and np.array_equal(first, keep)
    back(first)
    assert all(g.dtype == dtype for g in model.grads.values())


def test_it_learns_a_rule_by_heart():
    """Counting up by one, modulo 7, from anywhere."""
    model = GPT(7, 8, 16, 2, 1, rng())
    optimizer, r = Adam(model, 1e-2), rng(1)
    for _ in range(120):
        ids = (r.integers(0, 7, (16, 1)) + np.arange(9)) % 7
        logits, back = model(ids[:, :-1])
        loss, back_loss = cross_entropy(logits, ids[:, 1:])
        model.zero_grad()
        back(back_loss())
        optimizer.step()
    assert loss < 0.05
    assert model.generate(np.array([[5]]), 6, rng(), temperature=0).tolist() == [[5, 6, 0, 1, 2, 3, 4]]


def test_without_a_limit_it_writes_beyond_what_it_was_trained_on():
    for positions in ("sinusoidal", "rotary", "alibi", None):
        assert GPT(7, None, 8, 2, 1, rng(), positions=positions).generate(IDS, 30, rng()).shape == (2, 34)


def test_generation_repeats_with_its_generator():
    model = GPT(7, 20, 8, 2, 1, rng())
    a, b = (model.generate(IDS, 12, rng(3), temperature=0.9, top_k=5, top_p=0.95) for _ in range(2))
    assert np.array_equal(a, b) and a.max() < 7 and a.min() >= 0


MODEL = GPT(7, 6, 8, 2, 1, rng())


def _beyond_the_context():
    cache = Cache()
    MODEL(IDS, cache=cache)
    MODEL(IDS, cache=cache)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MODEL(np.tile(IDS, 2)), "takes sequences of at most 6 tokens, its context, got 8"),
        (_beyond_the_context, r"at most 6 tokens, its context, got 8 \(4 of them in the cache\)"),
        (lambda: MODEL.generate(IDS, 4, rng()), r"within the context of 6, got 4 \+ 4"),
        (lambda: MODEL.generate(IDS, 0, rng()), "generate length takes a positive integer, got 0"),
        (lambda: MODEL.generate(IDS[0], 1, rng()), r"takes a prompt \(N, T\) of at least one token, got \(4,\)"),
        (lambda: MODEL.generate(IDS[:, :0], 1, rng()), r"at least one token, got \(2, 0\)"),
        (lambda: MODEL.generate(IDS, 1, 0), "rng takes a np.random.Generator"),
        (lambda: MODEL(IDS + 9), "takes ids 0 to 6, got 9 to 14"),
        (lambda: MODEL(IDS[0]), r"takes ids \(N, T\), got \(4,\)"),
        (lambda: GPT(7, None, 8, 2, 1, rng()), "context takes a positive integer, got None"),
        (lambda: GPT(7, 6, 8, 3, 1, rng()), "takes a d that heads divides"),
    ],
)
def test_wrong_inputs(call, message):
    with pytest.raises(ValueError, match=message):
        call()
