"""One training step of a convolutional network, as a chapter writes it, against PyTorch in both its memory orders."""

from math import prod

import numpy as np

from benchmarks.harness import Contestants
from benchmarks.workload import Step, Workload, torch_variants
from chainrule.losses import cross_entropy
from chainrule.models.cnn import cnn
from chainrule.optimizers import Adam
from chainrule.train import DataParallel

CLASSES, BATCH = 10, 64
Image = tuple[int, int, int]


def flops(image: Image, channels: tuple[int, ...]) -> float:
    """Of the products of 3×3 taps and of the dense layer: forward, and twice that backward."""
    planes, height, width = image
    total = 0.0
    for n_in, n_out in zip((planes, *channels), channels, strict=False):
        total += 2 * 9 * n_in * n_out * height * width
        height, width = height // 2, width // 2
    return 3 * BATCH * (total + 2 * channels[-1] * height * width * CLASSES)


def workload(name: str, image: Image, channels: tuple[int, ...], floor: float, workers: int) -> Workload:
    """Convolutions of 3×3, each with pooling and ReLU, then a dense layer."""
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((BATCH, *image), np.float32), rng.integers(0, CLASSES, BATCH)

    def contestants() -> Contestants:
        found: Contestants = {"chainrule": library(x, labels, channels, workers)}
        for order in ("", ", channels last"):
            peers = torch_variants(lambda fused: pytorch(x, labels, channels, fused, bool(order)))
            found |= {who + order: step for who, step in peers.items()}
        return found

    return Workload(name, floor, flops(image, channels), contestants)


def library(x: np.ndarray, labels: np.ndarray, channels: tuple[int, ...], workers: int) -> Step:
    """The step as a chapter writes it; a long one shares the batch between threads."""
    model = cnn(x.shape[1:], channels, CLASSES, np.random.default_rng(0))
    optimizer = Adam(model, lr=1e-3)
    parallel = DataParallel(model, cross_entropy, workers)

    def alone() -> float:
        logits, back = model(x)
        loss, back_loss = cross_entropy(logits, labels)
        model.zero_grad()
        back(back_loss())
        optimizer.step()
        return float(loss)

    def shared() -> float:
        loss = parallel(x, labels)
        optimizer.step()
        return loss

    return alone if workers == 1 else shared


def pytorch(x: np.ndarray, labels: np.ndarray, channels: tuple[int, ...], fused: bool, last: bool) -> Step:
    """The same network in PyTorch eager, its images in channels-last memory if `last`."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for n_in, n_out in zip((x.shape[1], *channels), channels, strict=False):
        layers += [nn.Conv2d(n_in, n_out, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()]
    features = channels[-1] * prod(n // 2 ** len(channels) for n in x.shape[2:])
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, CLASSES))
    images, target = torch.from_numpy(x), torch.from_numpy(labels)
    if last:
        model, images = (part.to(memory_format=torch.channels_last) for part in (model, images))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=fused or None)

    def step() -> float:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


WORKLOADS = [
    workload("c1 CNN 1×8×8, 16-32, batch 64", (1, 8, 8), (16, 32), 1.7, workers=1),
    workload("c2 CNN 3×32×32, 16-32-64, batch 64", (3, 32, 32), (16, 32, 64), 0.43, workers=2),
]
