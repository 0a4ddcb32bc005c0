"""The cheapest a,b-separator under fractional values: the most violated contiguity row of an LP point.

Each unit u is split into an arc u_in -> u_out of capacity x_ub; edges are arcs of no limit; a maximal flow from a to b
meets a minimal cut of units (Menger). The row x_ab <= sum_{c in C} x_cb is violated when the cut is below x_ab.
Capacities are rounded to 10^-6, and one such part is added, for an exact integer flow and a cut without idle units;
the cut is a separator whatever the rounding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solvers.contiguity.graph import Graph, IntArray, Mask

SCALE = 1_000_000


def cheapest_separator(
    graph: Graph, a: int, b: int, value: ArrayLike, allowed: Mask | None = None
) -> IntArray | None:
    """Return an a,b-separator of least total `value` (unit,), 0 <= value <= 1; None when a and b touch.

    `allowed` (unit,): the others are no part of any path. Among the cheapest the one nearest to a. Units ascending.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    if b in graph.neighbours(a):
        return None
    room = np.ones(graph.units, dtype=np.bool_) if allowed is None else allowed.copy()
    room[[a, b]] = True
    unit = np.flatnonzero(room)
    u, v = graph.edges[room[graph.edges].all(axis=1)].T
    through = np.rint(SCALE * np.clip(np.asarray(value, dtype=np.float64)[unit], 0, 1)).astype(np.int64) + 1
    free = (SCALE + 1) * (len(graph.neighbours(a)) + 1)
    tail = np.concatenate((2 * unit, 2 * u + 1, 2 * v + 1))
    head = np.concatenate((2 * unit + 1, 2 * v, 2 * u))
    capacity = np.concatenate((through, np.full(2 * len(u), free)))
    shape = (2 * graph.units, 2 * graph.units)
    network = coo_array((capacity.astype(np.int32), (tail, head)), shape=shape).tocsr()
    flow = maximum_flow(network, 2 * a + 1, 2 * b).flow
    left = network - flow
    left.eliminate_zeros()
    near = np.zeros(2 * graph.units, dtype=np.bool_)
    near[breadth_first_order(left, 2 * a + 1, return_predecessors=False)] = True
    return np.flatnonzero(near[::2] & ~near[1::2] & room)
