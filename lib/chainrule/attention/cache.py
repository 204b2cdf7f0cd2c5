"""What generation need not compute again: the keys and values of the positions that came before.

A causal model's keys and values at a position never change once it has been seen. A cache holds them, for every
attention layer of one model and one batch of sequences, so that each new token costs one position instead of all.
The layers remember nothing; the cache is an argument:

    cache = Cache()
    logits, _ = model(prompt, cache=cache)      # all positions of the prompt
    logits, _ = model(token, cache=cache)       # (N, 1): one more position
"""

from collections.abc import Callable

import numpy as np

from chainrule.layer import Layer


class Cache:
    """Keys and values by attention layer. Use one for one batch of sequences; a layer may stand once in a model.

    `length` is the number of positions seen. Backward from a cached pass treats what was cached as constant.
    """

    def __init__(self) -> None:
        self._seen: dict[Layer, tuple[_Growing, _Growing]] = {}
        self._memory: dict[Layer, tuple] = {}

    @property
    def length(self) -> int:
        """The number of positions that the first layer has seen; all layers, between two passes."""
        return next((k.length for k, _ in self._seen.values()), 0)

    def seen(self, layer: Layer) -> int:
        """The number of positions that this layer has seen."""
        return self._seen[layer][0].length if layer in self._seen else 0

    def extend(self, layer: Layer, k: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Append keys and values (N, heads, T, d) of new positions; returns those of all positions.

        Raises ValueError where N, heads or d are not those of the positions before.
        """
        if layer not in self._seen:
            self._seen[layer] = _Growing(k), _Growing(v)
        keys, values = self._seen[layer]
        return keys.append(k), values.append(v)

    def once(self, layer: Layer, compute: Callable[[], tuple]) -> tuple:
        """compute() at the first call for this layer, the same result afterwards: what depends on a memory alone."""
        if layer not in self._memory:
            self._memory[layer] = compute()
        return self._memory[layer]


class _Growing:
    """An array (N, heads, T, d) that grows along T into room that doubles, so that appending copies little."""

    def __init__(self, like: np.ndarray):
        N, heads, _, d = like.shape
        self.length, self._room = 0, np.empty((N, heads, 0, d), like.dtype)

    def append(self, new: np.ndarray) -> np.ndarray:
        N, heads, room, d = self._room.shape
        if (new.shape[:2], new.shape[3], new.dtype) != ((N, heads), d, self._room.dtype):
            raise ValueError(
                f"Cache holds {self._room.dtype} (N, heads, d) = {(N, heads, d)}, got {new.dtype} "
                f"{(*new.shape[:2], new.shape[3])}: use a new Cache for other sequences"
            )
        start, stop = self.length, self.length + new.shape[2]
        if stop > room:
            old, self._room = self._room, np.empty((N, heads, max(stop, 2 * room), d), new.dtype)
            self._room[:, :, :start] = old[:, :, :start]
        self._room[:, :, start:stop], self.length = new, stop
        return self._room[:, :, :stop]
