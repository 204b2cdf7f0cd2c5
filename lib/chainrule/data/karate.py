"""A club that split in two: the network on which graph methods are tried first."""

from typing import NamedTuple

import numpy as np

FRIENDS = {  # of each member the friends with higher numbers, members counted from 0
    0: (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31),
    1: (2, 3, 7, 13, 17, 19, 21, 30),
    2: (3, 7, 8, 9, 13, 27, 28, 32),
    3: (7, 12, 13),
    4: (6, 10),
    5: (6, 10, 16),
    6: (16,),
    8: (30, 32, 33),
    9: (33,),
    13: (33,),
    14: (32, 33),
    15: (32, 33),
    18: (32, 33),
    19: (33,),
    20: (32, 33),
    22: (32, 33),
    23: (25, 27, 29, 32, 33),
    24: (25, 27, 31),
    25: (31,),
    26: (29, 33),
    27: (33,),
    28: (31, 33),
    29: (32, 33),
    30: (32, 33),
    31: (32, 33),
    32: (33,),
}
WITH_THE_INSTRUCTOR = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21)


class Graph(NamedTuple):
    """An undirected graph: edges (E, 2) int64, each once, smaller node first; labels (N,) int64 of the nodes."""

    edges: np.ndarray
    labels: np.ndarray


def karate_club() -> Graph:
    """34 members of a karate club, 78 friendships, and the club each joined when it split. Zachary (1977).

    Label 0 is the instructor's club (he is node 0), 1 that of the administrator (node 33); 17 members each. The edges
    are undirected, each once. Node 8 stood with the administrator, yet joined the instructor's club, as his label says.
    """
    edges = [(member, friend) for member, friends in FRIENDS.items() for friend in friends]
    labels = np.ones(34, np.int64)
    labels[list(WITH_THE_INSTRUCTOR)] = 0
    return Graph(np.array(edges, np.int64), labels)
