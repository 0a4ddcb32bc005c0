"""Contraction: accounts that must stay together become one unit, and everything adds up exactly.

Overlapping groups (a household across two geographic units) merge: units are the connected components of the graph
whose edges join accounts that share a label. For a unit U and a seat j

    c_Uj = sum_{i in U} c_ij,   w_U = sum w_i,   eligible_Uj = all eligible_ij,   used_Uj = sum w_i moved_ij

Units stand in the order of their first accounts. Pairs that must be apart become pairs of units; an edge between
accounts becomes an edge between units, and vanishes within one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import FloatArray, IntArray, Words
from engine.territory.declaration import (
    Apart,
    Band,
    Budget,
    Connected,
    EdgeCost,
    Forbidden,
    Gain,
    Held,
    Rows,
    Spread,
    Together,
)
from engine.territory.measure import Measured
from engine.territory.problem import Problem


@dataclass(frozen=True)
class Contraction:
    """A problem over units, and the way back."""

    problem: Problem
    unit_of: IntArray
    """Unit of each account, shape (account,)."""

    def expand(self, rep_of: IntArray) -> IntArray:
        """Return the seat of each account from the seat of each unit."""
        out: IntArray = rep_of[self.unit_of]
        return out


def contract(problem: Problem) -> Contraction:
    """Return the same problem over units; without groups, itself."""
    unit_of = units(problem)
    if int(unit_of.max(initial=-1)) + 1 == len(unit_of):
        return Contraction(problem, unit_of)
    adder = _Adder(unit_of, _first(unit_of))
    contracted = replace(
        problem,
        cost=adder.real(problem.cost),
        eligible=adder.every(problem.eligible),
        owner=_owner(problem, unit_of, len(adder.first)),
        forbidden=tuple(
            replace(f, what=Forbidden.of(~adder.every(~f.what.pairs))) for f in problem.forbidden
        ),
        bands=tuple(replace(b, what=_band(b.what, adder)) for b in problem.bands),
        budgets=tuple(replace(b, what=_budget(b.what, problem, adder)) for b in problem.budgets),
        spreads=tuple(replace(s, what=_spread(s.what, adder)) for s in problem.spreads),
        account_ids=_names(problem.account_ids, unit_of, adder.first),
        together=(),
        apart=tuple(replace(a, what=Apart(unit_of[a.what.pairs])) for a in problem.apart),
        connected=tuple(
            replace(c, what=Connected(_edges(unit_of[c.what.edges])[0])) for c in problem.connected
        ),
        rows=tuple(replace(r, what=_rows(r.what, unit_of)) for r in problem.rows),
        edge_costs=tuple(replace(e, what=_edge_cost(e.what, unit_of)) for e in problem.edge_costs),
        holds=tuple(
            replace(h, what=Held(tuple(_spread(s, adder) for s in h.what.spreads), h.what.limit))
            for h in problem.holds
        ),
        gains=tuple(replace(g, what=_gain(g.what, adder)) for g in problem.gains),
    )
    return Contraction(contracted, unit_of)


def units(problem: Problem) -> IntArray:
    """Return the unit of each account, numbered in the order of their first accounts; shape (account,)."""
    return united(len(problem.account_ids), [named.what for named in problem.together])


def united(count: int, together: Sequence[Together]) -> IntArray:
    """Return the unit of each of so many accounts, numbered in the order of their first ones; shape (account,)."""
    if not together:
        return np.arange(count)
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for groups in together:
        first: dict[int, int] = {}
        for i, label in enumerate(groups.group.tolist()):
            if label >= 0:
                a, b = root(first.setdefault(label, i)), root(i)
                parent[max(a, b)] = min(a, b)
    roots = np.array([root(i) for i in range(count)], dtype=np.int64)
    return np.searchsorted(np.flatnonzero(roots == np.arange(count)), roots)


class _Adder:
    """Sums over the accounts of each unit."""

    def __init__(self, unit_of: IntArray, first: IntArray) -> None:
        self.order = np.argsort(unit_of, kind="stable")
        self.starts = np.searchsorted(unit_of[self.order], np.arange(len(first)))
        self.first = first

    def whole(self, values: IntArray) -> IntArray:
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0), dtype=np.int64)

    def real(self, values: FloatArray) -> FloatArray:
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0), dtype=np.float64)

    def every(self, flags: np.ndarray) -> np.ndarray:
        return np.asarray(np.logical_and.reduceat(flags[self.order], self.starts, axis=0))

    def measure(self, measure: Measured) -> Measured:
        return replace(measure, values=self.whole(measure.values))


def _first(unit_of: IntArray) -> IntArray:
    return np.unique(unit_of, return_index=True)[1].astype(np.int64)


def _owner(problem: Problem, unit_of: IntArray, count: int) -> IntArray:
    """Return the seat that holds most accounts of each unit, the first of them where several do; -1 for none."""
    held = np.flatnonzero(problem.owner >= 0)
    reps = len(problem.rep_ids)
    pair, members = np.unique(unit_of[held] * reps + problem.owner[held], return_counts=True)
    owner = np.full(count, -1, dtype=np.int64)
    order = np.lexsort((pair, -members))[::-1]
    owner[pair[order] // reps] = pair[order] % reps
    return owner


def _names(ids: Words, unit_of: IntArray, first: IntArray) -> Words:
    sizes = np.bincount(unit_of).tolist()
    return tuple(
        ids[i] if size == 1 else f"{ids[i]} with {size - 1} more kept together"
        for i, size in zip(first.tolist(), sizes, strict=True)
    )


def _band(band: Band, adder: _Adder) -> Band:
    return replace(band, measure=adder.measure(band.measure))


def _spread(spread: Spread, adder: _Adder) -> Spread:
    return replace(spread, measure=adder.measure(spread.measure))


def _gain(gain: Gain, adder: _Adder) -> Gain:
    return replace(gain, weight=adder.real(gain.weight))


def _budget(budget: Budget, problem: Problem, adder: _Adder) -> Budget:
    return Budget(adder.measure(budget.measure), budget.limit, adder.whole(problem.use(budget)))


def _edges(edges: IntArray) -> tuple[IntArray, IntArray]:
    """Return the edges between units, each once, and the edge that each of the given ones became; -1 within."""
    ends = np.sort(edges, axis=1)
    between = np.flatnonzero(ends[:, 0] != ends[:, 1])
    if not len(between):
        return np.empty((0, 2), dtype=np.int64), np.full(len(edges), -1, dtype=np.int64)
    kept, place = np.unique(ends[between], axis=0, return_inverse=True)
    became = np.full(len(edges), -1, dtype=np.int64)
    became[between] = place.reshape(-1)
    return kept.astype(np.int64), became


def _edge_cost(edge: EdgeCost, unit_of: IntArray) -> EdgeCost:
    edges, became = _edges(unit_of[edge.edges])
    price = np.zeros(len(edges))
    np.add.at(price, became[became >= 0], edge.price[became >= 0])
    return EdgeCost(edges, price)


def _rows(rows: Rows, unit_of: IntArray) -> Rows:
    """Add up the coefficients that fall on one pair of a row."""
    entries = np.stack((rows.row, unit_of[rows.account], rows.rep), axis=1)
    kept, place = np.unique(entries, axis=0, return_inverse=True)
    coefficient = np.zeros(len(kept), dtype=np.int64)
    np.add.at(coefficient, place.reshape(-1), rows.coefficient)
    return replace(rows, row=kept[:, 0], account=kept[:, 1], rep=kept[:, 2], coefficient=coefficient)
