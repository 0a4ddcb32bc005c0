"""Certificates proved again: multipliers are read from their table and added up over all pairs, by code of its own.

For every rule r with multiplier mu_r (a budget's must be 0 or less, that of a priced spread at most its price)

    L = sum_i min_j (c_ij - sum_r mu_r a_r,ij) + sum_r (mu_r > 0 ? mu_r lower_r : mu_r upper_r)

bounds every alignment from below. Costs and rules come from the scenario and the tables as they lie in the run folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum, isclose
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import FloatArray, Inputs, IntArray
    from engine.territory.declaration import Band, Spread
    from engine.territory.problem import Named, Problem
    from engine.territory.spec import TerritorySpec

    Frames = Mapping[str, pd.DataFrame]
    Sides = FloatArray | IntArray

CLOSE = 1e-9
"""Relative difference allowed between two sums over all pairs."""


def certificate_faults(inputs: Inputs, spec: TerritorySpec, tables: Frames) -> list[str]:
    """Return a sentence for each certified bound that its multipliers do not prove; none where all hold."""
    from engine.territory import problem_of

    parts = tables["certificates"]
    problem = problem_of(inputs, spec)
    proven = certified(problem, tables["multipliers"])
    claimed = fsum(parts["certified"])
    said = []
    if not isclose(proven, claimed, rel_tol=CLOSE, abs_tol=CLOSE):
        said.append(f"the certified bound is given as {claimed:.9g}; its multipliers prove {proven:.9g}")
    cost = fsum(parts["objective"])
    if proven > cost * (1 + CLOSE) + CLOSE:
        said.append(f"the certified bound {proven:.9g} lies above the cost {cost:.9g}")
    return said


def certified(problem: Problem, multipliers: pd.DataFrame) -> float:
    """Return the bound that multipliers prove, currency units; -inf for multipliers that may not be used."""
    from engine.territory.declaration import Spread

    seats = {seat: j for j, seat in enumerate(problem.rep_ids)}
    reduced = np.where(problem.eligible, problem.cost, np.inf)
    terms: list[float] = []
    rules: tuple[Named[Band] | Named[Spread], ...] = (*problem.bands, *problem.priced_spreads)
    for rule in rules:
        mu = np.zeros(len(seats))
        own = multipliers[multipliers["field"] == rule.field]
        mu[[seats[seat] for seat in own["seat"]]] = own["multiplier"]
        price = rule.what.price if isinstance(rule.what, Spread) else np.inf
        if (np.abs(mu) > price * (1 + CLOSE)).any():
            return -np.inf
        lower, upper = _reachable(rule.what.measure.values, rule.what.lower, rule.what.upper)
        terms += np.where(mu > 0, mu * lower, mu * upper).tolist()
        reduced -= rule.what.measure.values[:, None] * mu
    for budget in problem.budgets:
        price = fsum(multipliers.loc[multipliers["field"] == budget.field, "multiplier"])
        if price > 0:
            return -np.inf
        terms.append(price * budget.what.limit)
        reduced -= price * problem.use(budget.what)
    return fsum(reduced.min(axis=1).tolist()) + fsum(terms)


def _reachable(values: IntArray, lower: Sides, upper: Sides) -> tuple[Sides, Sides]:
    """Return bounds moved inwards to multiples of the common divisor of the weights, where they are integers."""
    if lower.dtype.kind != "i":
        return lower, upper
    divisor = max(int(np.gcd.reduce(values)), 1) if len(values) else 1
    return -(-lower // divisor) * divisor, upper // divisor * divisor
