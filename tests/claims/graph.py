"""What graph networks are promised to learn."""

import numpy as np

from chainrule.activations import tanh
from chainrule.data import karate_club
from chainrule.graph import Graph, GraphConv, GraphSequential
from chainrule.losses import cross_entropy
from chainrule.optimizers import Adam
from claims import Claim

LEADERS = np.array([0, 33])


def karate(seed: int) -> float:
    """Three graph convolutions are told the side of the two leaders; percent right of the other 32."""
    rng, club = np.random.default_rng(seed), karate_club()
    graph, x = Graph.undirected(34, club.edges.T), np.eye(34, dtype=np.float32)
    model = GraphSequential(GraphConv(34, 16, rng), tanh, GraphConv(16, 16, rng), tanh, GraphConv(16, 2, rng))
    optimizer = Adam(model, 0.01)
    for _ in range(200):
        logits, back = model(x, graph)
        _, back_loss = cross_entropy(logits[LEADERS], club.labels[LEADERS])
        dlogits = np.zeros_like(logits)
        dlogits[LEADERS] = back_loss()
        model.zero_grad()
        back(dlogits)
        optimizer.step()
    right = model(x, graph)[0].argmax(1) == club.labels
    return 100 * float(np.delete(right, LEADERS).mean())


CLAIMS = [Claim("Karate club: graph convolutions told two members' sides, of the other 32 right", karate, 95, "%")]
