"""Narrow bands, held ranks and ranks to minimise: a search by exact re-division of two seats (`solvers.balancing`).

A band narrower than a tenth of a mean account is met by no chain of single moves, and hardly by branch and bound. A
rank whose best value is near 0 is such a band, while it is minimised and when it is held.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import Band, Spread
from engine.territory.measure import Measured
from engine.territory.problem import Problem
from engine.territory.solving.descent import cheapest, descend
from engine.territory.solving.integrality import least_distance
from engine.territory.solving.scaling import unit
from engine.territory.solving.search import SEEDS, Search
from solvers.balancing import Instance, balanced

FEW = 200
"""Pairs up to which branch and bound is quick, whatever the bands."""
FINE = 20
"""Units of the divisor in a mean account, from which a measure is fine."""
NARROW = 0.1
"""Width of a band, in mean accounts, below which it is narrow."""


def narrow(problem: Problem) -> bool:
    """Say whether a problem needs this search, and holds nothing that it does not know."""
    others = (
        problem.apart,
        problem.connected,
        problem.rows,
        problem.edge_costs,
        problem.together,
        problem.gains,
    )
    ranked = [spread for hold in problem.holds for spread in hold.what.spreads]
    spreads = [spread.what for spread in problem.priced_spreads]
    bands = [band.what for band in problem.bands]
    measures = [band.measure for band in bands] + [spread.measure for spread in (*ranked, *spreads)]
    if any(others) or any(m.by_seat or (m.values < 0).any() for m in measures):
        return False
    if int(problem.eligible.sum()) <= FEW:
        return False
    ranked += spreads if _levels(problem) else []
    return any(map(_tight, bands)) or any(_fine(spread.measure) for spread in ranked)


def _tight(band: Band) -> bool:
    width = NARROW * float(band.measure.values.mean())
    return _fine(band.measure) and bool(((band.upper - band.lower) < width).any())


def _fine(measure: Measured) -> bool:
    """Say whether the values are many units of one divisor: sums of few units are easily met."""
    return float(measure.values.mean()) >= FINE * unit(measure)[0]


def _levels(problem: Problem) -> bool:
    """Say whether distances of loads are all that is minimised, as in a rank."""
    return bool(problem.priced_spreads) and not problem.cost.any()


def narrowed(problem: Problem, search: Search) -> IntArray:
    """Return the best alignment found; where none keeps the rules, the one that breaks them least."""
    levels, best = _levels(problem), descend(problem, cheapest(problem))
    instance = instance_of(problem, level=search.absolute_gap if levels else None)
    known = [plan for plan in search.found if problem.keeps(plan)]
    for start in (*known[-1:], best, cheapest(problem)):
        plan = balanced(instance, start, seed=search.seed % SEEDS)
        best = min(best, start, plan, key=lambda plan: (not problem.keeps(plan), problem.price(plan)))
        if levels and instance.excess(best) <= 0:
            break
    return best


def instance_of(problem: Problem, *, level: float | None = None) -> Instance:
    """Return the problem as the search reads it.

    `level` holds each distance that is minimised to the least that integers allow, and its share of so much more.
    """
    room = (level or 0.0) / max(len(problem.priced_spreads), 1)
    bands, spreads = [band.what for band in problem.bands], [spread.what for spread in problem.priced_spreads]
    rows = [_Row(band, 0.0, 1.0, k) for k, band in enumerate(bands)]
    limits = [0.0] * len(bands)
    for hold in problem.holds:
        rows += [_Row(spread, 0.0, spread.price, len(limits)) for spread in hold.what.spreads]
        limits.append(hold.what.limit)
    for spread in spreads:
        if level is None:
            rows.append(_Row(spread, spread.price, 0.0, -1))
        else:
            rows.append(_Row(spread, 0.0, spread.price, len(limits)))
            limits.append(spread.price * least_distance(spread) + room)
    shape = (len(rows), len(problem.rep_ids))
    use = [np.broadcast_to(problem.use(budget.what), problem.cost.shape) for budget in problem.budgets]
    return Instance(
        np.where(problem.eligible, problem.cost, np.inf),
        np.array([row.what.measure.values for row in rows], dtype=np.int64).reshape(len(rows), -1),
        np.array([row.what.lower for row in rows], dtype=np.float64).reshape(shape),
        np.array([row.what.upper for row in rows], dtype=np.float64).reshape(shape),
        np.array([row.price for row in rows], dtype=np.float64),
        np.array([row.worth for row in rows], dtype=np.float64),
        np.array([row.group for row in rows], dtype=np.int64),
        np.array(limits, dtype=np.float64),
        np.array(use, dtype=np.int64).reshape(-1, *problem.cost.shape),
        np.array([budget.what.limit for budget in problem.budgets], dtype=np.int64),
    )


class _Row(NamedTuple):
    """A row of the instance: what it is, its price, what it takes of its group, and the group."""

    what: Band | Spread
    price: float
    worth: float
    group: int
