"""The connected pieces of districts: components of the subgraph that keeps the edges within one label."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solvers.contiguity.graph import Graph, IntArray


def piece_of(graph: Graph, label: ArrayLike) -> IntArray:
    """Return the number of the piece of each unit, shape (unit,); -1 where the label is negative.

    Two units are of one piece when a path within their common label joins them. Pieces are numbered in the order of
    their smallest units. One pass of scipy's compiled search: O(units + edges).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    district = np.asarray(label, dtype=np.int64)
    if district.shape != (graph.units,):
        raise ValueError(f"{district.shape} labels for {graph.units} units")
    u, v = graph.edges[district[graph.edges[:, 0]] == district[graph.edges[:, 1]]].T
    links = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(graph.units, graph.units))
    _, found = connected_components(links.tocsr(), directed=False)
    piece = np.full(graph.units, -1, dtype=np.int64)
    member = np.flatnonzero(district >= 0)
    _, first, number = np.unique(found[member], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    piece[member] = rank[number]
    return piece


def pieces(graph: Graph, label: ArrayLike) -> list[list[IntArray]]:
    """Return for each label 0 .. max its pieces, largest first, then by smallest unit; units ascending."""
    district = np.asarray(label, dtype=np.int64)
    piece = piece_of(graph, district)
    order = np.argsort(piece, kind="stable")
    order = order[piece[order] >= 0]
    found: list[list[IntArray]] = [[] for _ in range(int(district.max(initial=-1)) + 1)]
    for units in np.split(order, np.flatnonzero(np.diff(piece[order])) + 1) if len(order) else []:
        found[int(district[units[0]])].append(units)
    for parts in found:
        parts.sort(key=lambda units: -len(units))
    return found


def components(graph: Graph, members: ArrayLike) -> list[IntArray]:
    """Return the connected pieces of the subgraph of `members` (unit numbers), by smallest unit; units ascending."""
    label = np.full(graph.units, -1, dtype=np.int64)
    label[np.asarray(members, dtype=np.int64)] = 0
    found = pieces(graph, label)
    return sorted(found[0], key=lambda units: int(units[0])) if found else []


def connected(graph: Graph, label: ArrayLike) -> bool:
    """Return whether each label is one piece."""
    return all(len(parts) <= 1 for parts in pieces(graph, label))
