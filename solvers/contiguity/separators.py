"""Minimal a,b-separators: the rows that make a district contiguous.

A set C of units without a and b is an a,b-*separator* when every path from a to b meets C. In a contiguous district
centred at b that holds a, some unit of C belongs to it:

    x_ab <= sum_{c in C} x_cb

and all these rows together say no more than contiguity. *Minimal* C (none can be dropped) give the strongest rows.
With a population limit U it is enough that C meets each path of weight <= U, both ends counted: a *length-U*
separator, smaller still. Units that cannot belong to b's district (x_cb = 0 fixed) are left out of paths and of C.

Sources: Fischetti, Leitner, Ljubic, Luipersbeck, Monaci, Resch, Salvagnin, Sinnl, "Thinning out Steiner trees",
2017; Validi, Buchanan, Lykhovyd, "Imposing contiguity constraints in political districting models", 2022.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solvers.contiguity.graph import Graph, IntArray, Mask


def reachable(graph: Graph, start: int, allowed: Mask) -> Mask:
    """Return which units a path over allowed units reaches from `start` (itself always), shape (unit,)."""
    from solvers.contiguity import compiled

    return compiled.reach(graph.offsets, graph.ends, start, np.ascontiguousarray(allowed))


def distances(graph: Graph, start: int, weight: ArrayLike, allowed: Mask | None = None) -> IntArray:
    """Return the least weight of a path from `start` to each unit over allowed units, both ends counted.

    `weight` holds whole numbers of 0 or more, shape (unit,). -1 where there is no path.
    """
    from solvers.contiguity import compiled

    room = np.ones(graph.units, dtype=np.bool_) if allowed is None else np.ascontiguousarray(allowed)
    return compiled.distance(graph.offsets, graph.ends, start, np.asarray(weight, dtype=np.int64), room)


def minimal_separator(
    graph: Graph, a: int, b: int, district: Mask | None = None, allowed: Mask | None = None
) -> IntArray:
    """Return a minimal a,b-separator outside `district`, as near to a's piece of it as can be; units ascending.

    `district` (unit,) are the units of b's district now, among them a in another piece than b (default: a and b
    alone). `allowed` (unit,) are those that may ever belong to it (default: all). Call with a and b exchanged for the
    separator nearest to b. Empty: no allowed path joins a and b, so x_ab = 0. Raises ValueError when a and b
    touch or lie in one piece: nothing separates them.
    """
    room = np.ones(graph.units, dtype=np.bool_) if allowed is None else allowed.copy()
    inside = np.zeros(graph.units, dtype=np.bool_) if district is None else district & room
    inside[[a, b]] = room[[a, b]] = True
    piece = reachable(graph, a, inside)
    touching = piece[graph.edges]
    border = np.zeros(graph.units, dtype=np.bool_)
    border[graph.edges[touching.any(axis=1)]] = True
    border &= ~piece & room
    if piece[b] or border[b]:
        raise ValueError(f"nothing separates units {a} and {b}: they touch or lie in one piece")
    beyond = reachable(graph, b, room & ~border)
    u, v = graph.edges[beyond[graph.edges].any(axis=1)].T
    needed = np.zeros(graph.units, dtype=np.bool_)
    needed[u] = needed[v] = True
    return np.flatnonzero(needed & border)


def shortened(
    graph: Graph,
    a: int,
    b: int,
    separator: IntArray,
    weight: ArrayLike,
    limit: int,
    allowed: Mask | None = None,
) -> IntArray:
    """Return a minimal length-`limit` a,b-separator within an a,b-separator; units ascending.

    Unit after unit is given back while every path without the rest weighs more than `limit` (or is none): one
    search per unit.
    """
    room = np.ones(graph.units, dtype=np.bool_) if allowed is None else allowed.copy()
    room[[a, b]] = True
    room[separator] = False
    kept = []
    for unit in separator.tolist():
        room[unit] = True
        least = int(distances(graph, a, weight, room)[b])
        if 0 <= least <= limit:
            room[unit] = False
            kept.append(unit)
    return np.asarray(kept, dtype=np.int64)
