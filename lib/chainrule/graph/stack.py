"""Layers one after another, some of which need the graph and some of which do not."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from chainrule.combine import Part, Sequential
from chainrule.layer import Layer

if TYPE_CHECKING:
    from chainrule.graph.structure import Graph

Function = TypeVar("Function", bound=Callable)


class GraphLayer(Layer):
    """A layer that is called as `layer(x, graph)`."""

    needs_graph = True


def takes_graph(function: Function) -> Function:
    """Mark a function (x, graph) → (y, back), so that GraphSequential gives it the graph."""
    function.needs_graph = True
    return function


class GraphSequential(Sequential):
    """Feed each part's output to the next, and the graph to those that need it:

    `GraphSequential(GraphConv(9, 32, rng), relu, GraphConv(32, 32, rng), relu, pool_mean, Dense(32, 1, rng))`

    Called as `y, back = model(x, graph)`; dx = back_1(… back_n(dy)). Parts that take a graph are GraphLayers, pools,
    other GraphSequentials and functions marked by `takes_graph`; all others get x alone.
    Raises ValueError where a part is not callable.
    """

    needs_graph = True

    def forward(self, x: np.ndarray, graph: "Graph") -> tuple:  # type: ignore[override]
        backs = []
        for layer in self.layers:
            x, back = layer(x, graph) if hasattr(layer, "needs_graph") else layer(x)
            backs.append(back)
        return x, lambda dy: _through(backs, dy)


def _through(backs: list[Part], dy: np.ndarray) -> np.ndarray:
    for back in reversed(backs):
        dy = back(dy)  # type: ignore[assignment]
    return dy
