"""The formula contract bites: one changed token, in a derivation or in the library, and the right check refuses.

Every fault keeps shapes and runs. It is planted in the source text of the real object, so what is refused is the
library's own code with one token changed.
"""

import inspect
import textwrap

import derivations as d
import numpy as np
import pytest

from chainrule import activations, losses
from chainrule.dense import Dense, LoRA, LowRank
from chainrule.symbolic import FormulaError, check


def planted(thing, old, new):
    """The object, compiled from its own source with `old` replaced by `new` at its one occurrence."""
    code = textwrap.dedent(inspect.getsource(thing))
    if code.count(old) != 1:
        raise ValueError(f"{thing.__name__} has {code.count(old)} occurrences of {old!r}: plant the fault elsewhere")
    names = dict(vars(inspect.getmodule(thing)))
    exec(code.replace(old, new), names)
    return names[thing.__name__]


SQUARE = [(2, 2, 2)]
# (derivation, old, new, builder, shapes, the check that must refuse)
ON_PAPER = [
    (d.dense, "x: u * W.T", "x: u * W", d.new_dense, SQUARE, "proof"),
    (d.dense, "W: x.T * u", "W: -x.T * u", d.new_dense, SQUARE, "proof"),
    (d.dense, "W: x.T * u", "W: u.T * x", d.new_dense, SQUARE, "proof"),
    (d.dense, "W: x.T * u", "W: x.T * u / N", d.new_dense, SQUARE, "proof"),
    (d.dense, "b: ones(1, N) * u", "b: ones(1, N) * u / N", d.new_dense, SQUARE, "proof"),
    (d.dense, "x * W +", "x * W -", d.new_dense, SQUARE, "proof"),
    (d.dense, "output=x * W", "output=x * W.T", d.new_dense, SQUARE, "proof"),
    (d.low_rank, "A: x.T * u * B.T", "A: x.T * u * B", d.new_low_rank, [(2, 2, 2, 2)], "proof"),
    (d.lora, "B: s * A.T", "B: A.T", d.new_lora, [(2, 3, 2, 3)], "proof"),
    (d.lora, "{s: 1.5}", "{s: 2.5}", d.new_lora, [(2, 3, 2, 3)], "forward"),
    (d.tanh, "1 - v**2", "1 + v**2", d.constant(activations.tanh), d.MATRICES, "proof"),
    (d.tanh, "hadamard(u, elementwise", "hadamard(y, elementwise", d.constant(activations.tanh), d.MATRICES, "proof"),
    (d.softmax_rows, "u - hadamard(u, y)", "u - hadamard(u, u)", d.constant(activations.softmax), d.MATRICES, "proof"),
    (d.mse, "2 * error", "error", d.constant(losses.mse), d.MATRICES, "proof"),
    (d.mse, "error / (N * n)}", "error / N}", d.constant(losses.mse), [(2, 2)], "proof"),
    (d.bce, "sigmoid, logits) - t", "sigmoid, logits) + t", d.constant(losses.bce), d.MATRICES, "proof"),
    (d.bce, "1 + sp.exp(v)", "1 + sp.exp(-v)", d.constant(losses.bce), d.MATRICES, "proof"),
    (d.cross_entropy, "(p - t) / N", "(t - p) / N", d.constant(losses.cross_entropy), [(2, 3)], "proof"),
    (d.huber, "sp.Max(-delta", "sp.Max(delta", d.constant(losses.huber), d.MATRICES, "proof"),
    (d.network, "da: hadamard(dl * W2.T", "da: hadamard(dl * W2", d.new_network, [(2, 1, 1, 1), (1, 2, 2, 2)], "proof"),
    (d.network, "b1: ones(1, N) * da", "b1: ones(1, N) * h", d.new_network, [(2, 2, 2, 1)], "proof"),
]  # fmt: skip
FUNCTIONS = {
    "tanh": (d.tanh, activations.tanh), "softmax": (d.softmax_rows, activations.softmax), "mse": (d.mse, losses.mse),
    "bce": (d.bce, losses.bce), "huber": (d.huber, losses.huber),
    "cross_entropy": (d.cross_entropy, losses.cross_entropy),
    **{name: (d.CASES[name][0], getattr(activations, name)) for name in d.ACTIVATIONS},
}  # fmt: skip
IN_FUNCTIONS = [
    ("tanh", "1 - y * y", "1 + y * y", "code"),
    ("tanh", "(1 - y * y) * dy", "(1 - y * y)", "code"),
    ("tanh", "1 - y * y", "1 - x * x", "code"),
    ("tanh", "np.tanh(x)", "np.arctan(x)", "forward"),
    ("sigmoid", "y * (1 - y)", "y * (1 + y)", "code"),
    ("relu", "(y > 0)", "(y < 1)", "code"),
    ("elu", "(y + alpha) * ~positive", "(y - alpha) * ~positive", "code"),
    ("softplus", "0.5 * (1 + np.tanh(0.5 * x))", "0.5 * (1 + np.tanh(x))", "code"),
    ("gelu", "x * density", "density", "code"),
    ("silu", "1 - s", "1 - y", "code"),
    ("softmax", "dy - row_sums(dy * y)", "dy - row_sums(dy)", "code"),
    ("softmax", "y * (dy -", "y * (dy +", "code"),
    ("mse", "2 * dloss", "dloss", "code"),
    ("mse", "dloss / y.size", "dloss / len(y)", "code"),
    ("mse", "y - _like", "y + _like", "forward"),
    ("bce", "0.5 * logits)) - t", "0.5 * logits)) + t", "code"),
    ("bce", "dloss / logits.size", "dloss", "code"),
    ("huber", ") * clipped", ") * error", "code"),
    ("cross_entropy", "exps / total - t", "exps / total + t", "code"),
    ("cross_entropy", "exps / total - t", "exps - t", "code"),
    ("cross_entropy", "dloss / len(z)", "dloss / z.size", "code"),
]
IN_LAYERS = [
    (Dense, "self.dW += rows(x).T @ rows(dy)", "self.dW += rows(dy).T @ rows(x)", "code"),
    (Dense, "self.dW +=", "self.dW -=", "code"),
    (Dense, "self.dW +=", "self.dW[...] =", "code"),
    (Dense, "product(dy, W.T)", "product(dy, W)", "code"),
    (Dense, "self.db += column_sums(rows(dy))", "self.db += column_sums(rows(dy)) / len(dy)", "code"),
    (Dense, "y += self.b", "y -= self.b", "forward"),
    (LowRank, "dy @ B.T", "dy @ B", "code"),
    (LowRank, "rows(x).T @ rows(dh)", "rows(h).T @ rows(dh)", "code"),
    (LowRank, "h @ B + self.b", "h @ B", "forward"),
    (LoRA, "scale * dy @ B.T", "dy @ B.T", "code"),
    (LoRA, "scale * rows(h).T", "rows(h).T", "code"),
    (LoRA, "dy @ self._W.T + dh @ A.T", "dy @ self._W.T - dh @ A.T", "code"),
    (LoRA, "scale * (h @ B)", "(h @ B)", "forward"),
]
LAYERS = {
    Dense: (d.dense, lambda cls: lambda N, n_in, n_out: cls(n_in, n_out, d.rng()), SQUARE),
    LowRank: (d.low_rank, lambda cls: lambda N, n_in, r, n_out: cls(n_in, n_out, r, d.rng()), [(2, 2, 2, 2)]),
    LoRA: (
        d.lora,
        lambda cls: lambda N, n_in, r, n_out: cls(Dense(n_in, n_out, d.rng()), r, d.rng(), alpha=1.5 * r),
        [(2, 2, 2, 2)],
    ),
}


