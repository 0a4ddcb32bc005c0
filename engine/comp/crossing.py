"""Crossing: whether sums over plans and sums over nodes, held against each other, tell the pay of a few.

Plans cut everybody one way, nodes of the hierarchy another. Draw a point for each plan and each node whose sum is
known, and for each plan and node that have people in common a line as heavy as they are many. What can be worked out
from the sums is what crosses a cut of this graph: with the sums of plans on one side added and those of nodes
subtracted, all that lies within a side cancels. So nothing is told of a few people where no cut is as light as they.

A cut so light is sought by maximum adjacency orders (Nagamochi, Ibaraki 1992, Computing edge-connectivity in
multigraphs and capacitated graphs, SIAM J. Discrete Math. 5(1), 54-66): points that the order shows to be held
together by enough become one, until one is left or the last of an order is held by less.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import BoolArray, IntArray


def light_cut(lines: IntArray, least: int) -> BoolArray | None:
    """Return which points lie on one side of a cut lighter than `least`; None where there is none.

    Args:
        lines: weight of the line between two points, 0 for none; symmetric, shape (point, point).
        least: weight from which a cut will do.

    """
    from scipy.sparse.csgraph import connected_components

    _, part = connected_components(lines, directed=False)
    for one in np.unique(part):
        members = np.flatnonzero(part == one)
        side = _within(lines[np.ix_(members, members)], least)
        if side is not None:
            whole = np.zeros(len(lines), dtype=np.bool_)
            whole[members[side]] = True
            return whole
    return None


def _within(lines: IntArray, least: int) -> BoolArray | None:
    """Return a side of a light cut of a graph that hangs together."""
    inside = np.eye(len(lines), dtype=np.bool_)
    while len(lines) > 1:
        one, last, held = _ordered(lines, least)
        if held < least:
            return np.asarray(inside[last])
        join = np.zeros((int(one.max()) + 1, one.size), dtype=np.int64)
        join[one, np.arange(one.size)] = 1
        inside = (join @ inside) > 0
        lines = join @ lines @ join.T
        np.fill_diagonal(lines, 0)
    return None


def _ordered(lines: IntArray, least: int) -> tuple[IntArray, int, int]:
    """Return the points that become one, the last point of the order, and what holds it to all others."""
    name = np.arange(len(lines))
    held, left = np.zeros(len(lines), dtype=np.int64), np.ones(len(lines), dtype=np.bool_)
    point = weight = 0
    for _ in range(len(lines)):
        point = int(np.argmax(np.where(left, held, -1)))
        weight, left[point] = int(held[point]), False
        held = held + lines[point]
        together = left & (lines[point] > 0) & (held >= least)
        name[np.isin(name, name[together])] = name[point]
    return np.unique(name, return_inverse=True)[1].reshape(-1), point, weight
