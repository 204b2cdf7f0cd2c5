"""Graph attention: a node weighs its neighbours by what they and itself hold, instead of by their degrees."""

from typing import Any

import numpy as np

from chainrule.activations import leaky_relu
from chainrule.arrays import column_sums, expect_float_dtype, expect_number, expect_positive_int
from chainrule.graph.segments import segment_softmax
from chainrule.graph.stack import GraphLayer
from chainrule.graph.structure import Graph, expect_nodes
from chainrule.initializers import glorot


class GraphAttention(GraphLayer):
    """y_i = ∥_k Σ_j α_ij h_j + b  over the edges j → i and i itself, h = x W in each of the heads k.

    α_ij is the softmax over j of LeakyReLU(a_target · h_i + a_source · h_j).
    x (n, n_in), graph of n nodes → y (n, heads · n_out), or the heads' mean (n, n_out) with concat=False
    W (n_in, heads · n_out);  a_source, a_target (heads, n_out);  b as wide as y

    Backward  through the sum, dα_ij = dy_i · h_j and dh_j = Σ_i α_ij dy_i; through the softmax and the leaky ReLU to
              the scores, whose gradients ds (of a_source · h) and dt (of a_target · h) add ds a_source + dt a_target
              to dh;  da_source = Σ ds h,  da_target = Σ dt h,  dW = xᵀ dh,  dx = dh Wᵀ,  db = Σ dy.
    Init      W by Glorot's rule, a_source and a_target as the halves of one Glorot column (2 n_out, 1); b zero.
    Source    Veličković et al. (2018), eqs. 1–6 (their a is our [a_target, a_source]; no activation here).
    Raises    ValueError where x is not (n, n_in) for the graph's n, or not of the layer's dtype.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        rng: np.random.Generator,
        heads: int = 1,
        concat: bool = True,
        slope: float = 0.2,
        dtype: Any = np.float32,
    ):
        for name, value in (("n_in", n_in), ("n_out", n_out), ("heads", heads)):
            expect_positive_int(f"GraphAttention {name}", value)
        expect_number("GraphAttention slope", slope, low=0)
        self.concat, self.slope = concat, float(slope)
        self.parameters(W=glorot((n_in, heads * n_out), rng, dtype=dtype))
        halves = np.stack([glorot((2 * n_out, 1), rng, dtype=dtype).reshape(2, n_out) for _ in range(heads)], axis=1)
        self.parameters(a_source=halves[0], a_target=halves[1])
        self.parameters(b=np.zeros(heads * n_out if concat else n_out, expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray, graph: Graph) -> tuple:
        slots = self._slots(x, graph)
        W, heads = self.W, len(self.a_source)
        h = (x @ W).reshape(len(x), heads, -1)
        weights, back_weights = self._weights(h, slots)
        neighbours = slots.sources.spread(h)
        y = slots.targets.sum(weights[..., None] * neighbours)
        y = y.reshape(len(x), -1) if self.concat else y.mean(1)

        def backward(dy: np.ndarray) -> np.ndarray:
            dheads = dy.reshape(h.shape) if self.concat else np.repeat(dy[:, None] / heads, heads, axis=1)
            dsum = slots.targets.spread(dheads)
            dh = slots.sources.sum(weights[..., None] * dsum)
            dh += back_weights((dsum * neighbours).sum(-1))
            dh = dh.reshape(len(x), -1)
            if not self._frozen:
                self.dW += x.T @ dh
                self.db += column_sums(dy)
            return dh @ W.T

        return y + self.b, backward

    def _slots(self, x: np.ndarray, graph: Graph) -> Graph:
        """The graph with an edge from each node to itself. Raises ValueError where x does not fit."""
        expect_nodes(self, x, graph, len(self.W), self.W.dtype)
        return graph.with_loops

    def _weights(self, h: np.ndarray, slots: Graph) -> tuple:
        """α (E, heads) from h (n, heads, n_out), and the way back to dh."""
        a_source, a_target = self.a_source, self.a_target
        scores = slots.sources.spread((h * a_source).sum(-1)) + slots.targets.spread((h * a_target).sum(-1))
        kinked, back_kink = leaky_relu(scores, self.slope)
        weights, back_softmax = segment_softmax(kinked, slots.targets)

        def backward(dweights: np.ndarray) -> np.ndarray:
            dscores = back_kink(back_softmax(dweights))
            ds, dt = (ends.sum(dscores)[..., None] for ends in (slots.sources, slots.targets))
            if not self._frozen:
                self.da_source += (ds * h).sum(0)
                self.da_target += (dt * h).sum(0)
            return ds * a_source + dt * a_target

        return weights, backward

    def attention_weights(self, x: np.ndarray, graph: Graph) -> tuple[np.ndarray, np.ndarray]:
        """(edges (2, E + n), α (E + n, heads)): the graph's edges, then each node's to itself, and their weights."""
        slots = self._slots(x, graph)
        return slots.edges, self._weights((x @ self.W).reshape(len(x), *self.a_source.shape), slots)[0]

    def label(self) -> str:
        heads, n_out = self.a_source.shape
        return f"GraphAttention({len(self.W)} → {n_out}, {heads} head{'s' * (heads > 1)})"
