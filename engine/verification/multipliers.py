"""Multipliers added up over all pairs, part by part, by code of its own.

For every rule r with multiplier mu_r

    L = sum_i min_j (c_ij - sum_r mu_r a_r,ij) + sum_r (mu_r > 0 ? mu_r lower_r : mu_r upper_r)

bounds every alignment that keeps the rules from below: what is added vanishes, or is below 0, for such an alignment.
A budget's multiplier is at most 0, that of a priced spread at most its price in size, that of a border between -price
and 0. A rank that came to V may not get worse: with prices p_k, the bound is lowered by V max_k |mu_k| / p_k. Where a
load y brings in s y ** p, the bound takes the least of mu y - s y ** p over all loads that the seat may reach. Rules
without multipliers, pairs that must be apart and territories in one piece can only raise the cost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import fsum, inf
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from engine.inputs import FloatArray, IntArray
    from engine.territory.declaration import Band, EdgeCost, Gain, Rows, Spread
    from engine.territory.measure import Measured
    from engine.territory.problem import Named, Problem

CLOSE = 1e-9
"""Relative excess of a multiplier over its price that rounding may make."""


class Unusable(Exception):
    """Multipliers that prove nothing, or name what does not exist; the text says which."""


@dataclass
class Sum:
    """The Lagrangian while rules are added to it."""

    problem: Problem
    part_of: IntArray
    """Part of each seat, from 0; shape (rep,)."""
    reduced: FloatArray = field(init=False)
    """Cost of each pair less what the multipliers make of it; inf where it is not eligible."""
    terms: list[list[float]] = field(init=False)
    """What the sides of the rules come to in each part."""

    def __post_init__(self) -> None:
        self.reduced = np.where(self.problem.eligible, self.problem.cost, inf)
        self.terms = [[] for _ in range(int(self.part_of.max(initial=-1)) + 1)]

    def add(self, seats: IntArray, values: FloatArray) -> None:
        """Add terms that belong to seats."""
        for part, value in zip(self.part_of[seats].tolist(), values.tolist(), strict=True):
            self.terms[part].append(value)

    def by_part(self) -> list[float]:
        """Return the bound of each part: the cheapest seat of each account, and the terms."""
        least = self.reduced.min(axis=1, initial=inf)
        home = self.part_of[np.argmax(self.problem.eligible, axis=1)]
        return [fsum((*least[home == part].tolist(), *terms)) for part, terms in enumerate(self.terms)]


def proven(
    problem: Problem, multipliers: pd.DataFrame, part_of: IntArray, ranks: dict[int, FloatArray]
) -> list[float]:
    """Return the bound that multipliers prove of each part, currency units.

    Args:
        problem: every declaration, over units.
        multipliers: the table of the run.
        part_of: part of each seat, shape (rep,).
        ranks: what each lexicographic rank comes to at each seat, shape (rep,).

    Raises:
        Unusable: multipliers that may not be used.

    """
    if not np.isfinite(multipliers["multiplier"].to_numpy(dtype=np.float64)).all():
        raise Unusable("a multiplier is no number")
    whole = Sum(problem, part_of)
    told: dict[Any, pd.DataFrame] = {
        key: rows for key, rows in multipliers.groupby(["field", "rule"], sort=False)
    }
    for band in problem.bands:
        _band(whole, band, of_seats(problem.rep_ids, told.pop((band.field, band.title), None)))
    for spread in problem.priced_spreads:
        _spread(whole, spread, of_seats(problem.rep_ids, told.pop((spread.field, spread.title), None)))
    for budget in problem.budgets:
        _budget(
            whole, budget.what.limit, problem.use(budget.what), told.pop((budget.field, budget.title), None)
        )
    for rule in problem.rows:
        _rows(whole, rule, told.pop((rule.field, rule.title), None))
    for edge in problem.edge_costs:
        _edges(whole, edge.what, told.pop((edge.field, edge.title), None))
    for gain in problem.gains:
        _gain(whole, gain.what, of_seats(problem.rep_ids, told.pop((gain.field, gain.title), None)))
    for rank in sorted({spread.what.rank for spread in problem.spreads} - {0}):
        _rank(whole, rank, told, ranks[rank])
    if told:
        raise Unusable(f"multipliers of '{next(iter(told))[1]}' belong to no rule of the scenario")
    return whole.by_part()


def of_seats(seats: Sequence[str], rows: pd.DataFrame | None) -> FloatArray:
    """Return a multiplier for each seat, 0 where none is told."""
    place = {seat: j for j, seat in enumerate(seats)}
    mu = np.zeros(len(place))
    for seat, value in () if rows is None else zip(rows["seat"], rows["multiplier"], strict=True):
        if seat not in place:
            raise Unusable(f"a multiplier names the seat '{seat}', which does not exist")
        mu[place[seat]] += value
    return mu


def _band(whole: Sum, rule: Named[Band], mu: FloatArray) -> None:
    lower, upper = reachable(rule.what)
    whole.add(np.arange(len(mu)), np.where(mu > 0, mu * lower, mu * upper))
    whole.reduced -= _weights(rule.what.measure) * mu


def _spread(whole: Sum, rule: Named[Spread], mu: FloatArray) -> None:
    if (np.abs(mu) > rule.what.price * (1 + CLOSE)).any():
        raise Unusable(f"a multiplier of {rule.title} exceeds its price")
    _distance(whole, rule.what, mu)


def _distance(whole: Sum, spread: Spread, mu: FloatArray) -> None:
    whole.add(np.arange(len(mu)), np.where(mu > 0, mu * spread.lower, mu * spread.upper))
    whole.reduced -= _weights(spread.measure) * mu


def _weights(measure: Measured) -> IntArray:
    return measure.values if measure.values.ndim == 2 else measure.values[:, None]


def reachable(band: Band) -> tuple[IntArray, IntArray]:
    """Return bounds moved inwards to multiples of the common divisor of the weights."""
    values = np.abs(band.measure.values)
    divisor = max(int(np.gcd.reduce(values, axis=None)), 1) if values.size else 1
    return -(-band.lower // divisor) * divisor, band.upper // divisor * divisor


def _budget(whole: Sum, limit: int, taken: IntArray, rows: pd.DataFrame | None) -> None:
    price = 0.0 if rows is None else fsum(rows["multiplier"])
    if price > 0:
        raise Unusable("a multiplier of a budget is above 0")
    if price and len(whole.terms) > 1:
        raise Unusable("a budget spans parts that are said to be solved by themselves")
    whole.add(np.zeros(1, dtype=np.int64), np.array([price * limit]))
    whole.reduced -= price * taken


def _rows(whole: Sum, rule: Named[Rows], rows: pd.DataFrame | None) -> None:
    what = rule.what
    place = {label: r for r, label in enumerate(what.labels)}
    for label, mu in () if rows is None else zip(rows["seat"], rows["multiplier"], strict=True):
        if label not in place:
            raise Unusable(f"{rule.title} has no row '{label}'")
        side = float((what.lower if mu > 0 else what.upper)[place[label]])
        if not mu:
            continue
        if not np.isfinite(side):
            raise Unusable(f"a multiplier of {rule.title}, {label} leans on a side without a bound")
        mine = np.flatnonzero(what.row == place[label])
        parts = np.unique(whole.part_of[what.rep[mine]])
        if len(parts) > 1:
            raise Unusable(f"{rule.title}, {label} spans parts that are said to be solved by themselves")
        whole.terms[int(parts[0]) if len(parts) else 0].append(mu * side)
        np.subtract.at(whole.reduced, (what.account[mine], what.rep[mine]), mu * what.coefficient[mine])


def _edges(whole: Sum, edge: EdgeCost, rows: pd.DataFrame | None) -> None:
    """Add borders: an edge between parts is always cut; the others cost price max(0, x_ij - x_kj) at least."""
    problem = whole.problem
    home = whole.part_of[np.argmax(problem.eligible, axis=1)]
    left: dict[tuple[int, int], float] = {}
    for (i, k), price in zip(edge.edges.tolist(), edge.price.tolist(), strict=True):
        if home[i] != home[k]:
            whole.terms[int(home[i])].append(price)
        else:
            left[i, k] = left.get((i, k), 0.0) + price
    account = {name: i for i, name in enumerate(problem.account_ids)}
    seat = {name: j for j, name in enumerate(problem.rep_ids)}
    used: dict[tuple[int, int, int], float] = {}
    columns = ("account", "neighbour", "seat", "multiplier")
    for one, other, rep, mu in () if rows is None else zip(*(rows[name] for name in columns), strict=True):
        if one not in account or other not in account or rep not in seat:
            raise Unusable(
                f"a multiplier names the border of '{one}' and '{other}' at '{rep}', which does not exist"
            )
        key = account[one], account[other], seat[rep]
        used[key] = used.get(key, 0.0) + mu
    for (i, k, j), mu in used.items():
        if not -left.get((i, k), 0.0) * (1 + CLOSE) <= mu <= 0:
            raise Unusable(f"a multiplier of the border of '{problem.account_ids[i]}' lies outside its price")
        whole.reduced[i, j] -= mu
        whole.reduced[k, j] += mu


def _gain(whole: Sum, gain: Gain, mu: FloatArray) -> None:
    """Add what loads bring in: the slope s p y ** (p - 1) falls with y, so mu y - s y ** p is least where it is mu."""
    for j, (price, scale) in enumerate(zip(mu.tolist(), gain.scale.tolist(), strict=True)):
        load = fsum(gain.weight[whole.problem.eligible[:, j], j].tolist())
        if load > 0 and price > scale * gain.power * load ** (gain.power - 1):
            load = (scale * gain.power / price) ** (1 / (1 - gain.power))
        whole.add(np.array([j]), np.array([price * load - scale * load**gain.power]))
    whole.reduced -= gain.weight * mu


def _rank(whole: Sum, rank: int, told: dict[Any, pd.DataFrame], came_to: FloatArray) -> None:
    """Add a rank that is held at what the alignment comes to."""
    spreads = [s for s in whole.problem.spreads if s.what.rank == rank and s.what.price > 0]
    dearest = np.zeros(len(whole.terms))
    for k, spread in enumerate(spreads, start=1):
        mu = of_seats(whole.problem.rep_ids, told.pop((spreads[0].field, f"rank_{rank}, band {k}"), None))
        np.maximum.at(dearest, whole.part_of, np.abs(mu) / spread.what.price)
        _distance(whole, spread.what, mu)
    for part, most in enumerate(dearest.tolist()):
        whole.terms[part].append(-most * fsum(came_to[whole.part_of == part].tolist()))
