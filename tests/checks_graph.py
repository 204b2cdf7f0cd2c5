"""What must hold of the graph layers, as functions of a module: see checks.py."""

from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.activations import relu
from chainrule.check import gradcheck
from chainrule.dense import Dense
from chainrule.graph import Graph, GraphConv, batch, pool_sum
from chainrule.graph.segments import Segments
from chainrule.layer import Layer

PATH = Graph.undirected(4, [[0, 1, 2], [1, 2, 3]])
GRAPHS = {
    "a path": PATH,
    "directed": Graph(4, [[0, 1, 1, 2], [1, 2, 3, 0]]),
    "an edge twice, a loop, a lonely node": Graph(4, [[0, 0, 1, 2], [1, 1, 0, 2]]),
    "one node": Graph(1, []),
    "no edges": Graph(3, []),
    "a batch": batch([Graph(2, [[0], [1]]), Graph(1, []), PATH, Graph(2, [])]),
}


class On(Layer):
    """A graph layer on one graph: x, and features of edges, are its inputs."""

    def __init__(self, layer: Layer, graph: Graph):
        self.layer, self.graph = layer, graph

    def forward(self, x: np.ndarray, *e: np.ndarray) -> tuple:
        return self.layer(x, self.graph, *e)


def graph_convolution_gradients(m: ModuleType) -> None:
    for graph in GRAPHS.values():
        for bias in (True, False):
            gradcheck(m.GraphConv(3, 2, rng(), bias=bias), normal(graph.n, 3), rng=rng(1), graph=graph)


def graph_convolution_values(m: ModuleType) -> None:
    layer = m.GraphConv(1, 1, rng(), dtype=np.float64)
    layer.W, layer.b = [[1]], [10]
    x = np.array([[1.0], [2], [4], [8]])
    r = 1 / np.sqrt(6)  # degrees with loops: 2, 3, 3, 2
    expected = [0.5 + 2 * r, r + (2 + 4) / 3, (2 + 4) / 3 + 8 * r, 4 * r + 4]
    assert_allclose(layer(x, PATH)[0][:, 0], 10 + np.array(expected))
    directed = m.normalised_adjacency(Graph(3, [[0, 0, 1], [1, 1, 2]]), np.float64).toarray()
    assert_allclose(directed, [[1, 0, 0], [2 / np.sqrt(3), 1 / 3, 0], [0, 1 / np.sqrt(6), 1 / 2]])


def graph_convolution_of_a_complete_graph_is_the_mean(m: ModuleType) -> None:
    pairs = np.stack(np.triu_indices(5, 1))
    layer, x = m.GraphConv(3, 2, rng(), dtype=np.float64), normal(5, 3)
    assert_allclose(layer(x, Graph.undirected(5, pairs))[0], np.tile(x.mean(0) @ layer.W, (5, 1)))


def graph_attention_gradients(m: ModuleType) -> None:
    for graph in GRAPHS.values():
        for options in ({}, {"heads": 3}, {"heads": 2, "concat": False, "slope": 0.5}):
            layer = m.GraphAttention(3, 2, rng(), **options)
            layer.b = normal(*layer.b.shape)
            gradcheck(layer, normal(graph.n, 3), rng=rng(1), graph=graph)


def graph_attention_values(m: ModuleType) -> None:
    layer = m.GraphAttention(1, 1, rng(), heads=2, concat=False, slope=0.1, dtype=np.float64)
    layer.W, layer.a_source, layer.a_target, layer.b = [[1, 2]], [[1], [0]], [[-1], [0]], [5]
    x = np.array([[1.0], [3]])
    edges, weights = layer.attention_weights(x, Graph(2, [[0], [1]]))
    assert edges.tolist() == [[0, 0, 1], [1, 0, 1]]
    e = np.exp(-0.1 * 2)  # the leaky score of the edge 0 → 1, 1 − 3; those of the loops are 0
    assert_allclose(weights, [[e / (1 + e), 0.5], [1, 1], [1 / (1 + e), 0.5]])
    first, second = [1, (e + 3) / (1 + e)], [2, 4]
    assert_allclose(layer(x, Graph(2, [[0], [1]]))[0][:, 0], 5 + (np.array(first) + second) / 2)


def graph_passing_gradients(m: ModuleType) -> None:
    for graph in GRAPHS.values():
        x, e = normal(graph.n, 3), normal(graph.edges.shape[1], 2, seed=1)
        for aggregate in ("sum", "mean", "max"):
            layer = m.MessagePassing(Dense(6, 4, rng()), Dense(7, 2, rng(1)), aggregate)
            gradcheck(layer, x, rng=rng(1), graph=graph)
            layer = m.MessagePassing(Dense(8, 4, rng()), Dense(7, 2, rng(1)), aggregate)
            gradcheck(On(layer, graph), x, e, rng=rng(1))


