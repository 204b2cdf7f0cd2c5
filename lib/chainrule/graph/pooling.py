"""From the states of nodes to one vector for each graph of a batch: sum, mean or maximum, which the order of the nodes
cannot change.

The sum can tell a graph from two copies of it, mean and maximum cannot (Xu et al., 2019, section 5.3).
"""

import numpy as np

from chainrule.graph.segments import segment_max, segment_mean, segment_sum
from chainrule.graph.stack import takes_graph
from chainrule.graph.structure import Graph, expect_nodes


@takes_graph
def pool_sum(x: np.ndarray, graph: Graph) -> tuple:
    """y_g = Σ of x_i over the nodes of graph g, (n, d) → (graphs, d);  dx_i = dy_g."""
    expect_nodes("pool_sum", x, graph)
    return segment_sum(x, graph.nodes)


@takes_graph
def pool_mean(x: np.ndarray, graph: Graph) -> tuple:
    """y_g = the mean of x_i over the n_g nodes of graph g, (n, d) → (graphs, d);  dx_i = dy_g / n_g."""
    expect_nodes("pool_mean", x, graph)
    return segment_mean(x, graph.nodes)


@takes_graph
def pool_max(x: np.ndarray, graph: Graph) -> tuple:
    """y_g = the largest x_i of graph g by column, (n, d) → (graphs, d);  dx_i = dy_g where x_i = y_g; ties share it."""
    expect_nodes("pool_max", x, graph)
    return segment_max(x, graph.nodes)
