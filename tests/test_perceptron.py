import numpy as np
import pytest
from helpers import normal

from chainrule.data import gate
from chainrule.models.perceptron import Perceptron

X = normal(40, 3)


def separable(seed: int, n: int = 60, d: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Points, labels, and a unit vector with the margin by which it separates them (the bias is a column of ones)."""
    w = normal(d + 1, seed=seed)
    w /= np.linalg.norm(w)
    x = normal(n, d, seed=seed + 100)
    score = np.hstack([x, np.ones((n, 1))]) @ w
    keep = np.abs(score) > 0.1
    return x[keep], (score[keep] > 0).astype(int), w, np.abs(score[keep]).min()


@pytest.mark.parametrize("seed", range(8))
def test_novikoffs_bound_holds_and_everything_is_learnt(seed):
    x, t, _, margin = separable(seed)
    radius = np.sqrt((x**2).sum(1) + 1).max()
    model = Perceptron(3)
    mistakes = list(model.learn(x, t, epochs=10_000))
    assert 0 < len(mistakes) <= (radius / margin) ** 2
    assert np.array_equal(model(x)[0], t)
    assert [m.k for m in mistakes] == list(range(1, len(mistakes) + 1))
    assert not list(model.learn(x, t))


def test_each_mistake_moves_the_line_by_its_example():
    x, t, *_ = separable(0)
    model, w, b = Perceptron(3), np.zeros(3), 0.0
    for m in model.learn(x, t, lr=0.5):
        s = 2 * t[m.example] - 1
        assert s * (x[m.example] @ w + b) <= 0
        w, b = w + 0.5 * s * x[m.example], b + 0.5 * s
        np.testing.assert_allclose(m.w, w)
        assert m.b == pytest.approx(b) and m.w is not model.w


def test_the_learning_rate_only_scales_the_weights_from_zero():
    x, t, *_ = separable(1)
    one, tenth = Perceptron(3), Perceptron(3)
    a, b = list(one.learn(x, t, lr=1.0)), list(tenth.learn(x, t, lr=0.125))
    assert [(m.epoch, m.example) for m in a] == [(m.epoch, m.example) for m in b]
    np.testing.assert_array_equal(one.w, 8 * tenth.w)


@pytest.mark.parametrize("name", ["and", "or", "nand", "nor"])
def test_gates_are_learnt(name):
    x, t = gate(name)
    model = Perceptron(2)
    *_, last = model.learn(x, t)
    assert np.array_equal(model(x)[0], t) and last.epoch < 20


def test_xor_never_is():
    x, t = gate("xor")
    model = Perceptron(2)
    mistakes = list(model.learn(x, t, epochs=500))
    assert mistakes[-1].epoch == 500 and not np.array_equal(model(x)[0], t)
    assert max(np.abs(m.w).max() for m in mistakes) < 5  # it cycles


def test_output_score_and_line():
    model = Perceptron(2)
    model.w, model.b = [3, 4], [-5]
    x = np.array([[3.0, -1.0], [0, 0], [2, 1]])
    assert model.score(x).tolist() == [0, -5, 5] and model(x)[1] is None
    y = model(x.astype(np.float32))[0]
    assert y.tolist() == [0, 0, 1] and y.dtype == np.int64
    assert repr(model) == "Perceptron(2)" and model.size == 3


def test_learning_after_flat_moves_the_vector():
    x, t = gate("and")
    model = Perceptron(2)
    theta, _ = model.flat()
    list(model.learn(x, t))
    assert theta.tolist() == [*model.w, *model.b] and theta.any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Perceptron(0), "Perceptron d takes a positive integer, got 0"),
        (lambda: Perceptron(2)(X), r"Perceptron\(2\) takes \(\.\.\., 2\), got \(40, 3\)"),
        (lambda: Perceptron(2).score([[0, 1]]), r"Perceptron\(2\) takes an array \(\.\.\., 2\), got list"),
        (lambda: Perceptron(2).learn([[0, 1]], [1]), r"Perceptron\(2\) takes an array \(\.\.\., 2\), got list"),
        (lambda: Perceptron(3).learn(X, np.ones(39)), "a target of 0 or 1 for each of 40 examples"),
        (lambda: Perceptron(3).learn(X, np.full(40, -1)), "a target of 0 or 1 for each of 40 examples"),
        (lambda: Perceptron(3).learn(X[:0], np.ones(0)), "a target of 0 or 1 for each of 0 examples"),
        (lambda: Perceptron(3).learn(X * [1, np.nan, 1], np.ones(40)), r"examples \(N, 3\) of finite numbers"),
        (lambda: Perceptron(3).learn(X[None], np.ones(1)), r"examples \(N, 3\) of finite numbers, got \(1, 40, 3\)"),
        (lambda: Perceptron(3).learn(X, np.ones(40), lr=0), "lr takes a finite number > 0, got 0"),
        (lambda: Perceptron(3).learn(X, np.ones(40), epochs=0), "epochs takes a positive integer, got 0"),
    ],
)
def test_wrong_arguments_raise_at_once(call, message):
    with pytest.raises(ValueError, match=message):
        call()