def graph_passing_values(m: ModuleType) -> None:
    """The message is 100 target + 10 source + edge, the new state 1000 old + heard."""
    message, update = Dense(3, 1, rng(), dtype=np.float64), Dense(2, 1, rng(), dtype=np.float64)
    message.W, update.W = [[100], [10], [1]], [[1000], [1]]
    x, e = np.array([[1.0], [2], [3]]), np.array([[4.0], [5], [6]])
    graph = Graph(3, [[0, 1, 2], [1, 2, 1]])
    heard = {"sum": [0, 214 + 236, 325], "mean": [0, 225, 325], "max": [0, 236, 325]}
    for aggregate, expected in heard.items():
        y = m.MessagePassing(message, update, aggregate)(x, graph, e)[0]
        assert_allclose(y[:, 0], [1000 + expected[0], 2000 + expected[1], 3000 + expected[2]])


def graph_pooling_gradients(m: ModuleType) -> None:
    for graph in GRAPHS.values():
        for pool in (m.pool_sum, m.pool_mean, m.pool_max):
            gradcheck(pool, normal(graph.n, 3), rng=rng(1), graph=graph)


def graph_pooling_values(m: ModuleType) -> None:
    graph = batch([Graph(2, []), Graph(1, []), Graph(3, [])])
    x = np.array([[1.0, -1], [3, -3], [5, 5], [6, 6], [7, 8], [8, 7]])
    assert m.pool_sum(x, graph)[0].tolist() == [[4, -4], [5, 5], [21, 21]]
    assert m.pool_mean(x, graph)[0].tolist() == [[2, -2], [5, 5], [7, 7]]
    assert m.pool_max(x, graph)[0].tolist() == [[3, -1], [5, 5], [8, 8]]


def segment_gradients(m: ModuleType) -> None:
    groups = m.Segments(np.array([2, 0, 2, 2, 4]), 5)
    for f in (m.segment_sum, m.segment_mean, m.segment_max, m.segment_softmax):
        gradcheck(f, normal(5, 3), rng=rng(1), groups=groups)
        gradcheck(f, normal(5, 2, 3), rng=rng(1), groups=groups)


def segment_values(m: ModuleType) -> None:
    groups = m.Segments(np.array([2, 0, 2]), 3)
    x = np.array([[-1.0], [2], [-3]])
    assert m.segment_sum(x, groups)[0].tolist() == [[2], [0], [-4]]
    assert m.segment_mean(x, groups)[0].tolist() == [[2], [0], [-2]]
    assert m.segment_max(x, groups)[0].tolist() == [[2], [0], [-1]]
    a = 1 / (1 + np.exp(-2))
    assert_allclose(m.segment_softmax(x, groups)[0], [[a], [1], [1 - a]])
    assert_allclose(m.segment_softmax(x + 1000, groups)[0], [[a], [1], [1 - a]])
    y, back = m.segment_max(np.ones((3, 1)), groups)
    assert back(np.array([[2.0], [4], [6]])).tolist() == [[3], [2], [3]]  # equals share


def a_batch_joins_graphs(m: ModuleType) -> None:
    first, second = m.Graph(2, [[0], [1]]), m.Graph.undirected(3, [[0, 1], [2, 1]])
    assert second.edges.tolist() == [[0, 1, 2], [2, 1, 0]]
    joined = m.batch([first, second, m.batch([first, first])])
    assert joined.n == 9 and joined.graphs == 4 and joined.owner.tolist() == [0, 0, 1, 1, 1, 2, 2, 3, 3]
    assert joined.edges.tolist() == [[0, 2, 3, 4, 5, 7], [1, 4, 3, 2, 6, 8]]
    looped = joined.with_loops
    assert looped.edges[:, 6:].tolist() == [list(range(9))] * 2 and looped.graphs == 4
    assert joined.targets.counts.tolist() == [0, 1, 1, 1, 1, 0, 1, 0, 1]
    assert joined.sources.counts.tolist() == [1, 0, 1, 1, 1, 1, 0, 1, 0]


def a_stack_gives_the_graph_to_those_who_need_it(m: ModuleType) -> None:
    parts = GraphConv(3, 4, rng()), relu, pool_sum, Dense(4, 2, rng(1))
    model = m.GraphSequential(m.GraphSequential(*parts[:2]), *parts[2:])
    graph = GRAPHS["a batch"]
    x = normal(graph.n, 3)
    gradcheck(model, x, rng=rng(1), graph=graph)
    model = model.astype(np.float64)
    h = model[0][0](x, graph)[0]
    assert_allclose(model(x, graph)[0], model[2](Segments(graph.owner, 4).sum(np.maximum(h, 0)))[0])


def propagated_labels(m: ModuleType) -> None:
    chain = Graph.undirected(6, [[0, 1, 2, 4], [1, 2, 3, 5]])
    p = m.label_propagation(chain, np.array([0, 3]), np.array([1, 0]))
    assert_allclose(p, [[0, 1], [1 / 3, 2 / 3], [2 / 3, 1 / 3], [1, 0], [0.5, 0.5], [0.5, 0.5]], atol=1e-12)
    directed = m.label_propagation(Graph(3, [[0, 1, 1], [2, 2, 2]]), np.array([0, 1]), np.array([0, 1]))
    assert_allclose(directed[2], [1 / 3, 2 / 3])
