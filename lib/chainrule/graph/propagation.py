"""Label propagation: the answer without a network. Labels flow along edges until every other node holds the mean of its
neighbours', which is the solution of one linear system. A graph network has to be better than this.
"""

import numpy as np

from chainrule.graph.structure import Graph


def label_propagation(graph: Graph, known: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Probabilities of the classes (n, C): one-hot at the known nodes, elsewhere the mean over the node's neighbours.

    known   node numbers (K,) whose labels are given;  labels  their classes (K,), 0 … C − 1
    F_u = (D − A)_uu⁻¹ A_uk Y_k. A part of the graph without a known node has no answer: its rows are uniform.
    Source  Zhu, Ghahramani & Lafferty (2003), eq. 5.
    Raises  ValueError where known and labels differ in length, or are not integers.
    """
    known, labels = np.asarray(known), np.asarray(labels)
    integers = known.dtype.kind in "iu" and labels.dtype.kind in "iu"
    if not integers or known.shape != labels.shape or known.ndim != 1 or not len(known):
        raise ValueError(
            f"label_propagation takes nodes (K,) and their classes (K,), got {known.dtype} {known.shape} and "
            f"{labels.dtype} {labels.shape}"
        )
    A = np.bincount(graph.edges[1] * graph.n + graph.edges[0], minlength=graph.n**2).reshape(graph.n, graph.n)
    free = np.setdiff1d(np.arange(graph.n), known)
    y = np.zeros((graph.n, labels.max() + 1))
    y[known] = np.eye(labels.max() + 1)[labels]
    laplacian = np.diag(A.sum(1)) - A
    y[free] = np.linalg.lstsq(laplacian[np.ix_(free, free)], A[np.ix_(free, known)] @ y[known], rcond=None)[0]
    y[y.sum(1) < 0.5] = 1 / y.shape[1]
    return y
