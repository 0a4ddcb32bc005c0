"""Unmet: why seats cannot hold their quotas in the periods and products left to them, and by how much.

Every total may fall short, and every limit in a product give, at the price of one per step; a price above zero proves
that no quotas exist, and the least price names what would have to give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from scipy import sparse

from engine.errors import Fault, Infeasible, NoPlan
from engine.inputs import FloatArray
from engine.quota.margins import Grid
from engine.quota.spec import QuotaSolver
from engine.quota.words import amount
from solvers.model import Arrays
from solvers.solution import SolveOptions


@dataclass(frozen=True)
class Words:
    """What a table is called in messages, and whether its column totals bind."""

    rows: Sequence[str]
    currency: str
    movable: int = 0
    """Number of products whose totals may move between periods where the seats cannot meet them; 0 for none."""
    products: Sequence[str] = ()


def unmet(arrays: Arrays, grid: Grid, solver: QuotaSolver, words: Words) -> Infeasible | NoPlan:
    """Return what to raise when a solver says that a table cannot be filled."""
    from solvers import solve

    count, groups = len(grid.rows), len(grid.groups)
    shorts = arrays.rows - groups
    gives = sparse.hstack(
        [
            sparse.identity(arrays.rows),
            sparse.vstack([sparse.csr_matrix((shorts, groups)), -sparse.identity(groups)])
            if groups
            else sparse.csr_matrix((arrays.rows, 0)),
        ]
    )
    extra = arrays.rows + groups
    ones = np.ones(extra)
    elastic = Arrays(
        np.concatenate([np.zeros(arrays.columns), ones]),
        np.concatenate([arrays.lower, np.zeros(extra)]),
        np.concatenate([arrays.upper, np.full(extra, inf)]),
        np.zeros(arrays.columns + extra, dtype=np.bool_),
        sparse.csr_matrix(sparse.hstack([arrays.matrix, gives])),
        arrays.row_lower,
        arrays.row_upper,
    )
    answer = solve(elastic, SolveOptions(), solver.backend)
    if answer.x is None or answer.bound < 0.5:
        return NoPlan(
            "infeasible, says the solver, but no second route proves it", hint="Try another backend."
        )
    given = answer.x[arrays.columns :]
    faults = [*_of_rows(given[:count], grid, words), *_of_groups(given[shorts:], grid, words)]
    general = Fault("M_INFEASIBLE", "the periods cannot hold the quotas of the seats filled in them")
    return Infeasible(faults or [general])


def _of_rows(missing: FloatArray, grid: Grid, words: Words) -> list[Fault]:
    return [
        Fault(
            "M_INFEASIBLE",
            f"{words.rows[int(row)]}: the periods in which it is filled cannot hold "
            f"{amount(missing[row] * grid.step, words.currency)} of its quota",
            "Lower its bounds or lock, or give it more time in the seat.",
            field="quotas.seasonality",
        )
        for row in np.flatnonzero(missing > 0.5)
    ]


def _of_groups(given: FloatArray, grid: Grid, words: Words) -> list[Fault]:
    faults, count = [], len(grid.groups)
    for index, group in enumerate(grid.groups):
        product = words.products[int(group.columns[0]) * len(words.products) // grid.shape.shape[1]]
        for less, edge, side, verb in (
            (given[index], group.low, "at least", "fall"),
            (given[count + index], group.high or 0, "at most", "rise"),
        ):
            if less > 0.5:
                message = (
                    f"{words.rows[group.row]}, {product}: {side} {amount(edge, words.currency)} would have to "
                    f"{verb} by {amount(less * grid.step, words.currency)}"
                )
                where = f"quotas.bounds.products.{product}"
                faults.append(
                    Fault("M_INFEASIBLE", message, "Widen this bound, or change the goal.", field=where)
                )
    return faults
