"""What recurrent layers, additive attention and their models say to wrong input."""

import numpy as np
import pytest
from helpers import normal, rng

from chainrule.attention.additive import AdditiveAttention
from chainrule.losses import mse
from chainrule.models.charlm import CharLM
from chainrule.models.decoding import beam_search, greedy
from chainrule.models.seq2seq import Seq2Seq
from chainrule.recurrent import GRU, LSTM, RNN, last_step, truncated

LAYER = LSTM(2, 4, rng(), layers=2)
ATTENTION = AdditiveAttention(2, 3, 5, rng())
MODEL = Seq2Seq(6, 7, 3, 4, rng())
X, Q, M = np.zeros((3, 5, 2), np.float32), np.zeros((3, 4, 2), np.float32), np.zeros((3, 6, 3), np.float32)
IDS = np.array([[3, 4]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: LAYER(X[0]),
            r"LSTM\(2 → 4, 2 layers\) takes sequences \(N, T, 2\) of at least one step, got \(5, 2\)",
        ),
        (lambda: LAYER(X[:, :0]), r"of at least one step, got \(3, 0, 2\)"),
        (lambda: LAYER(X[..., :1]), r"takes sequences \(N, T, 2\).*, got \(3, 5, 1\)"),
        (lambda: LAYER(X.tolist()), "got list"),
        (lambda: LAYER(X.astype(float)), r"LSTM.* holds float32, got float64: cast"),
        (
            lambda: LAYER.run(X, np.zeros((1, 3, 4), np.float32)),
            r"takes initial states of float32 \(2, 3, 4\) .*, got float32 \(1, 3, 4\)",
        ),
        (
            lambda: LAYER.run(X, np.zeros((2, 3, 4))),
            r"takes initial states of float32 \(2, 3, 4\) \(or None\), got float64",
        ),
        (lambda: LAYER.run(X, 0), r"takes initial states of float32 .*, got int"),
        (lambda: LAYER.run(X, None, None, None), r"takes 2 initial states, got 3"),
        (
            lambda: LAYER.run(X)[1](None, np.zeros((1, 3, 4), np.float32)),
            r"takes gradients of final states of .*, got float32 \(1, 3, 4\)",
        ),
        (lambda: LAYER.run(X)[1](X), r"takes dy of float32 \(3, 5, 4\) \(or None\), got float32 \(3, 5, 2\)"),
        (
            lambda: LAYER.run(X, lengths=[1, 2]),
            r"takes integer lengths \(3,\), one for each sequence, got int64 \(2,\)",
        ),
        (lambda: LAYER.run(X, lengths=[1.0, 2, 3]), r"takes integer lengths \(3,\).*, got float64 \(3,\)"),
        (lambda: LAYER.run(X, lengths=[1, 6, 3]), "takes lengths from 1 to 5, the steps of x, got 1 to 6"),
        (lambda: LAYER.run(X, lengths=[0, 5, 3]), "takes lengths from 1 to 5, the steps of x, got 0 to 5"),
        (lambda: last_step(X[0]), r"last_step takes sequences \(N, T, D\) of at least one step, got \(5, 2\)"),
        (lambda: truncated(LAYER, mse, X, X, 0), "truncated steps takes a positive integer, got 0"),
        (
            lambda: truncated(LAYER, mse, X, X[:, :4], 2),
            r"takes x and target \(N, T, …\), got \(3, 5, 2\) and \(3, 4, 2\)",
        ),
        (lambda: ATTENTION(Q, M[:2]), r"AdditiveAttention\(2, 3 → 5\) takes q \(N, T, 2\) and memory \(N, S, 3\)"),
        (lambda: ATTENTION(Q, M[:, :0]), r"with S of at least 1, got \(3, 4, 2\) and \(3, 0, 3\)"),
        (lambda: ATTENTION(Q[0], M), r"takes q \(N, T, 2\) and memory .*, got \(4, 2\)"),
        (lambda: ATTENTION(M, M), r"takes \(\.\.\., 2\), got \(3, 6, 3\)"),
        (lambda: ATTENTION(Q, M.astype(float)), r"holds float32, got float64"),
        (
            lambda: ATTENTION(Q, M, mask=np.ones((3, 4, 6))),
            r"takes a boolean mask that fits \(3, 4, 6\).*, got float64",
        ),
        (lambda: ATTENTION(Q, M, mask=np.ones((3, 4, 5), bool)), r"takes a boolean mask .*, got bool \(3, 4, 5\)"),
        (lambda: ATTENTION(Q, M, mask=np.ones((2, 3, 4, 6), bool)), r"got bool \(2, 3, 4, 6\)"),
        (lambda: ATTENTION(Q, M, mask=np.zeros((3, 1, 6), bool)), "a mask that lets each query attend to something"),
        (
            lambda: MODEL(np.array([[0, 3]]), IDS),
            "Seq2Seq takes sources of at least one token, padded with 0 at their ends",
        ),
        (lambda: MODEL(np.array([[3, 0, 3]]), IDS), "padded with 0 at their ends only"),
        (lambda: MODEL(np.array([3, 4]), IDS), r"Seq2Seq takes sources \(N, S\) of integer ids, got int64 \(2,\)"),
        (lambda: MODEL(IDS.astype(float), IDS), r"takes sources \(N, S\) of integer ids, got float64 \(1, 2\)"),
        (lambda: MODEL(IDS, IDS[0]), r"takes sequences \(N, T, 3\)"),
        (lambda: MODEL(IDS, np.array([[7]])), "takes ids 0 to 6, got 7 to 7"),
        (lambda: MODEL.decode(IDS, 0), "max_length takes a positive integer, got 0"),
        (lambda: MODEL.beam(IDS[0], 0, 5), "beam width takes a positive integer, got 0"),
        (lambda: MODEL.beam(IDS[0], 2, 5, -1.0), "length_penalty takes a finite number >= 0, got -1.0"),
        (lambda: MODEL.beam(IDS[0], 2, 0), "max_length takes a positive integer, got 0"),
        (lambda: beam_search(None, (), 0, 1, 2.5, 3), "beam width takes a positive integer, got 2.5"),
        (lambda: greedy(None, (), np.zeros(1, int), 1, -1), "max_length takes a positive integer, got -1"),
        (
            lambda: Seq2Seq(6, 7, 3, 4, rng(), attention=False).weights(IDS, IDS),
            "Seq2Seq was built with attention=False; there are no weights to draw",
        ),
        (
            lambda: CharLM(6, 3, 4, rng()).generate(np.array([1, 2]), 3, rng()),
            r"takes a prompt \(N, T\) .*, got \(2,\)",
        ),
        (lambda: CharLM(6, 3, 4, rng()).generate(IDS, 0, rng()), "generate length takes a positive integer, got 0"),
        (lambda: CharLM(6, 3, 4, rng()).generate(IDS, 1, 0), r"rng takes a np\.random\.Generator"),
    ],
)
def test_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LSTM(0, 4, rng()), "LSTM n_in takes a positive integer, got 0"),
        (lambda: GRU(2, 4.0, rng()), r"GRU n_hidden takes a positive integer, got 4\.0"),
        (lambda: RNN(2, 4, rng(), layers=0), "RNN layers takes a positive integer, got 0"),
        (lambda: RNN(2, 4, rng(), bidirectional=2), "RNN bidirectional takes True or False, got 2"),
        (lambda: RNN(2, 4, rng(), activation="sin"), 'RNN activation takes "tanh" or "relu", got \'sin\''),
        (lambda: LSTM(2, 4, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: GRU(2, 4, rng(), dtype=int), "dtype takes float32 or float64, got int64"),
        (lambda: LSTM(2, 4, rng(), forget_bias=float("nan")), "LSTM forget_bias takes a finite number, got nan"),
        (lambda: AdditiveAttention(2, 0, 3, rng()), "AdditiveAttention n_memory takes a positive integer, got 0"),
        (lambda: Seq2Seq(6, 7, 3, 5, rng()), "Seq2Seq takes an even n_hidden, .*, got 5"),
        (lambda: Seq2Seq(6, 7, 3, 4, rng(), cell=AdditiveAttention), "Seq2Seq cell takes LSTM, GRU or RNN"),
        (lambda: CharLM(6, 3, 4, rng(), cell="lstm"), "CharLM cell takes LSTM, GRU or RNN, got 'lstm'"),
        (lambda: Seq2Seq(6, 7, 3, 4, rng(), end=7), "three different ids pad, start and end below 7, got 0, 1 and 7"),
        (lambda: Seq2Seq(6, 7, 3, 4, rng(), pad=2), "Seq2Seq takes three different ids .*, got 2, 1 and 2"),
    ],
)
def test_wrong_constructions(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_numpy_scalar_does_not_promote():
    layer = LSTM(2, 3, rng(), forget_bias=np.float64(0.5))
    assert layer(normal(2, 3, 2, dtype=np.float32))[0].dtype == np.float32
