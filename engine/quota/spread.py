"""Spread: each seat's year over products and periods, with exact totals of the company for every product and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import inf

import numpy as np

from engine.errors import BadInput, Fault, Infeasible, NoPlan
from engine.inputs import FloatArray, IntArray
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import margins
from engine.quota.carry import Carry
from engine.quota.margins import Grid, Unfillable
from engine.quota.search import STAGE, options
from engine.quota.shape import Shape, largest_remainder
from engine.quota.spec import QuotaSolver
from engine.quota.words import amount
from solvers.model import Arrays
from solvers.solution import SolveOptions, Status


@dataclass(frozen=True)
class Spread:
    """What is to be spread. Money in minor units."""

    seats: tuple[int, ...]
    """Quota of each seat for the whole plan."""
    names: tuple[str, ...]
    shape: Shape
    carried: Carry
    step: int
    currency: str = "USD"

    @cached_property
    def shares(self) -> FloatArray:
        """Return the share of the goal of each product and period, shape (product, period)."""
        return np.array([[float(value) for value in row] for row in self.shape.shares])

    def weights(self) -> FloatArray:
        """Return the relative size of each cell, shape (rep, product x period): share x season x time in seat.

        A seat that must carry a quota (a lock) though it is never filled carries it over the whole plan.
        """
        time = np.array([[float(value) for value in row] for row in self.carried])
        shares = self.shares
        never = (time @ shares.any(axis=0)) <= 0
        time[never] = 1.0
        table: FloatArray = time[:, None, :] * shares[None]
        return np.asarray(
            table.reshape(len(self.seats), -1) * np.array(self.seats, dtype=np.float64)[:, None]
        )


@dataclass(frozen=True)
class Words:
    """What a table is called in messages, and whether its column totals bind."""

    rows: Sequence[str]
    currency: str
    movable: int = 0
    """Number of products whose totals may move between periods where the seats cannot meet them; 0 for none."""


def spread(task: Spread, solver: QuotaSolver, progress: Progress) -> tuple[IntArray, list[Solve]]:
    """Return quotas by cell, shape (rep, product, period), and the solves.

    First the company's totals by product and period, then every seat's cells against them. Where seats that are
    filled late cannot meet totals that come from a seasonality (and not from goals per period), those totals
    move between periods, as little as possible, and a warning says so.

    Raises:
        Infeasible: seats that are filled late cannot hold their quota in the periods left to them.
        BadInput: the step is too coarse for the amounts.

    """
    weights = task.weights()
    company, solves = _company(task, weights, solver, progress)
    rows = np.array(task.seats, dtype=np.int64)
    grid = Grid(rows, company.reshape(-1), weights, task.step, _root(task, weights))
    progress.update("products and periods of each seat")
    movable = len(task.shape.products) if not task.shape.placed else 0
    table, solve = _filled(
        grid, "cells of each seat", solver, progress, Words(task.names, task.currency, movable)
    )
    return table.reshape(len(rows), *company.shape), [*solves, solve]


def _root(task: Spread, weights: FloatArray) -> int:
    """Return the column that takes the remainders: open to most seats that have one, then the largest."""
    odd = np.array([quota % task.step != 0 for quota in task.seats], dtype=bool)
    open_to = (weights[odd] > 0).sum(axis=0)
    return int(np.lexsort((-weights.sum(axis=0), -open_to))[0])


def _company(
    task: Spread, weights: FloatArray, solver: QuotaSolver, progress: Progress
) -> tuple[IntArray, list[Solve]]:
    """Return the street totals by product and period, which every seat's cells then meet; (product, period)."""
    shape, step = task.shape, task.step
    extra = np.zeros((len(shape.products), len(shape.seasons)), dtype=np.int64)
    whole = sum(task.seats)
    if shape.by_cell is not None:
        exact = [[Fraction(amount) for amount in row] for row in shape.by_cell]
        parts = largest_remainder(whole, [sum(row, Fraction(0)) for row in exact])
        table = [
            largest_remainder(part, row) if part else [0] * len(row)
            for part, row in zip(parts, exact, strict=True)
        ]
        return np.array(table, dtype=np.int64), []
    if shape.by_product is None and shape.by_period is None:
        extra = _extra(task, weights).reshape(extra.shape)
        whole -= int(extra.sum())
    root = _root(task, weights)
    products = _totals(whole, shape.product_shares, shape.by_product, step, root // len(shape.seasons))
    periods = _totals(whole, shape.seasons, shape.by_period, step, root % len(shape.seasons))
    if len(shape.products) == 1:
        return np.array([periods], dtype=np.int64) + extra, []
    grid = Grid(np.array(products), np.array(periods), task.shares, step, root % len(shape.seasons))
    table, solve = _filled(
        grid, "totals by product and period", solver, progress, Words(shape.products, task.currency)
    )
    return table + extra, [solve]


def _extra(task: Spread, weights: FloatArray) -> IntArray:
    """Return where the remainders of the seats' quotas stand in the company's totals, shape (column,)."""
    found = np.zeros(weights.shape[1], dtype=np.int64)
    width = weights.shape[1]
    sizes = np.array(task.seats, dtype=np.float64)
    for vertex, parent in margins.branches(weights > 0, sizes, _root(task, weights)):
        if vertex >= width and parent >= 0:
            found[parent] += task.seats[vertex - width] % task.step
    return found


def _totals(
    whole: int, shares: Sequence[Fraction], given: Sequence[int] | None, step: int, root: int
) -> list[int]:
    """Split the street total: in proportion to given amounts to the minor unit, else in steps with one remainder."""
    if given is not None:
        return largest_remainder(whole, [Fraction(amount) for amount in given])
    parts = [step * part for part in largest_remainder(whole // step, shares)]
    parts[root] += whole % step
    return parts


def _filled(
    grid: Grid, name: str, solver: QuotaSolver, progress: Progress, words: Words
) -> tuple[IntArray, Solve]:
    from solvers import solve

    try:
        arrays, placed, target = margins.fill(grid)
    except Unfillable as error:
        hint = "Use a smaller step, or amounts that are multiples of it."
        raise BadInput(
            [Fault("E_STEP", f"the step is too coarse: {error}", hint, field="quotas.step")]
        ) from None
    answer = solve(arrays, options(solver, progress), solver.backend)
    if answer.status is Status.INFEASIBLE and words.movable:
        progress.warn(
            "quotas: seats that are filled late cannot hold their quota in the periods left to them; "
            "totals of periods were moved off the seasonality, as little as possible"
        )
        arrays, placed, target = margins.fill(grid, words.movable)
        answer = solve(arrays, options(solver, progress), solver.backend)
    if answer.x is None:
        if answer.status is Status.INFEASIBLE:
            raise _unmet(arrays, grid, solver, words)
        raise NoPlan(
            f"no {name} were found ({answer.status})", hint="Raise the node limit or the time limit."
        )
    scaled = replace(answer, objective=answer.objective * grid.step, bound=answer.bound * grid.step)
    proof = Solve.of(STAGE, name, scaled, float(solver.gap), "minor units")
    return margins.cells(grid, placed, target, answer.x), proof


def _unmet(arrays: Arrays, grid: Grid, solver: QuotaSolver, words: Words) -> Infeasible | NoPlan:
    """Let every row fall short at a price; a price above zero proves it, and names the rows."""
    from scipy import sparse

    from solvers import solve

    count, rows, currency = len(grid.rows), words.rows, words.currency
    short = sparse.vstack([sparse.identity(count), sparse.csr_matrix((arrays.rows - count, count))])
    over = sparse.vstack(
        [sparse.csr_matrix((count, arrays.rows - count)), sparse.identity(arrays.rows - count)]
    )
    extra = arrays.rows
    ones, zeros = np.ones(extra), np.zeros(extra)
    elastic = Arrays(
        np.concatenate([np.zeros(arrays.columns), ones]),
        np.concatenate([arrays.lower, zeros]),
        np.concatenate([arrays.upper, np.full(extra, inf)]),
        np.zeros(arrays.columns + extra, dtype=np.bool_),
        sparse.csr_matrix(sparse.hstack([arrays.matrix, short, over])),
        arrays.row_lower,
        arrays.row_upper,
    )
    answer = solve(elastic, SolveOptions(), solver.backend)
    if answer.x is None or answer.bound < 0.5:
        return NoPlan(
            "infeasible, says the solver, but no second route proves it", hint="Try another backend."
        )
    missing = answer.x[arrays.columns : arrays.columns + count]
    faults = [
        Fault(
            "M_INFEASIBLE",
            f"{rows[int(row)]}: the periods in which it is filled cannot hold "
            f"{amount(missing[row] * grid.step, currency)} of its quota",
            "Lower its bounds or lock, or give it more time in the seat.",
            field="quotas.seasonality",
        )
        for row in np.flatnonzero(missing > 0.5)
    ]
    general = Fault("M_INFEASIBLE", "the periods cannot hold the quotas of the seats filled in them")
    return Infeasible(faults or [general])
