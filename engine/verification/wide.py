"""The certificate of a wide world proved again: multipliers added up over all pairs, some accounts at a time.

    L = sum_u min_j sum_{i in u} (c_ij - sum_r mu_r a_r,ij) + sum_r (mu_r > 0 ? mu_r lower_r : mu_r upper_r)

over units u: accounts that must stay together. Costs and rules come from the scenario and the tables of the run.
"""

from __future__ import annotations

from math import fsum, inf
from typing import TYPE_CHECKING

import numpy as np

from engine.verification.multipliers import CLOSE, Unusable, of_seats, reachable

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import FloatArray, IntArray
    from engine.territory.wide.world import World

BLOCK = 1 << 22
"""Pairs at a time."""


def proven(world: World, multipliers: pd.DataFrame) -> float:
    """Return the bound that multipliers prove, currency units.

    Raises:
        Unusable: multipliers that may not be used.

    """
    from engine.territory.declaration import Spread

    values = multipliers["multiplier"].to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise Unusable("a multiplier is no number")
    told = {key: rows for key, rows in multipliers.groupby(["field", "rule"], sort=False)}
    terms: list[float] = []
    weighed: list[tuple[IntArray, FloatArray]] = []
    for rule in world.bands:
        mu, what = of_seats(world.inputs.reps.id, told.pop((rule.field, rule.title), None)), rule.what
        if isinstance(what, Spread):
            if (np.abs(mu) > what.price * (1 + CLOSE)).any():
                raise Unusable(f"a multiplier of {rule.title} exceeds its price")
            lower, upper = what.lower, what.upper
        else:
            lower, upper = (side.astype(np.float64) for side in reachable(what))
        terms += np.where(mu > 0, mu * lower, mu * upper).tolist()
        weighed.append((what.measure.values, mu))
    leaving = np.zeros(len(world.unit_of))
    for budget in world.budgets:
        rows = told.pop((budget.field, budget.title), None)
        price = 0.0 if rows is None else fsum(rows["multiplier"])
        if price > 0:
            raise Unusable("a multiplier of a budget is above 0")
        terms.append(price * budget.what.limit)
        leaving -= price * budget.what.measure.values
    if told:
        raise Unusable(f"multipliers of '{next(iter(told))[1]}' belong to no rule of the scenario")
    return fsum((*_least(world, weighed, leaving), *terms))


def _least(world: World, weighed: list[tuple[IntArray, FloatArray]], leaving: FloatArray) -> list[float]:
    """Return what the cheapest seat of each unit costs, added up by blocks."""
    owner, reps = world.inputs.accounts.owner, len(world.inputs.reps)
    found, first, units = [], 0, len(world.start) - 1
    while first < units:
        most = world.start[first] + max(BLOCK // reps, 1)
        last = max(int(np.searchsorted(world.start, most, side="right")) - 1, first + 1)
        accounts = world.order[world.start[first] : world.start[last]]
        cost = np.zeros((len(accounts), reps))
        for part in world.costs:
            cost += part.of(accounts)
        for values, mu in weighed:
            cost -= values[accounts, None] * mu
        gone = (owner[accounts, None] >= 0) & (owner[accounts, None] != np.arange(reps))
        cost += leaving[accounts, None] * gone
        for rule in world.forbidden:
            cost[rule.what.never[rule.what.kind[accounts]]] = inf
        whole = np.add.reduceat(cost, world.start[first:last] - world.start[first], axis=0)
        found.append(fsum(whole.min(axis=1).tolist()))
        first = last
    return found
