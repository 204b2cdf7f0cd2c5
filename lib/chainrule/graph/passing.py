"""Message passing, of which every other graph layer is a special case: one network writes a message for each edge, each
node gathers those that reach it, and another network makes the node's new state from what it was and what it heard.
"""

import numpy as np

from chainrule.combine import Part
from chainrule.graph.segments import AGGREGATIONS
from chainrule.graph.stack import GraphLayer
from chainrule.graph.structure import Graph, expect_nodes, expect_table


class MessagePassing(GraphLayer):
    """m_i = ⊕_{j → i} M([x_i, x_j, e_ji]),  y_i = U([x_i, m_i]),  ⊕ the sum, mean or maximum.

    x (n, d), graph of n nodes, e (E, d_e) features of its edges, if any → y (n, width of U's output)
    message    M, a layer or function of rows (E, 2 d + d_e): target, source, edge
    update     U, a layer or function of rows (n, d + width of M's output)
    aggregate  "sum", "mean" or "max" by column; a node that no edge reaches hears 0

    Backward  [dx_i, dm_i] by U, dm spread over the edges (the maximum's to the largest), [dx_i, dx_j, de] by M; each
              node adds up what comes through its edges. `back` returns dx, or (dx, de) where e was given.
    Source    Gilmer et al. (2017), eqs. 1–2.
    Raises    ValueError where x is not (n, d) for the graph's n, or e has not a row for each edge.
    """

    def __init__(self, message: Part, update: Part, aggregate: str = "sum"):
        if aggregate not in AGGREGATIONS:
            raise ValueError(f'MessagePassing aggregate takes "sum", "mean" or "max", got {aggregate!r}')
        for name, part in (("message", message), ("update", update)):
            if not callable(part) or isinstance(part, type):
                raise ValueError(f"MessagePassing {name} takes a layer or a function x → (y, back), got {part!r}")
        self.message, self.update, self.aggregate = message, update, aggregate

    def forward(self, x: np.ndarray, graph: Graph, e: np.ndarray | None = None) -> tuple:
        expect_nodes(self, x, graph)
        sources, targets, d = graph.sources, graph.targets, x.shape[1]
        ends = [targets.spread(x), sources.spread(x)]
        if e is not None:
            expect_table(f"{self.label()} on {graph!r}, for its edges,", e, len(ends[0]), None, x.dtype)
            ends.append(e)
        messages, back_message = self.message(np.concatenate(ends, axis=1))
        heard, back_heard = AGGREGATIONS[self.aggregate](messages, targets)
        y, back_update = self.update(np.concatenate([x, heard], axis=1))

        def backward(dy: np.ndarray) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
            dstate = back_update(dy)
            dends = back_message(back_heard(dstate[:, d:]))
            dx = dstate[:, :d] + targets.sum(dends[:, :d]) + sources.sum(dends[:, d : 2 * d])
            return dx if e is None else (dx, dends[:, 2 * d :])

        return y, backward

    def label(self) -> str:
        return f"MessagePassing({self.aggregate})"
