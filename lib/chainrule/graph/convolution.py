"""Graph convolution: every node becomes a weighted sum of itself and its neighbours, and one matrix serves them all."""

from typing import Any

import numpy as np

from chainrule.arrays import column_sums, expect_float_dtype, expect_positive_int
from chainrule.graph.stack import GraphLayer
from chainrule.graph.structure import Graph, expect_nodes
from chainrule.initializers import Initializer, glorot


class GraphConv(GraphLayer):
    """y = Â x W + b,  Â = D^−½ (A + I) D^−½,  D the degrees of A + I.

    x (n, n_in), graph of n nodes → y (n, n_out);  W (n_in, n_out), b (n_out,)
    A_ij counts the edges j → i. Where a graph is not symmetric, degrees count the edges that reach a node.

    Backward  dh = Âᵀ dy,  dW = xᵀ dh,  db = Σ dy,  dx = dh Wᵀ.
    Init      W by `init`, by default Glorot & Bengio (2010), eq. 16; b zero.
    Source    Kipf & Welling (2017), eq. 2.
    Raises    ValueError where x is not (n, n_in) for the graph's n, or not of the layer's dtype.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        rng: np.random.Generator,
        init: Initializer = glorot,
        bias: bool = True,
        dtype: Any = np.float32,
    ):
        expect_positive_int("GraphConv n_in", n_in)
        expect_positive_int("GraphConv n_out", n_out)
        self.parameters(W=init((n_in, n_out), rng, dtype=dtype))
        if bias:
            self.parameters(b=np.zeros(n_out, expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray, graph: Graph) -> tuple:
        W = self.W
        expect_nodes(self, x, graph, len(W), W.dtype)
        A = normalised_adjacency(graph, W.dtype)
        y = A @ (x @ W)
        if "b" in self.names:
            y += self.b

        def backward(dy: np.ndarray) -> np.ndarray:
            dh = A.T @ dy
            if not self._frozen:
                self.dW += x.T @ dh
                if "b" in self.names:
                    self.db += column_sums(dy)
            return dh @ W.T

        return y, backward

    def label(self) -> str:
        return "GraphConv({} → {})".format(*self.W.shape)


def normalised_adjacency(graph: Graph, dtype: Any = np.float32) -> Any:
    """Â = D^−½ (A + I) D^−½ as a sparse (n, n) array: Â_ij = (A + I)_ij / √(d_i d_j). It is kept with the graph."""
    key = ("normalised adjacency", np.dtype(dtype))
    if key not in graph.cache:
        from scipy.sparse import csr_array  # here, because loading it takes longer than loading all of chainrule

        looped = graph.with_loops
        scale = 1 / np.sqrt(looped.targets.counts)
        source, target = looped.edges
        values = (scale[source] * scale[target]).astype(dtype)
        graph.cache[key] = csr_array((values, (target, source)), (graph.n, graph.n))
    return graph.cache[key]
