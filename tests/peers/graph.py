"""Graph layers beside the same formulas in PyTorch, written with dense matrices and masks instead of lists of edges."""

from functools import partial

import numpy as np
from checks_graph import On
from helpers import normal, rng

from chainrule.activations import tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.graph import Graph, GraphAttention, GraphConv, MessagePassing, batch, pool_max, pool_mean, pool_sum
from peers import F, Peer, torch

PATH = Graph.undirected(5, [[0, 1, 2, 3], [1, 2, 3, 4]])
DIRECTED = Graph(4, [[0, 1, 1, 2], [1, 2, 3, 1]])
MANY = batch([PATH, Graph(1, []), DIRECTED, Graph(2, [])])


def adjacency(graph: Graph):
    """A[i, j] counts the edges j → i."""
    A = torch.zeros(graph.n, graph.n, dtype=torch.float64)
    for source, target in graph.edges.T:
        A[target, source] += 1
    return A


def convolution(graph: Graph, n_in: int = 3, n_out: int = 4, bias: bool = True) -> Peer:
    def theirs(x, W, b=None):
        A = adjacency(graph) + torch.eye(graph.n, dtype=x.dtype)
        scale = torch.diag(A.sum(1) ** -0.5)
        y = scale @ A @ scale @ x @ W
        return y if b is None else y + b

    layer = partial(GraphConv, n_in, n_out, rng(), bias=bias)
    return Peer("GraphConv", lambda: (layer(), (normal(graph.n, n_in),), {"graph": graph}), theirs)


def attention(graph: Graph, n_out: int = 2, heads: int = 1, concat: bool = True, slope: float = 0.2) -> Peer:
    """Every pair gets a score; those that are not joined, −∞. An edge may not occur twice here."""

    def theirs(x, W, a_source, a_target, b):
        joined = (adjacency(graph) + torch.eye(graph.n, dtype=x.dtype)) > 0
        ys = []
        for k in range(heads):
            h = x @ W[:, k * n_out : (k + 1) * n_out]
            scores = F.leaky_relu((h @ a_target[k])[:, None] + (h @ a_source[k])[None, :], slope)
            ys.append(torch.softmax(scores.masked_fill(~joined, -torch.inf), dim=1) @ h)
        return (torch.cat(ys, 1) if concat else torch.stack(ys).mean(0)) + b

    def ours() -> tuple:
        return GraphAttention(3, n_out, rng(), heads, concat, slope), (normal(graph.n, 3),), {"graph": graph}

    return Peer("GraphAttention", ours, theirs)


def passing(graph: Graph, aggregate: str) -> Peer:
    """Edge by edge, node by node."""

    def theirs(x, e, layer_message_layers_0_W, layer_message_layers_0_b, layer_update_W, layer_update_b):
        source, target = map(torch.tensor, graph.edges)
        rows = torch.cat([x[target], x[source], e], 1)
        messages = torch.tanh(rows @ layer_message_layers_0_W + layer_message_layers_0_b)
        heard = []
        for i in range(graph.n):
            mine = messages[target == i]
            reduce = {"sum": lambda m: m.sum(0), "mean": lambda m: m.mean(0), "max": lambda m: m.max(0).values}
            heard.append(reduce[aggregate](mine) if len(mine) else messages.new_zeros(messages.shape[1]))
        return torch.cat([x, torch.stack(heard)], 1) @ layer_update_W + layer_update_b

    def ours() -> tuple:
        layer = MessagePassing(Sequential(Dense(8, 4, rng()), tanh), Dense(7, 2, rng()), aggregate)
        return On(layer, graph), (normal(graph.n, 3), normal(graph.edges.shape[1], 2, seed=1)), {}

    return Peer("MessagePassing", ours, theirs)


def pooling(pool, reduce, graph: Graph = MANY) -> Peer:
    def theirs(x):
        return torch.stack([reduce(x[torch.tensor(graph.owner == g)]) for g in range(graph.graphs)])

    return Peer(pool.__name__, lambda: (pool, (normal(graph.n, 3),), {"graph": graph}), theirs)


PEERS = {
    "graph convolution": convolution(PATH),
    "graph convolution, directed, no bias": convolution(DIRECTED, bias=False),
    "graph convolution, batch": convolution(MANY),
    "graph attention": attention(PATH),
    "graph attention, 3 heads": attention(DIRECTED, heads=3),
    "graph attention, mean of 2 heads": attention(MANY, heads=2, concat=False, slope=0.1),
    "messages, sum": passing(DIRECTED, "sum"),
    "messages, mean": passing(MANY, "mean"),
    "messages, max": passing(MANY, "max"),
    "pool, sum": pooling(pool_sum, lambda x: x.sum(0)),
    "pool, mean": pooling(pool_mean, lambda x: x.mean(0)),
    "pool, max": pooling(pool_max, lambda x: x.max(0).values),
}


def random_graph(draw: np.random.Generator, twice: bool) -> Graph:
    n = int(draw.integers(1, 9))
    edges = draw.integers(0, n, (2, int(draw.integers(0, 3 * n))))
    edges = edges if twice else np.unique(edges[:, edges[0] != edges[1]], axis=1)
    return Graph(n, edges)


def random_convolution(draw: np.random.Generator) -> Peer:
    return convolution(random_graph(draw, twice=True), *draw.integers(1, 5, 2).tolist(), bias=bool(draw.integers(2)))


def random_attention(draw: np.random.Generator) -> Peer:
    return attention(random_graph(draw, False), *draw.integers(1, 4, 2).tolist(), concat=bool(draw.integers(2)))


def random_passing(draw: np.random.Generator) -> Peer:
    return passing(random_graph(draw, twice=True), str(draw.choice(["sum", "mean", "max"])))


RANDOM = [random_convolution, random_attention, random_passing]
