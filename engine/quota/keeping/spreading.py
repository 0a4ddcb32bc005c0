"""Spreading: cells of seats whose quota stays are left as they are, where the company's products and periods let them.

The other seats then share what is left of each product and period, near their cells in force. Where that leaves no
table, or remainders off the step would close a loop, all seats are spread at once, each near its cells in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray
from engine.progress import Progress
from engine.proof import Solve
from engine.quota.given import by_product
from engine.quota.lines import Lines, lines
from engine.quota.margins import loops
from engine.quota.shape import largest_remainder
from engine.quota.spec import QuotaSolver, QuotaSpec
from engine.quota.spread import Spread, company_totals, spread_lines
from engine.quota.unmet import Unmet

ESTIMATED = frozenset({"history", "simulated"})
"""Seasons that are read off deals or simulated years: they move with every forecast."""


def spread_kept(
    task: Spread, force: IntArray, stays: BoolArray, spec: QuotaSpec, progress: Progress
) -> tuple[IntArray, list[Solve]]:
    """Return quotas by cell, shape (rep, product, period), and the solves.

    Args:
        task: what is to be spread over open periods.
        force: cells in force in these periods, minor units, shape (rep, product, period).
        stays: seats whose quota is the one in force, shape (rep,).
        spec: the scenario's block.
        progress: where to report.

    Raises:
        Infeasible, BadInput: see `engine.quota.spread.spread`.

    """
    weights = task.weights()
    solver = spec.solver
    fits = _fitting(task, force, weights, stays)
    near = replace(task, aims=_aims(task, force, weights), base=force)
    found = lines(near.seats, near.weights(), near.pins)
    company, solves = company_totals(near, found, solver, progress)
    company = _like_before(near, force, company, spec)
    left = company - force[fits].sum(axis=0)
    if fits.any() and (left >= 0).all():
        rest = _rest(near, force, fits, left, solver, progress)
        if rest is not None and not loops(rest[0].reshape(len(rest[0]), -1) % task.step > 0):
            return rest[0], [*solves, *rest[1]]
    table, more = spread_lines(replace(near, base=None), found, company, solver, progress)
    return table, [*solves, *more]


def _fitting(task: Spread, force: IntArray, weights: FloatArray, stays: BoolArray) -> BoolArray:
    """Return the seats that stay whose cells in force keep what is fixed, limits of products, and time in seat."""
    fits = (
        stays
        & (force.sum(axis=(1, 2)) == np.array(task.seats))
        & ~((force > 0) & (weights <= 0)).any(axis=(1, 2))
    )
    fits &= (force >= 0).all(axis=(1, 2))
    fits[[pin.seat for pin in task.pins]] = False
    for seat, single in enumerate(task.limits):
        for product, limit in single.items():
            own = int(force[seat, product].sum())
            fits[seat] &= limit.low <= own and (limit.high is None or own <= limit.high)
    return np.asarray(fits)


def _aims(task: Spread, force: IntArray, weights: FloatArray) -> FloatArray:
    """Return what cells aim at: those in force, in whole steps, scaled to the seat's quota; without any, the shape."""
    before = (force // task.step * task.step).astype(np.float64)
    size, wanted = before.sum(axis=(1, 2)), np.array(task.seats, dtype=np.float64)
    known = (size > 0)[:, None, None]
    scale = np.where(
        np.array(task.seats) == force.sum(axis=(1, 2)), 1.0, wanted / np.where(size > 0, size, 1.0)
    )
    shares = weights / np.maximum(weights.sum(axis=(1, 2)), 1e-300)[:, None, None] * wanted[:, None, None]
    return np.where(known, before * scale[:, None, None], shares)


def _like_before(task: Spread, force: IntArray, company: IntArray, spec: QuotaSpec) -> IntArray:
    """Return the totals in force and what is added to them, where goals, and shares that are written, allow them.

    Goals hold to the minor unit, what is written but for rounding; a season or a mix of products that is estimated is
    no reason to move anything.
    """
    change = int(company.sum() - force.sum())
    shares = [share for row in task.shape.shares for share in row]
    parts = largest_remainder(abs(change) // task.step, shares)
    rest = np.zeros(company.size, dtype=np.int64)
    rest[int(np.argmax(company))] = abs(change) % task.step
    moved = (task.step * np.array(parts, dtype=np.int64) + rest).reshape(company.shape)
    like = force.sum(axis=0) + (moved if change > 0 else -moved)
    off, form = like - company, task.shape
    near = 2 * task.step + sum(quota % task.step for quota in task.seats)
    rooms: list[tuple[IntArray, int]] = []
    if isinstance(spec.products, Mapping):
        written = [Fraction(spec.products.get(name, 0)) for name in form.products]
        due = [int(company.sum()) * share / sum(written, Fraction(0)) for share in written]
        rooms.append((like.sum(axis=1) - np.array([round(part) for part in due]), near - 1))
    if not ESTIMATED & set(map(str, _seasons(spec))):
        rooms.append((off.sum(axis=0), near))
    if form.by_cell is not None:
        rooms.append((off, _cent(np.array(form.by_cell), company)))
    if form.by_period is not None:
        rooms.append((off.sum(axis=0), _cent(np.array(form.by_period), company)))
    if form.by_product is not None:
        rooms.append((off.sum(axis=1), 0))
    kept = (like >= 0).all() and all((np.abs(part) <= room).all() for part, room in rooms)
    return like if kept else company


def _seasons(spec: QuotaSpec) -> Iterable[object]:
    """Return the seasonality as written, of each product where they have their own."""
    given = spec.seasonality
    return given.values() if isinstance(given, Mapping) and by_product(given) else (given,)


def _cent(goals: IntArray, company: IntArray) -> int:
    """Return what a total may differ by from its goal: a minor unit, where over-assignment rounds it."""
    return int(goals.sum() != company.sum())


def _rest(
    task: Spread, force: IntArray, fits: BoolArray, left: IntArray, solver: QuotaSolver, progress: Progress
) -> tuple[IntArray, list[Solve]] | None:
    """Return the cells of all seats with those that fit left alone; None where the others cannot hold the rest."""
    table = np.where(fits[:, None, None], force, 0)
    if fits.all() or not any(quota for quota, alone in zip(task.seats, fits, strict=True) if not alone):
        return None if left.any() else (table, [])
    rows = np.flatnonzero(~fits)
    place = {int(seat): row for row, seat in enumerate(rows)}
    own = replace(
        task,
        seats=tuple(task.seats[seat] for seat in rows),
        names=tuple(task.names[seat] for seat in rows),
        carried=[task.carried[seat] for seat in rows],
        pins=tuple(replace(pin, seat=place[pin.seat]) for pin in task.pins if pin.seat in place),
        limits=tuple(task.limits[seat] for seat in rows) if task.limits else (),
        aims=None if task.aims is None else task.aims[rows],
        base=force[rows],
        bound=True,
    )
    found: Lines = lines(own.seats, own.weights(), own.pins)
    if (left < found.fixed.sum(axis=0)).any():
        return None
    try:
        cells, solves = spread_lines(own, found, left, solver, progress)
    except Unmet:
        return None
    table[rows] = cells
    return table, solves