def name(*parts):
    return " ".join(p if isinstance(p, str) else p.__name__ for p in parts)


def refused_by(derive, build, shapes):
    with pytest.raises(FormulaError) as caught:
        check(derive, build, shapes)
    return caught.value


@pytest.mark.parametrize(
    ("derive", "old", "new", "build", "shapes", "by"),
    [pytest.param(*c, id=name(c[0], c[1], "->", c[2], "by", c[5])) for c in ON_PAPER],
)
def test_a_slip_on_paper(derive, old, new, build, shapes, by):
    check(derive, build, shapes)
    assert refused_by(planted(derive, old, new), build, shapes).check == by


@pytest.mark.parametrize(
    ("function", "old", "new", "by"),
    [pytest.param(*c, id=name(c[0], c[1], "->", c[2], "by", c[3])) for c in IN_FUNCTIONS],
)
def test_a_slip_in_a_function(function, old, new, by):
    derive, thing = FUNCTIONS[function]
    check(derive, d.constant(thing), [(2, 3)])
    assert refused_by(derive, d.constant(planted(thing, old, new)), [(2, 3)]).check == by


@pytest.mark.parametrize(
    ("layer", "old", "new", "by"), [pytest.param(*c, id=name(c[0], c[1], "->", c[2], "by", c[3])) for c in IN_LAYERS]
)
def test_a_slip_in_a_layer(layer, old, new, by):
    derive, builder, shapes = LAYERS[layer]
    check(derive, builder(layer), shapes)
    assert refused_by(derive, builder(planted(layer, old, new)), shapes).check == by


