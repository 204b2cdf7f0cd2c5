"""A whole encoder layer, forward."""

import numpy as np

from chainrule.exercises.exercise import Exercise


def _standard(x):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)


def _layer(norm_first=True, past=True, root=None, norm_network=True, one_head=False, interleaved=False):
    """An encoder layer, and with one mistake where an argument asks for it."""

    def encode(x, p, heads):
        heads = 1 if one_head else heads
        z = (_standard(x) if norm_first else x) @ p["W"]
        if interleaved:
            parts = [np.split(part, 3, axis=1) for part in np.split(z, heads, axis=1)]
        else:
            parts = list(zip(*(np.split(part, heads, axis=1) for part in np.split(z, 3, axis=1)), strict=True))
        found = []
        for q, k, v in parts:
            s = q @ k.T / np.sqrt(q.shape[1] if root is None else root(x))
            e = np.exp(s - s.max(1, keepdims=True))
            found.append(e / e.sum(1, keepdims=True) @ v)
        h = x * past + np.concatenate(found, axis=1) @ p["out"]
        h = h if norm_first else _standard(h)
        inner = _standard(h) if norm_first and norm_network else h
        y = h * past + np.maximum(inner @ p["up"], 0) @ p["down"]
        return y if norm_first else _standard(y)

    return encode


_RNG = np.random.default_rng(11)
_SHAPES = {"W": (4, 12), "out": (4, 4), "up": (4, 6), "down": (6, 4)}
P = {name: _RNG.standard_normal(shape).round(2) for name, shape in _SHAPES.items()}
X = _RNG.standard_normal((3, 4)).round(2)

encode = Exercise(
    ask="Write encode(x, p, heads): a pre-norm encoder layer, forward, without biases.",
    difficulty="hard",
    minutes=45,
    hints=(
        "Two parts, each of the form x + f(norm(x)). Write the norm and the attention as functions of their own.",
        "The product with W has 3 d columns: first all queries, then all keys, then all values. Within each of the "
        "three, the heads are blocks of d / heads columns.",
        "The heads' answers are put side by side and go through out; the sum with x is what the network reads, through "
        "a norm of its own.",
    ),
    answer=_layer(),
    cases=[(X, P, 2), (2 * X[:2] + 1, P, 1), (X + 3, P, 4)],
    right="That is the whole of it. Give it a causal mask, stack it ninety-six times, make d twelve thousand, and you "
    "are close to GPT-3.",
    mistakes={
        "norm last": (_layer(norm_first=False), "Your norms stand after the sums. Here they stand before each part."),
        "nothing passes": (_layer(past=False), "Your parts replace the stream. They should add to it."),
        "root of d": (
            _layer(root=lambda x: x.shape[1]),
            "You divide by √d. How wide are the queries of one head?",
        ),
        "no root": (_layer(root=lambda x: 1), "Your scores are plain dot products: by what are they divided?"),
        "one norm": (
            _layer(norm_network=False),
            "Your network reads the stream as it is. It too reads through a norm.",
        ),
        "one head": (_layer(one_head=True), "You made one map for all columns. heads says into how many to cut them."),
        "cut the wrong way": (
            _layer(interleaved=True),
            "You cut into heads first and then into queries, keys and values. In W, all queries come first.",
        ),
    },
)
