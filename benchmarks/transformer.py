"""One training step of a character-level GPT, as a chapter writes it, against PyTorch's fused attention."""

import numpy as np

from benchmarks.harness import Contestants
from benchmarks.workload import Step, Workload, torch_variants
from chainrule.losses import cross_entropy
from chainrule.models.gpt import GPT
from chainrule.optimizers import Adam
from chainrule.train import DataParallel

VOCABULARY, BATCH, HEADS = 64, 16, 4


def workload(name: str, d: int, layers: int, T: int, floor: float) -> Workload:
    """A GPT of width d on sequences of T tokens."""
    ids = np.random.default_rng(0).integers(0, VOCABULARY, (BATCH, T + 1))
    rows = BATCH * T
    forward = layers * (24 * rows * d * d + 4 * rows * T * d) + 2 * rows * d * VOCABULARY

    def contestants() -> Contestants:
        peers = torch_variants(lambda fused: pytorch(ids, d, layers, fused))
        return {"chainrule": library(ids, d, layers)} | peers

    return Workload(name, floor, 3 * forward, contestants)


def library(ids: np.ndarray, d: int, layers: int) -> Step:
    """The step as a chapter writes it, the batch shared by two threads."""
    model = GPT(VOCABULARY, ids.shape[1] - 1, d, HEADS, layers, np.random.default_rng(0))
    optimizer = Adam(model, lr=1e-3)
    parallel = DataParallel(model, cross_entropy, workers=2)
    x, target = ids[:, :-1], ids[:, 1:]

    def step() -> float:
        loss = parallel(x, target)
        optimizer.step()
        return loss

    return step


def pytorch(ids: np.ndarray, d: int, layers: int, fused: bool) -> Step:
    """The same network in PyTorch eager: pre-norm, GELU by tanh, scaled_dot_product_attention."""
    import torch
    from torch import nn
    from torch.nn.functional import cross_entropy, scaled_dot_product_attention

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
            self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
            self.network = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(approximate="tanh"), nn.Linear(4 * d, d))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            N, T, _ = x.shape
            q, k, v = self.qkv(self.norm1(x)).view(N, T, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
            y = scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(y.transpose(1, 2).reshape(N, T, d))
            return x + self.network(self.norm2(x))

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tokens, self.positions = nn.Embedding(VOCABULARY, d), nn.Embedding(ids.shape[1] - 1, d)
            self.blocks = nn.Sequential(*(Block() for _ in range(layers)))
            self.norm, self.head = nn.LayerNorm(d), nn.Linear(d, VOCABULARY, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(self.norm(self.blocks(self.tokens(x) + self.positions.weight)))

    torch.manual_seed(0)
    model = Model()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=fused or None)
    x, target = torch.from_numpy(ids[:, :-1].copy()), torch.from_numpy(ids[:, 1:].copy())

    def step() -> float:
        optimizer.zero_grad()
        loss = cross_entropy(model(x).view(-1, VOCABULARY), target.reshape(-1))
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


WORKLOADS = [
    workload("e1 GPT d 64, 4 heads, 2 layers, T 64, batch 16", 64, 2, 64, 0.85),
    workload("e2 GPT d 128, 4 heads, 4 layers, T 128, batch 16", 128, 4, 128, 0.7),
]