def test_the_error_names_entry_and_numbers():
    wrong = planted(Dense, "product(dy, W.T)", "product(dy, W)")
    error = refused_by(d.dense, lambda N, n_in, n_out: wrong(n_in, n_out, d.rng()), SQUARE)
    assert error.entry.startswith("dx[")
    assert set(error.numbers) == {"derivative", "formula", "library", "differences"}
    numbers = error.numbers
    assert numbers["derivative"] == pytest.approx(numbers["formula"]) == pytest.approx(numbers["differences"], abs=1e-8)
    assert abs(numbers["library"] - numbers["formula"]) > 1e-3
    assert str(error).startswith(f"code: {error.entry} at sizes (2, 2, 2): derivative ")


def test_a_wrong_formula_beside_right_code_shows_who_disagrees():
    error = refused_by(planted(d.dense, "W: x.T * u", "W: -x.T * u"), d.new_dense, SQUARE)
    assert error.entry == "dW[0, 0]"
    assert (
        error.numbers["derivative"]
        == pytest.approx(error.numbers["library"])
        == pytest.approx(-error.numbers["formula"])
    )


def test_a_forward_pass_that_ignores_its_input_after_the_first_call_is_seen_by_differences():
    remembered = {}

    def stale(x):
        y = remembered.setdefault("y", np.tanh(x))
        return y, lambda dy: (1 - y * y) * dy

    assert refused_by(d.tanh, lambda N, n: stale, [(2, 3)]).check == "differences"


def test_a_gradient_that_stops_halfway_is_seen_by_code():
    wrong = planted(d.WithLoss, "back_model(back_loss(dloss))", "back_model(back_loss(0 * dloss))")
    model = lambda N, a, b, c: wrong(Dense(a, b, d.rng()), activations.tanh, Dense(b, c, d.rng()))  # noqa: E731
    assert refused_by(d.network, model, [(2, 2, 2, 1)]).check == "code"


def test_a_nan_is_refused_by_name():
    nan = planted(activations.tanh, "(1 - y * y) * dy", "(1 - y * y) * dy * [[1, 1, 1], [1, np.nan, 1]]")
    error = refused_by(d.tanh, d.constant(nan), [(2, 3)])
    assert (error.check, error.entry) == ("code", "dx[1, 1]")


def test_a_loss_that_ignores_what_arrives_from_above_is_seen():
    deaf = planted(losses.mse, "2 * dloss", "2")
    assert refused_by(d.mse, d.constant(deaf), [(2, 3)]).check == "code"
