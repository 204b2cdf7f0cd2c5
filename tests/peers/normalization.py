"""Normalisation beside PyTorch's, in training and in evaluation, on features, sequences and images."""

import numpy as np
from helpers import normal

from chainrule.layer import Layer
from chainrule.normalization import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from peers import F, Peer, torch


def batch_norm(shape: tuple, eps: float = 1e-5) -> Peer:
    """In training."""

    def theirs(x, gamma, beta):
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)

    return Peer("BatchNorm", lambda: (BatchNorm(shape[1], eps=eps), (1 + 2 * normal(*shape),), {}), theirs)


def batch_norm_evaluated(shape: tuple, momentum: float = 0.1, eps: float = 1e-5) -> Peer:
    """In evaluation, with the running statistics of three batches seen in training: they are compared too."""
    seen = [3 + (i + 1) * normal(*shape, seed=10 + i) for i in range(3)]

    def ours() -> tuple[Layer, tuple, dict]:
        layer = BatchNorm(shape[1], momentum, eps, dtype=np.float64)
        for x in seen:
            layer(x)
        return layer.evaluate(), (normal(*shape),), {}

    def theirs(x, gamma, beta):
        running = torch.zeros(shape[1], dtype=x.dtype), torch.ones(shape[1], dtype=x.dtype)
        for batch in seen:
            F.batch_norm(torch.tensor(batch), *running, training=True, momentum=momentum, eps=eps)
        return F.batch_norm(x, *running, gamma, beta, eps=eps)

    return Peer("BatchNorm", ours, theirs)


def layer_norm(shape: tuple, eps: float = 1e-5) -> Peer:
    n = shape[-1]
    return Peer(
        "LayerNorm",
        lambda: (LayerNorm(n, eps), (1 + 2 * normal(*shape),), {}),
        lambda x, gamma, beta: F.layer_norm(x, (n,), gamma, beta, eps),
    )


def rms_norm(shape: tuple, eps: float = 1e-5) -> Peer:
    n = shape[-1]
    return Peer(
        "RMSNorm",
        lambda: (RMSNorm(n, eps), (1 + 2 * normal(*shape),), {}),
        lambda x, gamma: F.rms_norm(x, (n,), gamma, eps),
    )


def group_norm(groups: int, shape: tuple, eps: float = 1e-5) -> Peer:
    return Peer(
        "GroupNorm",
        lambda: (GroupNorm(groups, shape[1], eps), (1 + 2 * normal(*shape),), {}),
        lambda x, gamma, beta: F.group_norm(x, groups, gamma, beta, eps),
    )


def instance_norm(shape: tuple) -> Peer:
    return Peer(
        "GroupNorm",
        lambda: (GroupNorm(shape[1], shape[1]), (1 + 2 * normal(*shape),), {}),
        lambda x, gamma, beta: F.instance_norm(x, weight=gamma, bias=beta),
    )


PEERS = {
    "BatchNorm of features": batch_norm((7, 3)),
    "BatchNorm of sequences": batch_norm((3, 4, 5), eps=0.1),
    "BatchNorm of one image": batch_norm((1, 2, 3, 4)),
    "BatchNorm of features, evaluated": batch_norm_evaluated((7, 3)),
    "BatchNorm of images, evaluated": batch_norm_evaluated((2, 3, 3, 4), momentum=0.3, eps=0.1),
    "LayerNorm of rows": layer_norm((5, 6)),
    "LayerNorm of sequences": layer_norm((2, 3, 5), eps=0.1),
    "RMSNorm of rows": rms_norm((5, 6)),
    "RMSNorm of sequences": rms_norm((2, 3, 5), eps=0.1),
    "GroupNorm of features": group_norm(2, (5, 6)),
    "GroupNorm of images": group_norm(3, (2, 6, 3, 2), eps=0.1),
    "GroupNorm with one group": group_norm(1, (3, 4, 5)),
    "GroupNorm with one channel each, instance normalisation": instance_norm((3, 4, 5, 2)),
}


def _shape(rng: np.random.Generator, channels: int) -> tuple:
    """(N, n) or (N, n, ...), with at least two numbers to a feature."""
    return (int(rng.integers(2, 9)), channels, *(int(size) for size in rng.integers(1, 6, rng.integers(0, 4))))


def random_batch_norm(rng: np.random.Generator) -> Peer:
    return batch_norm(_shape(rng, int(rng.integers(1, 9))), float(rng.uniform(1e-6, 0.2)))


def random_batch_norm_evaluated(rng: np.random.Generator) -> Peer:
    momentum, eps = float(rng.uniform(0, 1)), float(rng.uniform(1e-6, 0.2))
    return batch_norm_evaluated(_shape(rng, int(rng.integers(1, 9))), momentum, eps)


def random_row_norm(rng: np.random.Generator) -> Peer:
    shape = (*(int(size) for size in rng.integers(1, 6, rng.integers(0, 4))), int(rng.integers(2, 12)))
    return (layer_norm if rng.random() < 0.5 else rms_norm)(shape, float(rng.uniform(1e-6, 0.2)))


def random_group_norm(rng: np.random.Generator) -> Peer:
    groups = int(rng.integers(1, 5))
    return group_norm(groups, _shape(rng, groups * int(rng.integers(2, 4))), float(rng.uniform(1e-6, 0.2)))


RANDOM = [random_batch_norm, random_batch_norm_evaluated, random_row_norm, random_group_norm]
