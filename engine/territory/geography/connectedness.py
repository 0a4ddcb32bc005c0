"""Connectedness of a finished alignment: a walk through each seat's accounts."""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import Connected


def connects(connected: Connected, rep_of: IntArray) -> bool:
    """Say whether the accounts of each seat induce a connected subgraph of the edges."""
    return len(np.unique(islands(connected, rep_of))) == len(np.unique(rep_of))


def islands(connected: Connected, rep_of: IntArray) -> IntArray:
    """Return the island of each account: the connected pieces of the seats, shape (account,)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges, count = connected.edges, len(rep_of)
    same = edges[rep_of[edges[:, 0]] == rep_of[edges[:, 1]]]
    graph = coo_matrix((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label, dtype=np.int64)
