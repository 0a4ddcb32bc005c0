"""Multipliers: a lower bound on every alignment from one pass over all pairs, and what each pair costs beyond it.

For any multipliers mu of the rows (a band, a budget, a spread, a free row), every alignment x that keeps the rules
costs at least

    L(mu) = sum_i min_j r_ij + sum_rows (mu > 0 ? mu lower : mu upper),      r_ij = c_ij - sum_rows mu a_row,ij

because the terms that are added vanish or are below zero for such an x. For a spread |mu| <= its price; for a rank
that is held to V with prices p_k, |mu_kj| <= lambda p_k and the bound is lowered by lambda V, for the least such
lambda; for the rows of cut edges -price <= mu <= 0; for a gain the term is the least of mu y - g(y) over all loads y.
If x uses pair (i, j), then account i pays r_ij instead of its minimum, so x costs at least L(mu) + r_ij - min_j' r_ij'.
No solver is trusted for either statement: L is evaluated here, on all pairs. What it leaves out (seats that must be
connected) can only raise the cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray
from engine.territory.declaration import Band, Budget, Spread
from engine.territory.problem import Problem
from engine.territory.solving.formulation import Formulation
from engine.territory.solving.gains import greatest
from engine.territory.solving.gains import least as gained
from engine.territory.solving.row_blocks_free import Sparse
from engine.territory.solving.scaling import tightened

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
    blocks = iter(formulation.rows)
    declared: list[Band | Budget | Spread] = [band.what for band in problem.bands]
    declared += [budget.what for budget in problem.budgets]
    declared += [spread.what for spread in problem.priced_spreads]
    for what in declared:
        rows, scale = next(blocks)
        mu = allowed(what, duals[rows] / scale)
        terms += _sides(what, mu).tolist()
        weight = problem.use(what) if isinstance(what, Budget) else what.measure.of_pairs
        reduced -= weight * mu[None, :]
    for held in problem.holds:
        dearest = 0.0
        for spread in held.what.spreads:
            rows, scale = next(blocks)
            mu = duals[rows] / scale
            dearest = max(dearest, float(np.abs(mu).max(initial=0.0)) / spread.price)
            terms += _least(spread, mu).tolist()
            reduced -= spread.measure.of_pairs * mu[None, :]
        terms.append(-dearest * held.what.limit)
    for gain, (rows, scale) in zip(problem.gains, formulation.gains, strict=True):
        mu = duals[rows] / scale
        terms += gained(gain.what, mu, greatest(problem, gain.what)).tolist()
        reduced -= gain.what.weight * mu
    for sparse in formulation.sparse:
        terms += _sparse(reduced, sparse, duals)
    reduced[~problem.eligible] = np.inf
    least = reduced.min(axis=1)
    magnitude = float(np.abs(least).sum()) + float(np.abs(terms).sum() if terms else 0.0)
    bound = float(least.sum()) + float(np.sum(terms)) - HAIR * magnitude
    return Priced(bound, least, reduced - least[:, None])


def allowed(what: Band | Budget | Spread, mu: FloatArray) -> FloatArray:
    """Return the multipliers within the signs and sizes that are valid for a row."""
    if isinstance(what, Budget):
        return np.minimum(mu, 0.0)
    return np.clip(mu, -what.price, what.price) if isinstance(what, Spread) else mu


def _sides(what: Band | Budget | Spread, mu: FloatArray) -> FloatArray:
    """Return the least mu times the sides of a row."""
    if isinstance(what, Budget):
        return mu * what.limit
    if isinstance(what, Spread):
        return _least(what, mu)
    lower, upper = tightened(what)
    return np.where(mu > 0, mu * lower, mu * upper)


def _least(spread: Spread, mu: FloatArray) -> FloatArray:
    least: FloatArray = np.where(mu > 0, mu * spread.lower, mu * spread.upper)
    return least


def allowed_sparse(sparse: Sparse, duals: FloatArray) -> FloatArray:
    """Return the multipliers of free rows, per integer unit, within the signs and sizes that are valid; (row,)."""
    what, mu = sparse.what, duals[sparse.rows] / sparse.scale
    mu = np.where(np.isinf(what.lower), np.minimum(mu, 0.0), mu)
    mu = np.where(np.isinf(what.upper), np.maximum(mu, 0.0), mu)
    return mu if sparse.price is None else np.clip(mu, -sparse.price, sparse.price)


def _sparse(reduced: FloatArray, sparse: Sparse, duals: FloatArray) -> list[float]:
    """Subtract the free rows from the costs of their pairs; return the least mu times their sides."""
    what, mu = sparse.what, allowed_sparse(sparse, duals)
    np.subtract.at(reduced, (what.account, what.rep), mu[what.row] * what.coefficient)
    side = np.where(mu > 0, what.lower, what.upper)
    least = mu * np.where(mu != 0, side, 0.0)
    return [float(value) for value in least]
