"""Spread: each seat's year over products and periods, with exact totals of the company for every product and period."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import inf

import numpy as np

from engine.errors import BadInput, Fault, Infeasible
from engine.inputs import FloatArray, IntArray
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import margins
from engine.quota.carry import Carry
from engine.quota.filling import Filling
from engine.quota.limits import Limit
from engine.quota.lines import Lines, Pin, lines
from engine.quota.margins import Grid, Group, Unfillable
from engine.quota.search import STAGE
from engine.quota.shape import Shape, largest_remainder
from engine.quota.spec import QuotaSolver
from engine.quota.unmet import Words, unmet
from engine.quota.words import amount
from solvers.solution import Status, relative_gap

SMALL = 1e-9
LOST = 1e-6
"""Relative gap that rounding the costs of a flow to whole numbers may leave."""


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
    pins: tuple[Pin, ...] = ()
    """What is fixed for products and periods of single seats."""
    limits: tuple[Mapping[int, Limit], ...] = ()
    """Limits in single products by their index, of each seat; empty where there are none."""
    aims: FloatArray | None = None
    """What cells aim at, shape (rep, product, period), instead of share x season x time in seat; where it is 0 and a
    cell is open, it may still be used."""
    base: IntArray | None = None
    """Cells in force, likewise: what they hold beyond multiples of the step stays where it stands, if the totals do."""
    bound: bool = False
    """Whether totals of periods that come from a seasonality bind as well."""

    @cached_property
    def shares(self) -> FloatArray:
        """Return the share of the goal of each product and period, shape (product, period)."""
        return np.array([[float(value) for value in row] for row in self.shape.shares])

    def weights(self) -> FloatArray:
        """Return the relative size of each cell, shape (rep, product, period): share x season x time in seat.

        A seat that must carry a quota (a lock) though it is never filled carries it over the whole plan.
        """
        time = np.array([[float(value) for value in row] for row in self.carried])
        shares = self.shares
        never = (time @ shares.any(axis=0)) <= 0
        time[never] = 1.0
        table: FloatArray = time[:, None, :] * shares[None]
        sized = np.asarray(table * np.array(self.seats, dtype=np.float64)[:, None, None])
        return sized if self.aims is None else np.where(sized > 0, np.maximum(self.aims, SMALL * sized), 0.0)

    def groups(self, found: Lines) -> tuple[Group, ...]:
        """Return what limits the seats have in single products, as groups of cells of their lines."""
        return tuple(
            Group(
                seat, columns, max(limit.low - fixed, 0), None if limit.high is None else limit.high - fixed
            )
            for seat, single in enumerate(self.limits)
            for product, limit in single.items()
            if not ((found.product == product) & (found.seat == seat)).any()
            for columns, fixed in [self._of(found, seat, product)]
        )

    def odd(self, found: Lines) -> IntArray | None:
        """Return what cells in force hold beyond multiples of the step, as lines; None where none are kept."""
        if self.base is None:
            return None
        odd = np.zeros(found.weights.shape, dtype=np.int64)
        odd[: len(self.base)] = self.base.reshape(len(self.base), -1) % self.step
        return np.where(found.weights > 0, odd, 0)

    def _of(self, found: Lines, seat: int, product: int) -> tuple[IntArray, int]:
        """Return the columns of a product, and what is fixed of it."""
        periods = len(self.shape.seasons)
        return np.arange(product * periods, (product + 1) * periods), int(found.fixed[seat, product].sum())


def spread(task: Spread, solver: QuotaSolver, progress: Progress) -> tuple[IntArray, list[Solve]]:
    """Return quotas by cell, shape (rep, product, period), and the solves.

    First the company's totals by product and period, then every seat's cells against them. Where seats that are
    filled late cannot meet totals that come from a seasonality (and not from goals per period), those totals
    move between periods, as little as possible, and a warning says so.

    Raises:
        Infeasible: seats that are filled late cannot hold their quota in the periods left to them.
        BadInput: the step is too coarse for the amounts.

    """
    if not any(task.seats):
        return np.zeros((len(task.seats), *task.shares.shape), dtype=np.int64), []
    found = lines(task.seats, task.weights(), task.pins)
    company, solves = company_totals(task, found, solver, progress)
    table, more = spread_lines(task, found, company, solver, progress)
    return table, [*solves, *more]


def spread_lines(
    task: Spread, found: Lines, company: IntArray, solver: QuotaSolver, progress: Progress
) -> tuple[IntArray, list[Solve]]:
    """Return quotas by cell, shape (rep, product, period), at street totals by product and period, and the solves.

    Raises:
        Infeasible, BadInput: see `spread`.

    """
    left = company - found.fixed.sum(axis=0)
    _enough(task, left)
    root, groups = _root(task, found), task.groups(found)
    grid = Grid(found.total, left.reshape(-1), found.weights, task.step, root, groups, task.odd(found))
    progress.update("products and periods of each seat")
    movable = 0 if task.shape.placed or task.bound else len(task.shape.products)
    words = Words(found.names(task.names), task.currency, movable, task.shape.products)
    table, solves = filled(grid, "cells of each seat", solver, progress, words)
    return found.cells(table), solves


def _enough(task: Spread, left: IntArray) -> None:
    """Refuse quotas that are fixed for a product and period above the company's street quota in it."""
    faults = []
    for product, period in np.argwhere(left < 0):
        missing = amount(-int(left[product, period]), task.currency)
        message = (
            f"what is fixed for {task.shape.products[product]} in period {int(period) + 1} of the plan is {missing} "
            "above the company's quota for it"
        )
        faults.append(Fault("M_INFEASIBLE", message, "Lower what is fixed.", field="quotas.adjustments"))
    if faults:
        raise Infeasible(faults)


