"""Networks on graphs: each node hears from its neighbours, and a layer does not care how the nodes are numbered.

A `Graph` says who is joined to whom; the nodes' features are an array beside it. The graph is an argument of each call,
`y, back = layer(x, graph)`, so one layer serves every graph, and `batch` makes one graph of many.
"""

from chainrule.graph.attention import GraphAttention
from chainrule.graph.convolution import GraphConv
from chainrule.graph.passing import MessagePassing
from chainrule.graph.pooling import pool_max, pool_mean, pool_sum
from chainrule.graph.propagation import label_propagation
from chainrule.graph.stack import GraphLayer, GraphSequential, takes_graph
from chainrule.graph.structure import Graph, batch

__all__ = [
    "Graph",
    "GraphAttention",
    "GraphConv",
    "GraphLayer",
    "GraphSequential",
    "MessagePassing",
    "batch",
    "label_propagation",
    "pool_max",
    "pool_mean",
    "pool_sum",
    "takes_graph",
]
