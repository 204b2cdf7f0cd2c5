"""What must hold of decoding and of the recurrent language models, as functions of the module: see checks.py."""

from itertools import product
from types import ModuleType

import numpy as np
from checks_recurrent import drawn
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck
from chainrule.layer import Layer
from chainrule.models.decoding import greedy
from chainrule.recurrent import GRU, LSTM, RNN

SOURCE, TARGET_IN = np.array([[3, 5, 4, 3], [4, 0, 0, 0], [5, 3, 0, 0]]), np.array([[1, 4, 3], [1, 5, 0], [1, 3, 3]])
START, END = 0, 1  # of the little chains below


def decided(model: Layer) -> Layer:
    """The model in float64 with weights so large that what it reads and remembers decides what it says."""
    model = drawn(model)
    model.flat()[0][...] *= 2
    return model


def chain(symbols: int, seed: int):
    """step(ids, state) of a random process in which the next symbol depends on the last two."""
    scores = 2 * normal(symbols, symbols, symbols, seed=seed)
    log_p = scores - np.log(np.exp(scores).sum(2, keepdims=True))

    def step(ids: np.ndarray, state: tuple) -> tuple:
        (before,) = state
        return log_p[before[0, :, 0], ids], (ids[None, :, None],)

    return step, log_p


def first(n: int) -> tuple:
    return (np.full((1, n, 1), START),)


def every_sequence(log_p: np.ndarray, longest: int) -> dict[tuple, float]:
    """log p of each sequence that ends with END or has `longest` symbols."""
    found = {}
    for length in range(1, longest + 1):
        for ids in product(range(len(log_p)), repeat=length):
            if END not in ids[:-1] and (ids[-1] == END or length == longest):
                path = (START, START, *ids)
                found[ids] = sum(log_p[path[i : i + 3]] for i in range(length))
    return found


def a_wide_beam_is_exact(m: ModuleType) -> None:
    for seed in range(5):
        step, log_p = chain(4, seed)
        everything = every_sequence(log_p, 4)
        assert_allclose(np.exp(list(everything.values())).sum(), 1)
        for penalty in (0.0, 0.7):
            beam = m.beam_search(step, first(1), START, END, 300, 4, penalty)
            assert {h.ids for h in beam} == set(everything) and len(beam) == len(everything)
            assert_allclose([h.log_probability for h in beam], [everything[h.ids] for h in beam])
            scores = [everything[h.ids] / ((5 + len(h.ids)) / 6) ** penalty for h in beam]
            assert_allclose([h.score for h in beam], scores)
            assert_allclose(scores, sorted(scores, reverse=True))


def a_narrow_beam_keeps_what_ended(m: ModuleType) -> None:
    """At every width: hypotheses are different, ranked, whole, and their log p is that of the process."""
    for seed in range(8):
        step, log_p = chain(5, seed)
        everything = every_sequence(log_p, 5)
        greedy_ids = greedy(step, first(1), np.array([START]), END, 5)[0]
        for width in (1, 2, 4):
            beam = m.beam_search(step, first(1), START, END, width, 5)
            assert len({h.ids for h in beam}) == len(beam) == width
            assert [h.score for h in beam] == sorted((h.score for h in beam), reverse=True)
            for h in beam:
                assert_allclose(h.log_probability, everything[h.ids])
            if width == 1:
                assert beam[0].ids == tuple(greedy_ids[: len(beam[0].ids)])


def greedy_follows_the_likeliest(m: ModuleType) -> None:
    for seed in range(5):
        step, log_p = chain(4, seed)
        starts = np.arange(4)
        ids = m.greedy(step, first(4), starts, END, 6)
        for k, row in enumerate(ids):
            before, last, ended = START, starts[k], False
            for token in row:
                expected = END if ended else log_p[before, last].argmax()
                assert token == expected
                before, last, ended = last, token, ended or token == END
        assert ids.shape[1] == 6 or (ids[:, -1] == END).all()


def seq2seq_gradients(m: ModuleType) -> None:
    for cell, attention in ((LSTM, True), (GRU, False), (RNN, True)):
        model = drawn(m.Seq2Seq(6, 7, 3, 4, rng(), cell=cell, layers=2, attention=attention))
        gradcheck(model, SOURCE, TARGET_IN, rng=rng(1))


def seq2seq_padding_changes_nothing(m: ModuleType) -> None:
    for attention in (True, False):
        model = drawn(m.Seq2Seq(6, 7, 3, 4, rng(), attention=attention))
        logits, _ = model(SOURCE, TARGET_IN)
        for k, length in enumerate((4, 1, 2)):
            alone, _ = model(SOURCE[k : k + 1, :length], TARGET_IN[k : k + 1])
            assert_allclose(logits[k], alone[0], atol=1e-12)
    logits, target = normal(3, 3, 7), np.array([[4, 3, 2], [5, 2, 0], [3, 3, 2]])
    log_p = logits - np.log(np.exp(logits).sum(2, keepdims=True))
    picked = np.take_along_axis(log_p, target[..., None], 2)[..., 0]
    assert_allclose(model.loss(logits, target)[0], -picked[target != 0].mean())


def seq2seq_feeds_back_what_it_wrote(m: ModuleType) -> None:
    """Free-running decoding and the beam agree with teacher forcing on the sequences that they themselves wrote."""
    for cell, attention in ((LSTM, True), (GRU, False), (GRU, True)):
        model = decided(m.Seq2Seq(6, 7, 3, 4, rng(), cell=cell, layers=2, attention=attention))
        ids = model.decode(SOURCE, 5)
        fed = np.hstack([np.full((3, 1), model.start), ids[:, :-1]])
        likeliest = model(SOURCE, fed)[0].argmax(2)
        done = np.cumsum(fed == model.end, axis=1) > 0
        assert np.array_equal(ids, np.where(done, model.end, likeliest))
        for hypothesis in model.beam(SOURCE[0], 4, 5):
            z, _ = model(SOURCE[:1], np.array([(model.start, *hypothesis.ids[:-1])]))
            log_p = z[0] - np.log(np.exp(z[0]).sum(1, keepdims=True))
            total = log_p[np.arange(len(hypothesis.ids)), hypothesis.ids].sum()
            assert_allclose(hypothesis.log_probability, total, rtol=1e-9)


def charlm_gradients(m: ModuleType) -> None:
    for cell in (LSTM, GRU, RNN):
        gradcheck(drawn(m.CharLM(6, 3, 4, rng(), cell=cell, layers=2)), SOURCE, rng=rng(1))


def charlm_continues_and_writes(m: ModuleType) -> None:
    model = decided(m.CharLM(6, 3, 4, rng()))
    (whole, *ends), back = model.run(SOURCE)
    (left, *states), back_left = model.run(SOURCE[:, :3])
    (right, *again), back_right = model.run(SOURCE[:, 3:], *states)
    assert_allclose(np.hstack([left, right]), whole, atol=1e-12)
    assert_allclose(again, ends, atol=1e-12)
    model.zero_grad()
    back(whole, *ends)
    full = model.flat()[1].copy()
    model.zero_grad()
    nothing, *dstates = back_right(right, *again)
    back_left(left, *dstates)
    assert nothing is None
    assert_allclose(model.flat()[1], full, atol=1e-10)
    written = model.generate(SOURCE[:, :2], 4, rng(), temperature=0)
    assert np.array_equal(written[:, :2], SOURCE[:, :2])
    assert np.array_equal(model(written)[0][:, 1:-1].argmax(2), written[:, 2:])
