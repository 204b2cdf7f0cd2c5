"""Attention beside PyTorch's scaled_dot_product_attention and nn.MultiheadAttention."""

import numpy as np
from helpers import normal, rng

from chainrule.attention import AttentionPooling, MultiHeadAttention, attention, padding_mask
from peers import F, Peer, torch

Q, K, V = normal(2, 2, 3, 4, seed=1), normal(2, 2, 5, 4, seed=2), normal(2, 2, 5, 3, seed=3)
MASK = np.array([[True, True, False, True, False], [False, True, True, False, True], [True] * 5])
BIAS = normal(2, 1, 3, 5, seed=4)
X, MEMORY = normal(2, 3, 4, seed=5), normal(2, 5, 4, seed=6)
KEYS = padding_mask(np.array([5, 2]), 5)


def dot_product(q, k, v, **options) -> Peer:
    """`attention` with these options; a bias and all masks are one additive mask in PyTorch."""
    mask, bias, causal = (options.get(name) for name in ("mask", "bias", "causal"))
    T, S = q.shape[-2], k.shape[-2]
    allowed = np.ones((T, S), bool) if mask is None else mask
    allowed = allowed & np.array([[j <= i + S - T for j in range(S)] for i in range(T)]) if causal else allowed

    def theirs(*tensors):
        added = torch.zeros((), dtype=torch.float64).masked_fill(torch.tensor(~allowed), -torch.inf)
        added = added if bias is None else added + torch.tensor(bias)
        return F.scaled_dot_product_attention(*tensors, attn_mask=added)

    return Peer("attention", lambda: (attention, (q, k, v), options), theirs)


def multihead(d: int, heads: int, inputs: tuple, causal: bool = False, bias: bool = True, mask=None) -> Peer:
    """MultiHeadAttention on (x,) or (x, memory); mask of keys (N, S)."""

    def theirs(x, memory=None, **params):
        module = torch.nn.MultiheadAttention(d, heads, bias=bias, batch_first=True).double()
        future = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), 1) if causal else None
        memory = x if memory is None else memory
        options = {"attn_mask": future, "key_padding_mask": None if mask is None else torch.tensor(~mask)}
        return torch.func.functional_call(module, named(params), (x, memory, memory), options)[0]

    def ours():
        return MultiHeadAttention(d, heads, rng(), causal=causal, bias=bias), inputs, {"mask": mask}

    return Peer("MultiHeadAttention", ours, theirs)


def named(params: dict, ours: str = "", theirs: str = "") -> dict:
    """Our parameters of an attention layer under PyTorch's names, its matrices transposed."""
    names = {"W": "in_proj_weight", "b": "in_proj_bias", "out_W": "out_proj.weight", "out_b": "out_proj.bias"}
    found = {theirs + there: params[ours + here] for here, there in names.items() if ours + here in params}
    return {name: p.T if p.ndim == 2 else p for name, p in found.items()}


def pooled(x, q, mask=None):
    """The definition, in tensors."""
    scores = x @ q / x.shape[-1] ** 0.5
    scores = scores if mask is None else scores.masked_fill(torch.tensor(~mask), -torch.inf)
    return (scores.softmax(-1)[..., None] * x).sum(1)


PEERS = {
    "attention": dot_product(Q, K, V),
    "attention, mask": dot_product(Q, K, V, mask=MASK),
    "attention, mask by example": dot_product(Q, K, V, mask=KEYS[:, None, None]),
    "attention, a query that may attend to nothing": dot_product(Q, K, V, mask=MASK & [[True], [False], [True]]),
    "attention, bias": dot_product(Q, K, V, bias=BIAS),
    "attention, large scores, mask and bias": dot_product(50 * Q, K, V, mask=MASK, bias=50 * BIAS),
    "attention, causal": dot_product(Q, K[:, :, :3], V[:, :, :3], causal=True),
    "attention, causal, last three of five": dot_product(Q, K, V, causal=True),
    "self-attention, one head": multihead(4, 1, (X,)),
    "self-attention, two heads, causal": multihead(4, 2, (X,), causal=True),
    "self-attention, no bias": multihead(4, 2, (X,), bias=False),
    "self-attention, padded": multihead(4, 2, (MEMORY,), mask=KEYS),
    "cross-attention": multihead(4, 2, (X, MEMORY)),
    "cross-attention, padded": multihead(4, 4, (X, MEMORY), mask=KEYS),
    "AttentionPooling": Peer("AttentionPooling", lambda: (AttentionPooling(4, rng()), (X,), {}), pooled),
    "AttentionPooling, padded": Peer(
        "AttentionPooling",
        lambda: (AttentionPooling(4, rng()), (MEMORY,), {"mask": KEYS}),
        lambda x, q: pooled(x, q, KEYS),
    ),
}


def random_attention(r: np.random.Generator) -> Peer:
    """Any leading axes and sizes, each option or not; some queries may attend to nothing."""
    lead, (T, S, d, e) = tuple(r.integers(1, 4, r.integers(0, 3))), r.integers(1, 7, 4)
    q, k, v = (r.standard_normal((*lead, *shape)) for shape in ((T, d), (S, d), (S, e)))
    options = {}
    if r.random() < 0.5:
        options["mask"] = r.random((T, S)) < 0.5
    if r.random() < 0.5:
        options["bias"] = r.choice([1, 100]) * r.standard_normal((*lead, 1, S))
    if T <= S and r.random() < 0.5:
        options["causal"] = True
    return dot_product(r.choice([1, 40]) * q, k, v, **options)


def random_multihead(r: np.random.Generator) -> Peer:
    """Self- or cross-attention of any size; the first key of each sequence is always there."""
    heads, (N, T, S) = int(r.integers(1, 4)), r.integers(1, 6, 3)
    d = heads * int(r.integers(1, 4))
    inputs = (r.standard_normal((N, T, d)), r.standard_normal((N, S, d)))[: r.integers(1, 3)]
    keys = inputs[-1].shape[:2]
    mask = (r.random(keys) < 0.6) | (np.arange(keys[1]) == 0) if r.random() < 0.5 else None
    causal = len(inputs) == 1 and r.random() < 0.5
    return multihead(d, heads, inputs, causal=causal, bias=r.random() < 0.7, mask=mask)


RANDOM = [random_attention, random_multihead]
