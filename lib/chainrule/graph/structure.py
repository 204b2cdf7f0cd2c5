"""Who is joined to whom. A graph holds no features, only its nodes' number and its edges, and never changes.

Several graphs become one whose parts are not joined: a batch needs no padding, and no layer knows the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.arrays import expect_dtype, expect_positive_int
from chainrule.graph.segments import Segments

if TYPE_CHECKING:
    from chainrule.layer import Layer


@dataclass(frozen=True, eq=False, repr=False)
class Graph:
    """Nodes 0 … n − 1 and directed edges (2, E): edges[0] are the sources, edges[1] the targets, of messages.

    n       the number of nodes
    edges   integers (2, E), read-only; an edge may occur twice, and then counts twice
    owner   (n,): to which graph of a batch each node belongs, 0, 0, …, 1, …; one graph unless given

    Raises ValueError where an edge leaves 0 … n − 1, or owner is not a number ≥ 0 for each node.
    """

    n: int
    edges: np.ndarray
    owner: np.ndarray = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        expect_positive_int("Graph n", self.n)
        edges = np.array(self.edges) if np.size(self.edges) else np.zeros((2, 0), np.intp)
        if edges.ndim != 2 or len(edges) != 2 or edges.dtype.kind not in "iu":
            raise ValueError(f"Graph takes integer edges (2, E), got {edges.dtype} {edges.shape}")
        if edges.size and not (edges.min() >= 0 and edges.max() < self.n):
            raise ValueError(f"Graph takes edges between nodes 0 to {self.n - 1}, got {edges.min()} to {edges.max()}")
        owner = np.zeros(self.n, np.intp) if self.owner is None else np.array(self.owner)
        if owner.shape != (self.n,) or owner.dtype.kind not in "iu" or owner.min() < 0:
            raise ValueError(f"Graph takes an owner ≥ 0 for each of {self.n} nodes, got {owner.dtype} {owner.shape}")
        for name, array in (("edges", edges), ("owner", owner)):
            array = array.astype(np.intp)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def undirected(cls, n: int, pairs: Any) -> "Graph":
        """A graph in which each pair (2, P) is an edge both ways; a pair (i, i) is one edge."""
        pairs = Graph(n, pairs).edges
        return cls(n, np.concatenate([pairs, pairs[::-1, pairs[0] != pairs[1]]], axis=1))

    @cached_property
    def sources(self) -> Segments:
        """The edges, grouped by the node they leave."""
        return Segments(self.edges[0], self.n)

    @cached_property
    def targets(self) -> Segments:
        """The edges, grouped by the node they reach."""
        return Segments(self.edges[1], self.n)

    @cached_property
    def nodes(self) -> Segments:
        """The nodes, grouped by the graph of the batch they belong to."""
        return Segments(self.owner, self.graphs)

    @cached_property
    def with_loops(self) -> "Graph":
        """The same graph with one more edge i → i for each node, after its other edges."""
        loops = np.arange(self.n)
        return Graph(self.n, np.concatenate([self.edges, [loops, loops]], axis=1), self.owner)

    @cached_property
    def graphs(self) -> int:
        """The number of graphs in the batch, 1 unless made by `batch`."""
        return int(self.owner.max()) + 1

    @cached_property
    def cache(self) -> dict:
        """What layers derive from the graph alone and need at each call."""
        return {}

    def __repr__(self) -> str:
        graphs = f", {self.graphs} graphs" if self.graphs > 1 else ""
        return f"Graph({self.n} nodes, {self.edges.shape[1]} edges{graphs})"


def batch(graphs: Sequence[Graph]) -> Graph:
    """One graph of many: nodes and edges in the order given, each graph's numbers moved past those before it.

    `batch([g, h]).owner` says which node belongs to which graph; features are joined by np.concatenate.
    Raises ValueError for an empty sequence.
    """
    graphs = list(graphs)
    if not graphs or not all(isinstance(graph, Graph) for graph in graphs):
        raise ValueError(f"batch takes at least one Graph, and nothing else, got {graphs!r}")
    node = np.cumsum([0] + [graph.n for graph in graphs])
    first = np.cumsum([0] + [graph.graphs for graph in graphs])
    edges = np.concatenate([graph.edges + start for graph, start in zip(graphs, node)], axis=1)
    return Graph(int(node[-1]), edges, np.concatenate([graph.owner + i for graph, i in zip(graphs, first)]))


def expect_nodes(
    layer: "Layer | str", x: np.ndarray, graph: Graph, width: int | None = None, dtype: Any = None
) -> None:
    """Raise ValueError unless graph is a Graph and x an array (n, width) with a row for each node, of the dtype."""
    name = layer if isinstance(layer, str) else layer.label()
    if not isinstance(graph, Graph):
        raise ValueError(f"{name} takes features and a Graph, got {type(graph).__name__} for the graph")
    expect_table(f"{name} on {graph!r}", x, graph.n, width, dtype)


def expect_table(name: str, x: np.ndarray, length: int, width: int | None, dtype: Any) -> None:
    """Raise ValueError unless x is an array (length, width) of the dtype; None leaves width or dtype open."""
    shape = f"({length}, {'d' if width is None else width})"
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        raise ValueError(f"{name} takes floating-point {shape}, got {getattr(x, 'dtype', type(x).__name__)}")
    if x.ndim != 2 or len(x) != length or width not in (None, x.shape[1]):
        raise ValueError(f"{name} takes {shape}, got {x.shape}")
    if dtype is not None:
        expect_dtype(name, x, dtype)
