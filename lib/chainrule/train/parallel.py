"""Data-parallel training: a batch is cut into shards, and each worker finds the gradient of its own.

A replica of the model shares the weights and owns its gradients, so workers never write to the same memory. With N_k
of the N examples in shard k, the mean over the batch is Σ_k (N_k / N) · (the mean over shard k), and so is its
gradient. NumPy releases the interpreter's lock inside its loops and products, so Python threads run side by side.
"""

import copy
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.flatten import lay_out
from chainrule.layer import Layer
from chainrule.train.batches import Inputs, taken
from chainrule.train.step import backpropagate


def replica(model: Layer) -> Layer:
    """A copy of the model whose parameters are the model's own arrays, and whose gradients are not.

    Running statistics and generators are copies too: a replica's batch norm and dropout see their shard only.
    """
    theta, dtheta = model.flat()
    shared = {id(array): array for array in model.params.values()}
    twin = copy.deepcopy(model, shared)
    lay_out(twin, theta, np.zeros_like(dtheta))
    return twin


class DataParallel:
    """loss(model(x), target) and its gradient, found by several workers:  `value = parallel(x, target)`.

    Equal to the single-worker run to rounding, where the loss is a mean over examples that count alike and no layer
    looks across the batch. Batch norm normalises each shard by itself, and the model keeps the running statistics of
    the first; each shard's dropout draws from a generator seeded anew by the model's own, so that a run repeats.

    executor   where shards but the first are computed: threads of its own by default; a process pool or any other
               concurrent.futures.Executor gets a copy of the model with each shard, and loss must be picklable
    Raises     ValueError where workers is not a positive integer, or a batch is shorter than that.
    """

    def __init__(self, model: Layer, loss: Callable[..., tuple], workers: int = 2, executor: Executor | None = None):
        expect_positive_int("workers", workers)
        self.model, self.loss = model, loss
        self.executor = executor or ThreadPoolExecutor(max(1, workers - 1))
        self.replicas = [replica(model) for _ in range(workers - 1)]

    def __call__(self, x: Inputs, target: np.ndarray) -> float:
        """The loss on the batch; its gradient is left in the model."""
        n, workers = len(target), len(self.replicas) + 1
        if n < workers:
            raise ValueError(
                f"DataParallel takes a batch of at least {workers} examples for {workers} workers, got {n}"
            )
        cuts = [n * k // workers for k in range(workers + 1)]
        parts = [slice(*pair) for pair in zip(cuts, cuts[1:], strict=False)]
        shards = [(taken(x, part), target[part], (part.stop - part.start) / n) for part in parts]
        for twin in self.replicas:
            _follow(self.model, twin)
        futures = [
            self.executor.submit(_on_shard, twin, self.loss, *shard)
            for twin, shard in zip(self.replicas, shards[1:], strict=True)
        ]
        value, gradient = _on_shard(self.model, self.loss, *shards[0])
        for future in futures:
            part_value, part_gradient = future.result()
            value += part_value
            gradient += part_gradient
        return value


def _on_shard(
    model: Layer, loss: Callable[..., tuple], x: Inputs, target: np.ndarray, share: float
) -> tuple[float, np.ndarray]:
    """What a shard adds to the loss and to the gradient of the batch."""
    value, gradient = share * backpropagate(model, loss, x, target), model.flat()[1]
    gradient *= share
    return value, gradient


def _follow(model: Layer, twin: Layer) -> None:
    """Give the replica the model's mode, and its generators states drawn from the model's generators."""
    for layer, copied in zip(model.layers_below, twin.layers_below, strict=True):
        copied.training, copied._frozen = layer.training, layer._frozen
        for own, other in zip(generators(layer), generators(copied), strict=True):
            seed = int(own.integers(2**63))
            other.bit_generator.state = type(own.bit_generator)(seed).state


def generators(layer: Layer) -> Iterator[np.random.Generator]:
    """The layer's own generators (dropout has one), without those of its children."""
    return (value for value in vars(layer).values() if isinstance(value, np.random.Generator))
