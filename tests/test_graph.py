from importlib import import_module

import checks_graph
import numpy as np
import pytest
from checks_graph import GRAPHS, On
from helpers import expect_contract, normal, rng

from chainrule.activations import relu
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.graph import (
    Graph,
    GraphAttention,
    GraphConv,
    GraphSequential,
    MessagePassing,
    batch,
    label_propagation,
    pool_max,
    pool_mean,
    pool_sum,
)

CHECKS = {
    "convolution": [
        checks_graph.graph_convolution_gradients,
        checks_graph.graph_convolution_values,
        checks_graph.graph_convolution_of_a_complete_graph_is_the_mean,
    ],
    "attention": [checks_graph.graph_attention_gradients, checks_graph.graph_attention_values],
    "passing": [checks_graph.graph_passing_gradients, checks_graph.graph_passing_values],
    "pooling": [checks_graph.graph_pooling_gradients, checks_graph.graph_pooling_values],
    "segments": [checks_graph.segment_gradients, checks_graph.segment_values],
    "structure": [checks_graph.a_batch_joins_graphs],
    "stack": [checks_graph.a_stack_gives_the_graph_to_those_who_need_it],
    "propagation": [checks_graph.propagated_labels],
}
LAYERS = {  # each takes (n, 3)
    "GraphConv": lambda: GraphConv(3, 2, rng()),
    "GraphAttention": lambda: GraphAttention(3, 2, rng(), heads=2),
    "GraphAttention, mean": lambda: GraphAttention(3, 2, rng(), heads=3, concat=False),
    "sum": lambda: MessagePassing(Dense(6, 4, rng()), Dense(7, 2, rng(1))),
    "mean": lambda: MessagePassing(Sequential(Dense(6, 4, rng()), relu), Dense(7, 2, rng(1)), "mean"),
    "max": lambda: MessagePassing(Sequential(Dense(6, 4, rng()), relu), Dense(7, 2, rng(1)), "max"),
    "stack": lambda: GraphSequential(GraphConv(3, 4, rng()), relu, GraphAttention(4, 2, rng())),
}


@pytest.mark.parametrize(
    ("module", "check"), [(module, check) for module, checks in CHECKS.items() for check in checks]
)
def test_check(module, check):
    check(import_module(f"chainrule.graph.{module}"))


def renumbered(graph: Graph, order: np.ndarray) -> Graph:
    """The graph whose i-th node is order[i] of the old one."""
    return Graph(graph.n, np.argsort(order)[graph.edges], graph.owner[order])


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_layers_do_not_care_how_nodes_are_numbered(name, graph):
    layer, x, order = LAYERS[name]().astype(np.float64), normal(graph.n, 3), rng(3).permutation(graph.n)
    there, back_there = layer(x[order], renumbered(graph, order))
    here, back_here = layer(x, graph)
    np.testing.assert_allclose(there, here[order], atol=1e-12)
    dy = normal(*here.shape, seed=1)
    np.testing.assert_allclose(back_there(dy[order]), back_here(dy)[order], atol=1e-12)


