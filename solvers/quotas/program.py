"""Program: the instance as a mixed-integer program for a backend, for what is small enough, and for what must give.

A cell is base - down + between + up: whole steps below the two numbers around its target, between them, and above them,
each at a constant cost; the costs rise, so the pieces fill in the right order by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from solvers.model import Model
from solvers.quotas.answer import Conflict
from solvers.quotas.held import Held, choices, hold
from solvers.quotas.instance import OPEN, Instance, IntArray
from solvers.quotas.rows import Family, families
from solvers.solution import Solution, SolveOptions, Status

HALF = 0.5
FIRM = 1000.0
"""Price of a step by which something firm gives; that of all else is 1."""


@dataclass(frozen=True)
class Proven:
    """What a backend says."""

    status: Status
    cells: IntArray | None
    bound: float
    """No cells have a smaller total; inf when there are none."""


def total(instance: Instance, held: Held, options: SolveOptions) -> Proven:
    """Return the cells of the least total deviation with the worst held."""
    from solvers import solve

    if held.empty:
        return Proven(Status.INFEASIBLE, None, inf)
    model, pieces = _cells(held, 1.0)
    for family in families(instance, held):
        _rows(model, family, pieces, held)
    answer = solve(model, options)
    return _read(answer, pieces, held)


def possible(instance: Instance, held: Held, options: SolveOptions) -> Status:
    """Return OPTIMAL when cells exist, INFEASIBLE when none do, else NO_SOLUTION_FOUND."""
    from solvers import solve

    if held.empty:
        return Status.INFEASIBLE
    model, pieces = _cells(held, 0.0)
    for family in families(instance, held):
        _rows(model, family, pieces, held)
    status = solve(model, options).status
    return status if status in (Status.OPTIMAL, Status.INFEASIBLE) else Status.NO_SOLUTION_FOUND


def conflicts(instance: Instance, options: SolveOptions, firm: tuple[str, ...] = ()) -> tuple[Conflict, ...]:
    """Return the limits that have to give, with the least sum of steps; () when none have to.

    Every limit may give at the same price a step, and so may a lock; what is firm gives at a far higher price. Cells
    stay whole.
    """
    from solvers import solve

    widest = hold(instance)
    locked = np.flatnonzero(~choices(instance).reshape(-1) | (widest.lower > 0).reshape(-1))
    most = max(
        int(widest.lower.sum()),
        *(_finite(side) for pair in instance.limits.pairs().values() for side in pair),
    )
    open_cells = Held(
        widest.target, widest.scale, np.zeros_like(widest.lower), np.full_like(widest.upper, most)
    )
    model = Model()
    cell = model.add_columns("cell", instance.cells, upper=float(most))
    gives: list[tuple[str, IntArray, IntArray]] = []
    upper = instance.limits.cell_upper.reshape(-1)
    own = np.unique(np.concatenate([locked, np.flatnonzero(upper < OPEN)]))
    own_family = Family(
        "cell", own, np.arange(len(own) + 1), own, instance.limits.cell_lower.reshape(-1)[own].astype(np.float64),
        upper[own].astype(np.float64), np.zeros(len(own)),
    )  # fmt: skip
    for family in [*families(instance, open_cells), *([own_family] if len(own) else [])]:
        count = len(family.index)
        price = FIRM if family.name in firm else 1.0
        over = model.add_columns("over", count, cost=price, upper=inf, integer=False)
        under = model.add_columns("under", count, cost=price, upper=inf, integer=False)
        row = np.repeat(np.arange(count), np.diff(family.start))
        each = np.arange(count)
        rows, columns = np.concatenate([row, each, each]), np.concatenate([cell[family.members], over, under])
        values = np.concatenate([np.ones(len(row)), -np.ones(count), np.ones(count)])
        sides = family.least, np.where(family.most < OPEN, family.most, inf)
        model.add_rows(family.name, rows, columns, values, count=count, lower=sides[0], upper=sides[1])
        gives += [(f"{family.name}_upper", family.index, over), (f"{family.name}_lower", family.index, under)]
    answer = solve(model, options)
    if answer.x is None or answer.bound < HALF:
        return ()
    return tuple(
        Conflict(name, _place(instance, name, int(index[k])), int(np.ceil(answer.x[columns[k]] - 1e-6)))
        for name, index, columns in gives
        for k in np.flatnonzero(answer.x[columns] > 1e-6)
    )


def _cells(held: Held, price: float) -> tuple[Model, IntArray]:
    """Return a model with three columns a cell, (down, between, up), shape (3, cell)."""
    below, above = held.kinks
    model, count = Model(), held.target.size
    model.offset = price * float(held.deviation(below).sum())
    sides = (
        ("down", 1 / held.scale, below - held.lower),
        ("between", held.deviation(above) - held.deviation(below), above - below),
        ("up", 1 / held.scale, held.upper - above),
    )
    pieces = [
        model.add_columns(name, count, cost=price * np.reshape(cost, -1), upper=np.reshape(room, -1))
        for name, cost, room in sides
    ]
    return model, np.stack(pieces)


def _rows(model: Model, family: Family, pieces: IntArray, held: Held) -> None:
    count = len(family.index)
    row = np.repeat(np.arange(count), np.diff(family.start))
    base = held.kinks[0].reshape(-1)[family.members]
    taken = np.bincount(row, base, count)
    values = np.repeat([-1.0, 1.0, 1.0], len(row))
    most = np.where(family.most < OPEN, family.most - taken, inf)
    columns = pieces[:, family.members].reshape(-1)
    model.add_rows(
        family.name, np.tile(row, 3), columns, values, count=count, lower=family.least - taken, upper=most
    )  # fmt: skip


def _read(answer: Solution, pieces: IntArray, held: Held) -> Proven:
    if answer.x is None:
        return Proven(answer.status, None, inf if answer.status is Status.INFEASIBLE else answer.bound)
    down, between, up = np.rint(answer.x[pieces]).astype(np.int64)
    cells = held.kinks[0] + (between + up - down).reshape(held.target.shape)
    return Proven(answer.status, cells, answer.bound)


def _finite(side: IntArray) -> int:
    inside = side[side < OPEN]
    return int(inside.max(initial=0))


def _place(instance: Instance, name: str, index: int) -> tuple[int, ...]:
    shape = {
        "company": instance.target.shape[1:],
        "node": instance.parent.shape,
        "product": instance.target.shape[:2],
        "period": (instance.target.shape[0], instance.target.shape[2]),
        "cell": instance.target.shape,
    }[name.split("_")[0]]
    return tuple(int(k) for k in np.unravel_index(index, shape))
