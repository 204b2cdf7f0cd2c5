"""Embeddings and positions beside PyTorch's; what PyTorch lacks is written there in its own complex numbers."""

import numpy as np
from helpers import normal, rng

from chainrule.activations import tanh
from chainrule.attention.positions import LearntPositions, rotary
from chainrule.combine import Sequential
from chainrule.embedding import Embedding, TiedOutput
from peers import F, Peer, torch


def embedding(n: int, d: int, shape: tuple, padding: int | None = None) -> Peer:
    ids = rng(1).integers(0, n, shape)
    if padding is not None and ids.size:
        ids.flat[0] = padding
    return Peer(
        "Embedding",
        lambda: (Embedding(n, d, rng(), padding=padding), (ids,), {}),
        lambda ids, W: F.embedding(ids, _zero_row(W, padding), padding_idx=padding),
    )


def tied(n: int, d: int, shape: tuple, padding: int | None = None) -> Peer:
    """The same table at both ends."""
    ids = rng(1).integers(0, n, shape)

    def ours() -> tuple:
        table = Embedding(n, d, rng(), padding=padding)
        return Sequential(table, tanh, TiedOutput(table)), (ids,), {}

    def theirs(ids, layers_0_W):
        W = _zero_row(layers_0_W, padding)
        return F.linear(torch.tanh(F.embedding(ids, W)), W)

    return Peer("TiedOutput", ours, theirs)


def _zero_row(W, padding: int | None):
    """PyTorch starts the padding row at zero and gives it no gradient; here it counts as zero whatever it holds."""
    return W if padding is None else W * (torch.arange(len(W)) != padding)[:, None]


def learnt_positions(n: int, shape: tuple, offset: int = 0) -> Peer:
    place = np.arange(offset, offset + shape[-2])
    return Peer(
        "LearntPositions",
        lambda: (LearntPositions(n, shape[-1], rng()), (normal(*shape),), {"offset": offset}),
        lambda x, P: x + F.embedding(torch.tensor(place), P),
    )


def rotary_peer(shape: tuple, offset: int = 0, base: float = 10_000.0) -> Peer:
    def theirs(x):
        T, d = shape[-2:]
        angles = torch.arange(offset, offset + T)[:, None] * base ** (-torch.arange(0, d, 2).double() / d)
        pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], d // 2, 2))
        return torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).reshape(x.shape)

    return Peer("rotary", lambda: (rotary, (normal(*shape),), {"offset": offset, "base": base}), theirs)


PEERS = {
    "Embedding, few ids": embedding(5, 3, (4, 6)),
    "Embedding, many ids": embedding(150, 3, (4, 6)),
    "Embedding with padding, few ids": embedding(5, 3, (4, 6), padding=2),
    "Embedding with padding, many ids": embedding(150, 3, (4, 6), padding=149),
    "TiedOutput": tied(5, 3, (4, 3)),
    "TiedOutput with padding": tied(5, 3, (4, 3), padding=0),
    "LearntPositions": learnt_positions(6, (2, 4, 3)),
    "LearntPositions from an offset": learnt_positions(6, (2, 4, 3), offset=2),
    "rotary": rotary_peer((2, 3, 5, 6)),
    "rotary from an offset, another base": rotary_peer((4, 4), offset=7, base=50.0),
}


def random_embedding(rng: np.random.Generator) -> Peer:
    n, d, axes = int(rng.integers(1, 400)), int(rng.integers(1, 9)), int(rng.integers(0, 4))
    padding = None if rng.random() < 0.4 else int(rng.integers(n))
    return embedding(n, d, tuple(int(size) for size in rng.integers(1, 7, axes)), padding)


def random_tied(rng: np.random.Generator) -> Peer:
    n, padding = int(rng.integers(1, 200)), None
    if rng.random() < 0.5:
        padding = int(rng.integers(n))
    return tied(n, int(rng.integers(1, 9)), (int(rng.integers(1, 6)), int(rng.integers(1, 6))), padding)


def random_rotary(rng: np.random.Generator) -> Peer:
    shape = (int(rng.integers(1, 4)), int(rng.integers(1, 9)), 2 * int(rng.integers(1, 9)))
    return rotary_peer(shape, int(rng.integers(0, 50)), float(rng.uniform(2, 20_000)))


RANDOM = [random_embedding, random_tied, random_rotary]
