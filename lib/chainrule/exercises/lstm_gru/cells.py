"""One step of an LSTM backwards, and the GRU in its first form."""

import numpy as np

from chainrule.exercises.exercise import Exercise

_RNG = np.random.default_rng(24)


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


def _step_back(through_h=True, keep=True, slope=True, late=False, only_gate=True):
    """One step backwards, with one mistake where an argument asks for it."""

    def made(x, h, c, W, U, b, dh, dc):
        i, f, o, g = np.split(x @ W + h @ U + b, 4)
        i, f, o, g = _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g)
        new = f * c + i * g
        shown = np.tanh(new)
        total = dc + o * (1 - shown**2 if slope else 1) * dh if through_h else dc
        kept = new if late else c
        da = [g * total * i * (1 - i), kept * total * f * (1 - f), shown * dh * o * (1 - o), i * total * (1 - g**2)]
        if not only_gate:
            da[3] = i * total * g * (1 - g)
        da = np.concatenate(da)
        return da @ W.T, da @ U.T, f * total if keep else total

    return made


_CASES = [
    tuple(_RNG.standard_normal(s).round(1) for s in ((D,), (H,), (H,), (D, 4 * H), (H, 4 * H), (4 * H,), (H,), (H,)))
    for D, H in ((1, 1), (2, 3), (3, 2))
]

step_back = Exercise(
    ask="Write step_back(x, h, c, W, U, b, dh, dc): the gradients of x, h and c for one step of an LSTM.",
    difficulty="medium",
    minutes=25,
    hints=(
        "Forward first: the four blocks of columns are i, f, o and g, then the new c.",
        "The new c has two ways to the loss: by itself, and through the new h. Add them up before anything else.",
        "Then the four pre-activations: what the gate multiplied, times what arrived, times the gate's own slope.",
    ),
    answer=_step_back(),
    cases=_CASES,
    right="The same as the library's loop, which does it for all examples at once and leaves the products for the end.",
    mistakes={
        "h forgotten": (
            _step_back(through_h=False),
            "What arrives at the new h also concerns the new c: h is made of it.",
        ),
        "no forget gate": (
            _step_back(keep=False),
            "You hand the gradient of the new c to the old one as it is. What multiplied the old one on the way?",
        ),
        "no slope": (_step_back(slope=False), "Between c and h there is a tanh. What is its slope?"),
        "new memory": (
            _step_back(late=True),
            "The forget gate multiplies a memory. Is it the one before the step or the one after?",
        ),
        "candidate as a gate": (
            _step_back(only_gate=False),
            "The candidate g is no gate: it goes through tanh, whose slope is another.",
        ),
    },
)


def _gru(after=False, swapped=False, reset_all=False, no_reset=False):
    def made(x, W, U, b):
        h = np.zeros(U.shape[0])
        (W_r, W_z, W_g), (U_r, U_z, U_g), (b_r, b_z, b_g) = (np.split(a, 3, axis=-1) for a in (W, U, b))
        for x_t in x:
            r = _sigmoid(x_t @ W_r + h @ U_r + b_r)
            z = _sigmoid(x_t @ W_z + ((r * h) if reset_all else h) @ U_z + b_z)
            if no_reset:
                r = np.ones_like(r)
            past = r * (h @ U_g) if after else (r * h) @ U_g
            g = np.tanh(x_t @ W_g + past + b_g)
            h = (1 - z) * h + z * g if swapped else z * h + (1 - z) * g
        return h

    return made


_SEQUENCES = [tuple(_RNG.standard_normal(s).round(1) for s in ((T, 2), (2, 9), (3, 9), (9,))) for T in (1, 2, 6)]

gru_before = Exercise(
    ask="Write gru_before(x, W, U, b): the last state of a GRU whose reset gate acts before the product.",
    difficulty="hard",
    minutes=60,
    hints=(
        "Split W, U and b into three blocks of columns: r, z, g.",
        "The only change is where r is multiplied: on the state, before U_g mixes its units.",
    ),
    answer=_gru(),
    cases=_SEQUENCES,
    right="The form of the first paper. With a diagonal U_g both forms are the same; otherwise one unit's reset gate "
    "decides here what all other units hear of it.",
    mistakes={
        "reset after": (_gru(after=True), "That is the library's form: the reset gate comes after the product."),
        "update turned round": (
            _gru(swapped=True),
            "Your z lets the new in, where this chapter's keeps the old. Both are in use; keep to one.",
        ),
        "reset everywhere": (
            _gru(reset_all=True),
            "You reset what the update gate hears, too. It hears the whole state.",
        ),
        "no reset": (_gru(no_reset=True), "Your candidate hears the whole state. Where is the reset gate?"),
    },
)
