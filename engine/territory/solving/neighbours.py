"""Neighbours in a descent: accounts that had better share a seat (edges), or must not (pairs apart).

Moving i from a to b changes the cost by A_ib - A_ia, where A_ij adds up the weights of i's neighbours that are in seat
j: the steep price of a pair that must be apart, less the price of a cut edge.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.problem import Problem


class Neighbours:
    """Weighted links between accounts, both ways; sorted by account."""

    def __init__(self, problem: Problem, steep: float) -> None:
        links = [(a.what.pairs, np.full(len(a.what.pairs), steep)) for a in problem.apart]
        links += [(e.what.edges, -e.what.price) for e in problem.edge_costs]
        ends = np.concatenate([np.empty((0, 2), dtype=np.int64), *(pairs for pairs, _ in links)])
        weight = np.concatenate([np.empty(0), *(weights for _, weights in links)])
        here, there = np.concatenate((ends[:, 0], ends[:, 1])), np.concatenate((ends[:, 1], ends[:, 0]))
        order = np.lexsort((there, here))
        self.here, self.there = here[order], there[order]
        self.weight = np.tile(weight, 2)[order]
        self.reps = len(problem.rep_ids)

    def add(self, delta: FloatArray, rep_of: IntArray) -> None:
        """Add what each shift changes, in place; shape (account, rep)."""
        if not len(self.here):
            return
        np.add.at(delta, (self.here, rep_of[self.there]), self.weight)
        stays = rep_of[self.here] == rep_of[self.there]
        leaves = np.zeros(len(rep_of))
        np.add.at(leaves, self.here[stays], self.weight[stays])
        delta -= leaves[:, None]

    def swaps(self, rep_of: IntArray, ours: IntArray, theirs: IntArray) -> FloatArray:
        """Return what swapping each of ours with each of theirs changes, shape (ours, theirs)."""
        delta = np.zeros((len(ours), len(theirs)))
        if not len(self.here):
            return delta
        a, b = int(rep_of[ours[0]]), int(rep_of[theirs[0]])
        delta += (self._weights(rep_of, ours, b) - self._weights(rep_of, ours, a))[:, None]
        delta += (self._weights(rep_of, theirs, a) - self._weights(rep_of, theirs, b))[None, :]
        row, column = np.full(len(rep_of), -1), np.full(len(rep_of), -1)
        row[ours], column[theirs] = np.arange(len(ours)), np.arange(len(theirs))
        both = (row[self.here] >= 0) & (column[self.there] >= 0)
        np.subtract.at(delta, (row[self.here[both]], column[self.there[both]]), 2 * self.weight[both])
        return delta

    def _weights(self, rep_of: IntArray, accounts: IntArray, seat: int) -> FloatArray:
        total = np.zeros(len(rep_of))
        inside = rep_of[self.there] == seat
        np.add.at(total, self.here[inside], self.weight[inside])
        taken: FloatArray = total[accounts]
        return taken
