"""A plan whose seats hang together: pieces regrown, then a descent that keeps every seat in one piece.

A seat keeps its main piece: the one with most accounts that no other seat may own, then with most accounts. Whatever
lies elsewhere is given, cheapest first, to a seat that touches it. After that only accounts that are no articulation
of their seat move, and only to a seat that they touch or to an empty one.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import BoolArray
from engine.territory.problem import Problem
from engine.territory.solving.descent import ROUNDS
from engine.territory.solving.descent import _State as DescentState
from solvers.contiguity import Graph, articulation, components, pieces

TINY = 1e-9


def graphs_of(problem: Problem) -> list[Graph]:
    """Return the graph of each rule of contiguity."""
    return [Graph.of(len(problem.account_ids), named.what.edges) for named in problem.connected]


def contiguous(problem: Problem, rep_of: IntArray) -> IntArray:
    """Return an alignment near the given one whose seats are one piece each, where regrowing finds one.

    It may break other rules; whoever uses it asks `problem.keeps`.
    """
    graphs, plan = graphs_of(problem), rep_of
    for graph in graphs:
        plan = regrown(problem, graph, plan)
    state = _Contiguous(problem, plan.copy(), graphs)
    for _ in range(ROUNDS):
        if not state.shift() and not state.swap():
            break
    return state.rep_of


def main_pieces(problem: Problem, graph: Graph, rep_of: IntArray) -> list[IntArray]:
    """Return the accounts of the main piece of each seat; empty for a seat that owns nothing."""
    only = problem.eligible.sum(axis=1) == 1
    found = pieces(graph, rep_of)
    found += [[] for _ in range(len(problem.rep_ids) - len(found))]
    none = np.empty(0, dtype=np.int64)
    return [max(parts, key=lambda who: (int(only[who].sum()), len(who)), default=none) for parts in found]


def regrown(problem: Problem, graph: Graph, rep_of: IntArray) -> IntArray:
    """Give what is not in the main piece of its seat to the cheapest seats that touch it, one after the other."""
    plan = np.full(len(rep_of), -1, dtype=np.int64)
    for rep, members in enumerate(main_pieces(problem, graph, rep_of)):
        plan[members] = rep
    queue: list[tuple[float, int, int]] = []

    def offer(unit: int) -> None:
        for other in graph.neighbours(unit).tolist():
            if plan[other] < 0 and problem.eligible[other, plan[unit]]:
                heappush(queue, (float(problem.cost[other, plan[unit]]), other, int(plan[unit])))

    for unit in np.flatnonzero(plan >= 0).tolist():
        offer(unit)
    while queue:
        _, unit, rep = heappop(queue)
        if plan[unit] < 0:
            plan[unit] = rep
            offer(unit)
    return np.where(plan < 0, rep_of, plan)


class _Contiguous(DescentState):
    """A descent in which no move breaks a seat into pieces."""

    def __init__(self, problem: Problem, rep_of: IntArray, graphs: list[Graph]) -> None:
        super().__init__(problem, rep_of)
        self.graphs = graphs

    def deltas(self) -> np.ndarray:
        """Return what each shift changes; inf where it would break a seat."""
        delta = np.where(self._movable(), super().deltas(), np.inf)
        delta[self.accounts, self.rep_of] = 0.0
        return delta

    def _movable(self) -> BoolArray:
        """Return which accounts may go to which seats and leave all seats in one piece, shape (account, rep)."""
        fits = np.ones((len(self.accounts), self.reps), dtype=np.bool_)
        empty = np.bincount(self.rep_of, minlength=self.reps) == 0
        for graph in self.graphs:
            touches = np.zeros(fits.shape, dtype=np.bool_)
            u, v = graph.edges.T
            touches[u, self.rep_of[v]] = touches[v, self.rep_of[u]] = True
            fits &= (touches | empty[None, :]) & ~articulation(graph, self.rep_of)[:, None]
        return fits

    def _leavers(self, a: int, b: int) -> IntArray:
        owned = super()._leavers(a, b)
        leavers: IntArray = owned[self._movable()[owned, b]]
        return leavers

    def _swap_between(self, a: int, b: int) -> bool:
        before = self.rep_of.copy()
        if not super()._swap_between(a, b):
            return False
        for graph in self.graphs:
            for rep in (a, b):
                if len(components(graph, np.flatnonzero(self.rep_of == rep))) > 1:
                    for i in np.flatnonzero(self.rep_of != before).tolist():
                        self._move(i, int(before[i]))
                    return False
        return True
