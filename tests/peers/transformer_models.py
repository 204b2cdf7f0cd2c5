"""Transformer models beside the same models put together from PyTorch's parts."""

from functools import partial

import numpy as np
from helpers import normal, rng

from chainrule.attention import sinusoidal
from chainrule.models.gpt import GPT
from chainrule.models.vit import ViT
from chainrule.transformer import Transformer
from peers import F, Peer, torch
from peers.transformer import future, module, stacked

SOURCE, TARGET = np.array([[1, 4, 2, 3], [2, 1, 0, 0]]), np.array([[1, 5, 2], [3, 1, 0]])


def gpt(ids, tied: bool, positions: str) -> Peer:
    T = ids.shape[1]

    def theirs(ids, **params):
        tokens = params["tokens_tokens_W"]
        where = params["tokens_learnt_P"][:T] if positions == "learnt" else torch.tensor(waves(T, 4))
        x = tokens[ids] + where
        h = torch.func.functional_call(module("Encoder", 4, 2, 16, 2), stacked(params, 2, "stack_"), (x, future(T)))
        return h @ (tokens.T if tied else params["head_W"])

    return Peer("GPT", lambda: (GPT(5, 6, 4, 2, 2, rng(), positions=positions, tied=tied), (ids,), {}), theirs)


def waves(T: int, d: int) -> np.ndarray:
    return sinusoidal(T, d, dtype=np.float64)


def transformer(source, target) -> Peer:
    def theirs(source, target, **params):
        def embedded(ids, name):
            return params[f"{name}_tokens_W"][ids] * (ids != 0)[..., None] + torch.tensor(waves(ids.shape[1], 4))

        gone, names = source == 0, partial(stacked, params, 1)
        masks = {"tgt_mask": future(target.shape[1]), "memory_key_padding_mask": gone}
        net = module("Encoder", 4, 2, 16, 1)
        memory = torch.func.functional_call(
            net, names("encoder_"), (embedded(source, "source"),), {"src_key_padding_mask": gone}
        )
        h = torch.func.functional_call(
            module("Decoder", 4, 2, 16, 1), names("decoder_"), (embedded(target, "target"), memory), masks
        )
        return h @ params["head_W"] + params["head_b"]

    return Peer("Transformer", lambda: (Transformer(5, 6, 4, 2, 1, rng()), (source, target), {}), theirs)


def vit(images, pool: str) -> Peer:
    def theirs(x, **params):
        cut = F.unfold(x, 2, stride=2).transpose(1, 2)  # (N, P, C · 4), as channels, rows, columns
        h = cut @ params["embed_W"] + params["embed_b"]
        if pool == "class":
            h = torch.cat([params["token"].expand(len(x), 1, 4), h], 1)
        h = h + params["positions_P"]
        h = torch.func.functional_call(module("Encoder", 4, 2, 16, 1), stacked(params, 1, "encoder_"), (h,))
        pooled = h[:, 0] if pool == "class" else h.mean(1)
        return pooled @ params["head_W"] + params["head_b"]

    return Peer("ViT", lambda: (ViT(4, 2, 3, 4, 2, 1, rng(), channels=2, pool=pool), (images,), {}), theirs)


PEERS = {
    "GPT, learnt positions": gpt(SOURCE, False, "learnt"),
    "GPT, tied, sinusoidal": gpt(SOURCE, True, "sinusoidal"),
    "Transformer": transformer(SOURCE, TARGET),
    "ViT, class vector": vit(normal(2, 2, 4, 4), "class"),
    "ViT, mean": vit(normal(2, 2, 4, 4), "mean"),
}