@pytest.mark.parametrize("pool", [pool_sum, pool_mean, pool_max])
def test_pools_do_not_care_either(pool):
    graph = GRAPHS["a batch"]
    x, order = normal(graph.n, 3), rng(3).permutation(graph.n)
    np.testing.assert_allclose(pool(x[order], renumbered(graph, order))[0], pool(x, graph)[0], atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_a_batch_of_graphs_is_the_graphs_one_by_one(name):
    layer = LAYERS[name]().astype(np.float64)
    graphs = list(GRAPHS.values())
    xs = [normal(graph.n, 3, seed=i) for i, graph in enumerate(graphs)]
    joined = layer(np.concatenate(xs), batch(graphs))[0]
    np.testing.assert_allclose(joined, np.concatenate([layer(x, g)[0] for x, g in zip(xs, graphs)]), atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_contract(name, dtype, graph):
    expect_contract(On(LAYERS[name](), graph), (graph.n, 3), dtype)


@pytest.mark.parametrize("pool", [pool_sum, pool_mean, pool_max])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract_of_pools(pool, dtype):
    for graph in GRAPHS.values():
        expect_contract(lambda x: pool(x, graph), (graph.n, 3), dtype)


def test_a_graph_does_not_change():
    pairs = np.array([[0, 1], [1, 2]])
    graph = Graph(3, pairs)
    pairs[:] = 0
    assert graph.edges.tolist() == [[0, 1], [1, 2]] and repr(graph) == "Graph(3 nodes, 2 edges)"
    assert repr(batch([graph, graph])) == "Graph(6 nodes, 4 edges, 2 graphs)"
    for array in (graph.edges, graph.owner):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(AttributeError):
        graph.n = 4


def test_attention_weights_are_shares():
    graph = GRAPHS["a batch"]
    edges, weights = LAYERS["GraphAttention"]().astype(np.float64).attention_weights(normal(graph.n, 3), graph)
    assert edges.shape == (2, graph.edges.shape[1] + graph.n) and weights.shape == (edges.shape[1], 2)
    np.testing.assert_allclose([weights[edges[1] == i].sum(0) for i in range(graph.n)], 1)


X = np.zeros((4, 3), np.float32)
PATH = GRAPHS["a path"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Graph(0, []), "Graph n takes a positive integer, got 0"),
        (lambda: Graph(2, [[0], [2]]), "Graph takes edges between nodes 0 to 1, got 0 to 2"),
        (lambda: Graph(2, [[-1], [0]]), "Graph takes edges between nodes 0 to 1, got -1 to 0"),
        (lambda: Graph(3, [[0, 1], [1, 2], [2, 0]]), r"Graph takes integer edges \(2, E\), got int64 \(3, 2\)"),
        (lambda: Graph(2, [[0.0], [1]]), r"Graph takes integer edges \(2, E\), got float64"),
        (lambda: Graph(2, [], [0, 1, 1]), r"Graph takes an owner ≥ 0 for each of 2 nodes, got int64 \(3,\)"),
        (lambda: batch([]), "batch takes at least one Graph"),
        (lambda: LAYERS["GraphConv"]()(X, PATH.edges), "GraphConv.* takes features and a Graph, got ndarray"),
        (lambda: LAYERS["GraphConv"]()(X[:2], PATH), r"GraphConv\(3 → 2\) on Graph\(4 .*takes \(4, 3\), got \(2, 3\)"),
        (lambda: LAYERS["GraphConv"]()(X[:, :2], PATH), r"takes \(4, 3\), got \(4, 2\)"),
        (lambda: LAYERS["GraphAttention"]()(X.astype(float), PATH), r"heads\) on .* holds float32, got float64: cast"),
        (lambda: LAYERS["sum"]()(X, PATH, X), r"\(sum\) on .*for its edges, takes \(6, d\), got \(4, 3\)"),
        (lambda: pool_sum(X[0], PATH), r"pool_sum on .* takes \(4, d\), got \(3,\)"),
        (lambda: pool_sum(X.astype(int), PATH), r"pool_sum on .* takes floating-point \(4, d\), got int64"),
        (lambda: GraphConv(3, 0, rng()), "GraphConv n_out takes a positive integer, got 0"),
        (lambda: GraphAttention(3, 2, rng(), heads=0), "GraphAttention heads takes a positive integer, got 0"),
        (lambda: MessagePassing(relu, relu, "median"), '"sum", "mean" or "max", got \'median\''),
        (lambda: MessagePassing(relu, Dense), "MessagePassing update takes a layer or a function"),
        (lambda: GraphSequential(3), "GraphSequential takes layers and functions"),
        (lambda: label_propagation(PATH, [0, 1], [0]), r"nodes \(K,\) and their classes \(K,\), got int64 \(2,\)"),
    ],
)
def test_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
