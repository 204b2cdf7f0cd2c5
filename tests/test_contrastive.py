import checks_generative as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.contrastive
from chainrule.dense import Dense
from chainrule.models.contrastive import TwoTowers, cosines, info_nce, normalised, symmetric_info_nce
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.train import minimise

A, B = normal(6, 3), normal(6, 3, seed=1)
LOSSES = [info_nce, symmetric_info_nce]


@pytest.mark.parametrize("check", [checks.contrastive_gradients, checks.contrastive_values])
def test_check(check):
    check(chainrule.models.contrastive)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_order_of_pairs_and_the_lengths_of_rows_do_not_matter(loss):
    order, lengths = rng().permutation(6), rng(1).uniform(0.5, 3, (6, 1))
    value, back = loss(A, B)
    shuffled, back_shuffled = loss(A[order], B[order])
    assert shuffled == pytest.approx(value) == pytest.approx(loss(lengths * A, B / lengths)[0])
    for d, d_shuffled in zip(back(), back_shuffled()):
        np.testing.assert_allclose(d_shuffled, d[order])
    assert abs(loss(A, B[order])[0] - value) > 1e-3  # the pairing itself does


def test_gradients_are_across_the_rows_they_move():
    for x, dx in zip((A, B), info_nce(A, B)[1]()):
        np.testing.assert_allclose((x * dx).sum(1), 0, atol=1e-12)


def test_symmetric_is_the_mean_of_both_ways():
    both = (info_nce(A, B)[0] + info_nce(B, A)[0]) / 2
    assert symmetric_info_nce(A, B)[0] == pytest.approx(both) == pytest.approx(symmetric_info_nce(B, A)[0])


def test_one_pair_has_nothing_to_tell_apart():
    for loss in LOSSES:
        value, back = loss(A[:1], B[:1])
        assert value == 0 and not np.any(back())


def test_zero_rows_and_cold_temperatures_stay_finite():
    a = np.concatenate([A, np.zeros((1, 3))]).astype(np.float32)
    value, back = info_nce(a, a, temperature=1e-4)
    assert np.isfinite(value) and all(np.isfinite(d).all() and d.dtype == np.float32 for d in back())
    assert not normalised(np.zeros((1, 3)))[0].any()


def test_towers_learn_which_rows_belong_together():
    code = normal(200, 4, dtype=np.float32)
    x, y = code @ normal(4, 6, dtype=np.float32), np.tanh(code @ normal(4, 5, seed=1, dtype=np.float32))
    towers = TwoTowers(mlp([6, 32, 8], rng()), mlp([5, 32, 8], rng(1)))
    records = list(minimise(towers.loss, (x[:150], y[:150]), Adam(towers, 0.01), epochs=60, rng=rng(), batch_size=50))
    assert records[-1].loss < 1 < 3 < records[0].loss
    logits = towers(x[150:], y[150:])[0]
    assert (logits.argmax(1) == np.arange(50)).mean() > 0.6


def test_a_shared_tower_gets_both_gradients():
    shared = Dense(3, 2, rng(), dtype=np.float64)
    towers = TwoTowers(shared, shared)
    assert list(towers.params) == ["s", "f.W", "f.b"] and towers.s.dtype == np.float64
    towers.loss(A, A)[1]()
    np.testing.assert_allclose(towers.loss(A, A)[0], towers.loss(A[::-1], A[::-1])[0])
    assert towers.ds != 0


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: info_nce(A, B[:5]), r"info_nce takes pairs of rows, \(N, d\) each, got \(6, 3\) and \(5, 3\)"),
        (lambda: symmetric_info_nce(A, B, 0), "symmetric_info_nce temperature takes a finite number > 0, got 0"),
        (
            lambda: cosines(A, B[:, :2]),
            r"cosines takes \(N, d\) and \(M, d\), got float64 \(6, 3\) and float64 \(6, 2\)",
        ),
        (lambda: cosines(A, B.astype(np.float32)), "cosines takes .* got float64 .* and float32"),
        (lambda: TwoTowers(Dense(3, 2, rng()), Dense(3, 2, rng()), -1), "TwoTowers temperature takes"),
    ],
)
def test_wrong_input(act, message):
    with pytest.raises(ValueError, match=message):
        act()
