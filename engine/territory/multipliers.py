"""Multipliers: a lower bound on every alignment from one pass over all pairs, and what each pair costs beyond it.

For any multipliers mu of the rows (a band, a budget or a spread), every alignment x that keeps the rules costs at
least

    L(mu) = sum_i min_j r_ij + sum_rows (mu > 0 ? mu lower : mu upper),      r_ij = c_ij - sum_rows mu a_row,ij

because the terms that are added vanish or are below zero for such an x; for a spread |mu| <= its price, and the
target is both bounds. If x uses pair (i, j), then account i pays r_ij instead of its minimum, so x costs at least
L(mu) + r_ij - min_j' r_ij'. No solver is trusted for either statement: L is evaluated here, on all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray
from engine.territory.declaration import Band, Budget, Spread
from engine.territory.formulation import Formulation, tightened
from engine.territory.problem import Problem

HAIR = 1e-12
"""Relative allowance for the rounding of the sums in L."""


@dataclass(frozen=True)
class Priced:
    """The problem seen through one set of multipliers."""

    bound: float
    """L(mu), currency units; holds for every alignment that keeps the rules."""
    least: FloatArray
    """min_j r_ij of each account, shape (account,)."""
    extra: FloatArray
    """r_ij - min_j r_ij, shape (account, rep); inf where not eligible. Never below 0."""


def price_out(problem: Problem, formulation: Formulation, duals: FloatArray) -> Priced:
    """Evaluate L over all pairs with the row duals of a restricted LP (minimisation: a binding lower side is >= 0)."""
    reduced = problem.cost.copy()
    terms: list[float] = []
    declared: list[Band | Budget | Spread] = [band.what for band in problem.bands]
    declared += [budget.what for budget in problem.budgets]
    declared += [spread.what for spread in problem.spreads]
    for (rows, scale), what in zip(formulation.rows, declared, strict=True):
        weight = what.measure.values.astype(np.float64)
        mu, least = _bounded(what, duals[rows] / scale)
        terms += least.tolist()
        reduced -= (weight[:, None] * mu[None, :]) * (problem.moved if isinstance(what, Budget) else 1.0)
    reduced[~problem.eligible] = np.inf
    least = reduced.min(axis=1)
    magnitude = float(np.abs(least).sum()) + float(np.abs(terms).sum() if terms else 0.0)
    bound = float(least.sum()) + float(np.sum(terms)) - HAIR * magnitude
    return Priced(bound, least, reduced - least[:, None])


def _bounded(what: Band | Budget | Spread, mu: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the multipliers within the signs that are valid for a row, and the least mu times its sides."""
    if isinstance(what, Band):
        lower, upper = tightened(what)
        return mu, np.where(mu > 0, mu * lower, mu * upper)
    if isinstance(what, Budget):
        mu = np.minimum(mu, 0.0)
        return mu, mu * what.limit
    mu = np.clip(mu, -what.price, what.price)
    return mu, mu * what.target
