from importlib import import_module

import checks_additive
import checks_seq2seq as checks
import numpy as np
import pytest
from checks_additive import MASK
from checks_seq2seq import SOURCE, TARGET_IN
from helpers import normal, rng

from chainrule.attention.additive import AdditiveAttention
from chainrule.data.sequences import reversal
from chainrule.losses import cross_entropy
from chainrule.models.charlm import CharLM
from chainrule.models.decoding import beam_search
from chainrule.models.seq2seq import Seq2Seq
from chainrule.optimizers import Adam
from chainrule.recurrent import GRU, LSTM, truncated
from chainrule.train import fit

MODULES = {
    "attention.additive": (checks_additive.additive_gradients, checks_additive.additive_values),
    "models.decoding": (
        checks.a_wide_beam_is_exact,
        checks.a_narrow_beam_keeps_what_ended,
        checks.greedy_follows_the_likeliest,
    ),
    "models.seq2seq": (
        checks.seq2seq_gradients,
        checks.seq2seq_padding_changes_nothing,
        checks.seq2seq_feeds_back_what_it_wrote,
    ),
    "models.charlm": (checks.charlm_gradients, checks.charlm_continues_and_writes),
}
ROWS = [(name, check) for name, row in MODULES.items() for check in row]


@pytest.mark.parametrize(("name", "check"), ROWS, ids=[f"{name}: {check.__name__}" for name, check in ROWS])
def test_check(name, check):
    check(import_module(f"chainrule.{name}"))


@pytest.fixture(scope="module")
def trained():
    """A model that has begun to learn to turn words round, so that it is sure of some answers and unsure of others."""
    generator = rng(5)
    pairs = reversal(600, generator, symbols=5, longest=5)
    model = Seq2Seq(8, 8, 16, 32, generator)
    data = ((pairs.sources, pairs.targets[:, :-1]), pairs.targets[:, 1:])
    *_, record = fit(model, model.loss, data, Adam(model, 1e-2), epochs=2, batch_size=32, rng=generator, clip_norm=1.0)
    return model, pairs, record


def test_it_learns_and_a_wider_beam_finds_no_less_likely_answers(trained):
    model, pairs, record = trained
    assert record.loss < 1.2 < np.log(8)
    answers = [[model.beam(source, width, 7)[0] for width in (1, 12)] for source in pairs.sources[:20]]
    gains = [wide.log_probability - narrow.log_probability for narrow, wide in answers]
    assert min(gains) > -1e-4 and max(gains) > 0.1


def test_a_length_penalty_favours_longer_answers():
    chains = [checks.chain(4, seed)[0] for seed in range(20)]

    def mean_length(penalty: float) -> float:
        best = (beam_search(step, checks.first(1), checks.START, checks.END, 200, 5, penalty)[0] for step in chains)
        return np.mean([len(hypothesis.ids) for hypothesis in best])

    assert mean_length(0.0) < mean_length(1.0) < mean_length(3.0)


def test_decoding_a_batch_is_decoding_each(trained):
    model, pairs, _ = trained
    ids = model.decode(pairs.sources[:6], 7)
    for row, source in zip(ids, pairs.sources, strict=False):
        (best,) = model.beam(source, 1, 7)
        assert best.ids == tuple(row[: len(best.ids)]) and (row[len(best.ids) :] == model.end).all()


def test_weights_are_those_of_the_call():
    model = Seq2Seq(6, 7, 3, 4, rng())
    p = model.weights(SOURCE, TARGET_IN)
    assert p.shape == (3, 3, 4) and np.allclose(p.sum(2), 1) and not p[1, :, 1:].any()
    (memory, mask, states), _ = model._encode(SOURCE)
    (h, *_), _ = model.decoder.run(model.target(TARGET_IN)[0], *states)
    assert np.array_equal(p, model.attention.weights(h, memory, mask))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_additive_attention_keeps_the_contract(dtype):
    layer = AdditiveAttention(2, 4, 5, rng(), dtype=dtype)
    q, memory = normal(3, 4, 2, dtype=dtype), normal(3, 6, 4, seed=1, dtype=dtype)
    for array in (q, memory):
        array.setflags(write=False)
    y, back = layer(q, memory, mask=MASK)
    dy = normal(*y.shape, dtype=dtype)
    dy.setflags(write=False)
    dq, dmemory = back(dy)
    assert y.dtype == dq.dtype == dmemory.dtype == layer.dW.dtype == dtype
    assert dq.shape == q.shape and dmemory.shape == memory.shape
    assert layer.label() == "AdditiveAttention(2, 4 → 5)" and layer.size == 5 * (2 + 4 + 1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_models_keep_their_dtype(dtype):
    for model, ids in (
        (Seq2Seq(6, 7, 3, 4, rng(), dtype=dtype), (SOURCE, TARGET_IN)),
        (CharLM(6, 3, 4, rng(), dtype=dtype), (SOURCE,)),
    ):
        logits, back = model(*ids)
        assert logits.dtype == dtype and logits.shape[:2] == ids[-1].shape
        gradients = back(logits)
        assert gradients == (None, None) if len(ids) == 2 else gradients is None
        assert all(g.dtype == dtype and g.any() for g in model.grads.values())


def test_a_beam_asks_only_about_what_is_alive():
    asked = []

    def step(ids, state):
        asked.append(ids.tolist())
        return np.log(np.tile([0.1, 0.6, 0.3], (len(ids), 1))), state

    beam = beam_search(step, (np.zeros((1, 1, 1)),), 0, 1, 2, 5)
    assert [h.ids for h in beam] == [(1,), (2, 1)] and asked == [[0], [2]]


def test_generate_draws_what_the_generator_says():
    model = CharLM(6, 3, 4, rng(), cell=GRU)
    a, b, c = (model.generate(SOURCE, 20, rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c) and a.shape == (3, 24)
    top = model.generate(SOURCE, 20, rng(), top_k=1)
    assert np.array_equal(top, model.generate(SOURCE, 20, rng(), temperature=0))


def test_a_character_model_trains_chunk_by_chunk():
    text = np.tile(np.array([1, 2, 3, 1, 4]), (2, 20))
    model = CharLM(5, 4, 16, rng(), cell=LSTM)
    optimizer = Adam(model, 1e-2)
    for _ in range(30):
        values = []
        for value, _states in truncated(model, cross_entropy, text[:, :-1], text[:, 1:], 20):
            optimizer.step()
            model.zero_grad()
            values.append(value)
    assert max(values[1:]) < 0.1 < values[0] + 0.1
    assert model.generate(text[:1, :6], 5, rng(), temperature=0)[0, 6:].tolist() == [2, 3, 1, 4, 1]
