"""Transformer layers and stacks beside PyTorch's nn.TransformerEncoderLayer and nn.TransformerDecoderLayer."""

from functools import partial

import numpy as np
from helpers import normal, rng

from chainrule.activations import gelu, gelu_tanh, relu
from chainrule.attention import padding_mask
from chainrule.transformer import Decoder, DecoderLayer, Encoder, EncoderLayer
from peers import F, Peer, torch
from peers.attention import named

X, MEMORY = normal(2, 3, 4, seed=5), normal(2, 5, 4, seed=6)
KEYS = padding_mask(np.array([5, 2]), 5)
ACTIVATIONS = {relu: "relu", gelu: "gelu"}


def renamed(params: dict, ours: str = "", theirs: str = "") -> dict:
    """Our parameters of an encoder or decoder layer under PyTorch's names."""
    cross = f"{ours}cross_f_W" in params
    found = named(params, f"{ours}attention_f_", f"{theirs}self_attn.")
    found |= named(params, f"{ours}cross_f_", f"{theirs}multihead_attn.")
    for i, part in enumerate(("attention", *("cross",) * cross, "network"), 1):
        found[f"{theirs}norm{i}.weight"] = params[f"{ours}{part}_norm_gamma"]
        found[f"{theirs}norm{i}.bias"] = params[f"{ours}{part}_norm_beta"]
    for i, there in ((0, "linear1"), (2, "linear2")):
        found[f"{theirs}{there}.weight"] = params[f"{ours}network_f_layers_{i}_W"].T
        found[f"{theirs}{there}.bias"] = params[f"{ours}network_f_layers_{i}_b"]
    return found


def stacked(params: dict, layers: int, prefix: str = "") -> dict:
    """Our parameters of a stack under PyTorch's names."""
    found = {}
    for i in range(layers):
        found |= renamed(params, f"{prefix}layers_{i}_", f"layers.{i}.")
    if f"{prefix}norm_gamma" in params:
        found |= {"norm.weight": params[f"{prefix}norm_gamma"], "norm.bias": params[f"{prefix}norm_beta"]}
    return found


def module(kind: str, d: int, heads: int, hidden: int, layers: int = 0, norm_first: bool = True, activation=gelu_tanh):
    """PyTorch's encoder or decoder: one layer, or a stack with a last norm if norm_first."""
    curve = ACTIVATIONS.get(activation) or partial(F.gelu, approximate="tanh")
    options = {"dropout": 0.0, "activation": curve, "batch_first": True, "norm_first": norm_first}
    layer = getattr(torch.nn, f"Transformer{kind}Layer")(d, heads, hidden, **options)
    norm = torch.nn.LayerNorm(d) if norm_first else None
    extra = {"enable_nested_tensor": False} if kind == "Encoder" else {}
    stack = getattr(torch.nn, f"Transformer{kind}")(layer, layers, norm, **extra) if layers else layer
    return stack.double()


def hidden_from(mask):
    """A mask as PyTorch takes it: True where attending is not allowed."""
    return None if mask is None else torch.tensor(~mask)


def future(T: int):
    return torch.triu(torch.ones(T, T, dtype=torch.bool), 1)


def encoder(x, d=4, heads=2, hidden=6, layers=0, causal=False, mask=None, **options) -> Peer:
    """An EncoderLayer, or an Encoder of so many layers."""

    def theirs(x, **params):
        net = module("Encoder", d, heads, hidden, layers, **options)
        past = {("mask" if layers else "src_mask"): future(x.shape[1]) if causal else None}
        names = stacked(params, layers) if layers else renamed(params)
        return torch.func.functional_call(net, names, (x,), past | {"src_key_padding_mask": hidden_from(mask)})

    kind, size = (Encoder, (layers,)) if layers else (EncoderLayer, ())
    make = lambda: kind(d, heads, *size, rng(), hidden=hidden, causal=causal, **options)  # noqa: E731
    return Peer(kind.__name__, lambda: (make(), (x,), {"mask": mask}), theirs)


def decoder(y, memory, d=4, heads=2, hidden=6, layers=0, mask=None, **options) -> Peer:
    """A DecoderLayer, or a Decoder of so many layers; mask is that of the memory."""

    def theirs(y, memory, **params):
        net = module("Decoder", d, heads, hidden, layers, **options)
        masks = {"tgt_mask": future(y.shape[1]), "memory_key_padding_mask": hidden_from(mask)}
        names = stacked(params, layers) if layers else renamed(params)
        return torch.func.functional_call(net, names, (y, memory), masks)

    kind, size = (Decoder, (layers,)) if layers else (DecoderLayer, ())
    make = lambda: kind(d, heads, *size, rng(), hidden=hidden, **options)  # noqa: E731
    return Peer(kind.__name__, lambda: (make(), (y, memory), {"memory_mask": mask}), theirs)


PEERS = {
    "EncoderLayer, pre-norm, GELU by tanh": encoder(X),
    "EncoderLayer, post-norm, ReLU, causal": encoder(X, norm_first=False, activation=relu, causal=True),
    "EncoderLayer, pre-norm, GELU, padded": encoder(MEMORY, activation=gelu, mask=KEYS),
    "Encoder, pre-norm, causal": encoder(X, layers=2, causal=True),
    "Encoder, post-norm, padded": encoder(MEMORY, layers=2, norm_first=False, mask=KEYS),
    "DecoderLayer, pre-norm": decoder(X, MEMORY),
    "DecoderLayer, post-norm, ReLU, padded": decoder(X, MEMORY, norm_first=False, activation=relu, mask=KEYS),
    "Decoder, pre-norm, padded": decoder(X, MEMORY, layers=2, mask=KEYS),
    "Decoder, post-norm": decoder(X, MEMORY, layers=2, norm_first=False, activation=gelu),
}


def random_encoder(r: np.random.Generator) -> Peer:
    d, heads, options = _options(r)
    x = r.standard_normal((*r.integers(1, 5, 2), d))
    mask = (r.random(x.shape[:2]) < 0.6) | (np.arange(x.shape[1]) == 0)
    return encoder(x, d, heads, causal=r.random() < 0.5, mask=mask, layers=int(r.integers(0, 3)), **options)


def random_decoder(r: np.random.Generator) -> Peer:
    d, heads, options = _options(r)
    N, T, S = r.integers(1, 5, 3)
    mask = (r.random((N, S)) < 0.6) | (np.arange(S) == 0)
    y, memory = r.standard_normal((N, T, d)), r.standard_normal((N, S, d))
    return decoder(y, memory, d, heads, mask=mask, layers=int(r.integers(0, 3)), **options)


def _options(r: np.random.Generator) -> tuple:
    heads = int(r.integers(1, 4))
    activation = (relu, gelu, gelu_tanh)[r.integers(3)]
    hidden = int(r.integers(1, 9))
    return (
        heads * int(r.integers(2, 4)),
        heads,
        {
            "hidden": hidden,
            "norm_first": r.random() < 0.5,
            "activation": activation,
        },
    )


RANDOM = [random_encoder, random_decoder]