def _root(task: Spread, found: Lines) -> int:
    """Return the column that takes the remainders: open to most lines that have one, then the largest."""
    odd = found.total % task.step != 0
    open_to = (found.weights[odd] > 0).sum(axis=0)
    return int(np.lexsort((-found.weights.sum(axis=0), -open_to))[0])


def company_totals(
    task: Spread, found: Lines, solver: QuotaSolver, progress: Progress
) -> tuple[IntArray, list[Solve]]:
    """Return the street totals by product and period, which every seat's cells then meet; (product, period)."""
    shape, step = task.shape, task.step
    extra = np.zeros((len(shape.products), len(shape.seasons)), dtype=np.int64)
    whole = sum(task.seats)
    if shape.by_cell is not None:
        exact = [[Fraction(amount) for amount in row] for row in shape.by_cell]
        parts = largest_remainder(whole, [sum(row, Fraction(0)) for row in exact])
        cells = [
            largest_remainder(part, row) if part else [0] * len(row)
            for part, row in zip(parts, exact, strict=True)
        ]
        return np.array(cells, dtype=np.int64), []
    if shape.by_product is None and shape.by_period is None:
        extra = _extra(task, found).reshape(extra.shape) + found.fixed.sum(axis=0) % step
        whole -= int(extra.sum())
    root = _root(task, found)
    products = _totals(whole, shape.product_shares, shape.by_product, step, root // len(shape.seasons))
    periods = _totals(whole, shape.seasons, shape.by_period, step, root % len(shape.seasons))
    if len(shape.products) == 1:
        return np.array([periods], dtype=np.int64) + extra, []
    grid = Grid(np.array(products), np.array(periods), task.shares, step, root % len(shape.seasons))
    table, solves = filled(
        grid, "totals by product and period", solver, progress, Words(shape.products, task.currency)
    )
    return table + extra, solves


def _extra(task: Spread, lines_: Lines) -> IntArray:
    """Return where the remainders of the lines stand in the company's totals, shape (column,)."""
    width = lines_.weights.shape[1]
    found = np.zeros(width, dtype=np.int64)
    sizes = lines_.total.astype(np.float64)
    for vertex, parent in margins.branches(lines_.weights > 0, sizes, _root(task, lines_)):
        if vertex >= width and parent >= 0:
            found[parent] += lines_.total[vertex - width] % task.step
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


def filled(
    grid: Grid, name: str, solver: QuotaSolver, progress: Progress, words: Words
) -> tuple[IntArray, list[Solve]]:
    """Fill a table; where its columns cannot hold, move their totals first, then fill it at those that were found.

    Raises:
        BadInput: the step is too coarse for the amounts.
        Infeasible: limits of the table contradict its totals.

    """
    try:
        table, solve = _cheapest(Filling(grid), name, solver)
        if table is not None:
            return table, [solve]
        if not words.movable:
            raise unmet(Filling(grid), words)
        progress.warn(
            "quotas: seats that are filled late cannot hold their quota in the periods left to them; "
            "totals of periods were moved off the seasonality, as little as possible"
        )
        table, moving = _cheapest(Filling(grid, words.movable), "totals of periods, moved", solver)
        if table is None:
            raise unmet(Filling(grid, words.movable), words)
        moved, solve = _cheapest(Filling(replace(grid, columns=table.sum(axis=0))), name, solver)
        return table if moved is None else moved, [moving, solve]
    except Unfillable as error:
        hint = "Use a smaller step, or amounts that are multiples of it."
        raise BadInput(
            [Fault("E_STEP", f"the step is too coarse: {error}", hint, field="quotas.step")]
        ) from None


def _cheapest(filling: Filling, name: str, solver: QuotaSolver) -> tuple[IntArray | None, Solve]:
    started = time.perf_counter()
    found, step, demanded = filling.filled(), filling.grid.step, float(solver.gap)
    objective, bound = (inf, inf) if found is None else (found.deviation, found.bound)
    gap = relative_gap(objective, bound)
    status = Status.OPTIMAL if gap <= max(demanded, LOST) else Status.FEASIBLE
    seconds = time.perf_counter() - started
    proof = "cheapest network flow"
    solve = Solve(
        STAGE, name, "flow", status, objective * step, bound * step, gap, demanded, "minor units", seconds, "", proof
    )  # fmt: skip
    return None if found is None else found.cells, solve
