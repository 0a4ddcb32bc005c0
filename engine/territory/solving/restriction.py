"""Restriction: a problem over some of its accounts and seats, which no eligible pair leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import (
    Apart,
    Band,
    BoolArray,
    Connected,
    EdgeCost,
    Forbidden,
    Gain,
    Held,
    Rows,
    Spread,
    Together,
)
from engine.territory.problem import Problem


def restrict(problem: Problem, accounts: IntArray, reps: IntArray) -> Problem:
    """Return the part over some accounts and seats.

    Budgets must be empty, as they span the parts. An edge that leaves the part is cut by every alignment: its price
    is paid by its first end, whatever the seat.
    """
    assert not problem.budgets
    back = _index(accounts, len(problem.account_ids))
    seat = _index(reps, len(problem.rep_ids))
    owner = problem.owner[accounts]
    kept = replace(
        problem,
        cost=problem.cost[np.ix_(accounts, reps)] + _cut(problem, back, len(accounts))[:, None],
        eligible=problem.eligible[np.ix_(accounts, reps)],
        owner=np.where(owner >= 0, seat[owner], -1),
        forbidden=tuple(
            replace(f, what=Forbidden(f.what.kind[accounts], f.what.never[:, reps]))
            for f in problem.forbidden
        ),
        bands=tuple(replace(b, what=_band(b.what, accounts, reps)) for b in problem.bands),
        spreads=tuple(replace(s, what=_spread(s.what, accounts, reps)) for s in problem.spreads),
        holds=tuple(replace(h, what=_held(h.what, accounts, reps)) for h in problem.holds),
        gains=tuple(replace(g, what=_gain(g.what, accounts, reps)) for g in problem.gains),
        account_ids=tuple(problem.account_ids[i] for i in accounts.tolist()),
        rep_ids=tuple(problem.rep_ids[j] for j in reps.tolist()),
    )
    return _linked(kept, accounts, back, seat)


def _linked(problem: Problem, accounts: IntArray, back: IntArray, seat: IntArray) -> Problem:
    """Restrict what joins accounts to each other."""
    return replace(
        problem,
        together=tuple(replace(t, what=Together(t.what.group[accounts])) for t in problem.together),
        apart=tuple(replace(a, what=Apart(_both(a.what.pairs, back))) for a in problem.apart),
        connected=tuple(replace(c, what=Connected(_both(c.what.edges, back))) for c in problem.connected),
        rows=tuple(replace(r, what=_rows(r.what, back, seat)) for r in problem.rows),
        edge_costs=tuple(
            replace(e, what=EdgeCost(_both(e.what.edges, back), e.what.price[_inside(e.what.edges, back)]))
            for e in problem.edge_costs
        ),
    )


def _cut(problem: Problem, back: IntArray, accounts: int) -> FloatArray:
    """Return what each account pays for the edges that leave the part, shape (account,)."""
    paid = np.zeros(accounts)
    for edge in problem.edge_costs:
        leaves = (back[edge.what.edges[:, 0]] >= 0) & (back[edge.what.edges[:, 1]] < 0)
        np.add.at(paid, back[edge.what.edges[leaves, 0]], edge.what.price[leaves])
    return paid


def _index(chosen: IntArray, count: int) -> IntArray:
    """Return the place of each index among the chosen ones, -1 where it is not."""
    back = np.full(count, -1, dtype=np.int64)
    back[chosen] = np.arange(len(chosen))
    return back


def _inside(edges: IntArray, back: IntArray) -> BoolArray:
    return np.asarray((back[edges] >= 0).all(axis=1), dtype=np.bool_)


def _both(edges: IntArray, back: IntArray) -> IntArray:
    kept: IntArray = back[edges[_inside(edges, back)]]
    return kept


def _band(band: Band, accounts: IntArray, reps: IntArray) -> Band:
    return Band(band.measure.restrict(accounts, reps), band.lower[reps], band.upper[reps])


def _spread(spread: Spread, accounts: IntArray, reps: IntArray) -> Spread:
    measure = spread.measure.restrict(accounts, reps)
    return replace(spread, measure=measure, lower=spread.lower[reps], upper=spread.upper[reps])


def _gain(gain: Gain, accounts: IntArray, reps: IntArray) -> Gain:
    return Gain(gain.weight[np.ix_(accounts, reps)], gain.scale[reps], gain.power)


def _held(held: Held, accounts: IntArray, reps: IntArray) -> Held:
    return replace(held, spreads=tuple(_spread(spread, accounts, reps) for spread in held.spreads))


def _rows(rows: Rows, back: IntArray, seat: IntArray) -> Rows:
    """Keep the rows whose entries lie in the part; a row lies in it whole, or not at all."""
    inside = (back[rows.account] >= 0) & (seat[rows.rep] >= 0)
    empty = np.bincount(rows.row, minlength=len(rows.lower)) == 0
    kept = np.flatnonzero(empty | (np.bincount(rows.row[inside], minlength=len(rows.lower)) > 0))
    place = _index(kept, len(rows.lower))
    return Rows(
        place[rows.row[inside]],
        back[rows.account[inside]],
        seat[rows.rep[inside]],
        rows.coefficient[inside],
        rows.lower[kept],
        rows.upper[kept],
        tuple(rows.labels[r] for r in kept.tolist()),
    )
