"""violations: finished quotas checked in plain integers with tolerance zero, without the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

import numpy as np

from engine.amounts import to_minor
from engine.inputs import Inputs, IntArray
from engine.quota.carry import Carry, carry
from engine.quota.check_cells import cell_violations
from engine.quota.given import amounts, by_product
from engine.quota.shape import shape
from engine.quota.spec import QuotaSpec
from engine.quota.targets import year_carried
from engine.quota.tree import SEAT, handed_down, levels_of, step_of
from engine.quota.words import amount

Range = tuple[int, int]
"""Lowest and highest whole amount, minor units, that a node's own quota can be, given what stands below it."""


def violations(inputs: Inputs, spec: QuotaSpec, cells: IntArray) -> list[str]:
    """Return what is wrong with quotas by (rep, product, period) in minor units; one sentence per breach.

    Checked: the sums of every level from the seats up to the goal with each over-assignment, products and periods
    against the goals given for them, multiples of the step (but for remainders that a sum forces), bounds, locks,
    nothing negative, and nothing carried by a seat before its hire date. Bounds relative to the target, which
    depends on the alignment and the simulation, are checked where the quotas are made.
    """
    form = np.asarray(cells)
    if form.ndim != 3 or form.shape[0] != len(inputs.reps) or form.shape[2] != inputs.calendar.periods:
        expected = f"({len(inputs.reps)}, product, {inputs.calendar.periods})"
        return [f"quotas have the shape {form.shape}, not {expected}"]
    if not np.issubdtype(form.dtype, np.integer):
        return [f"quotas are {form.dtype}, not whole minor units"]
    quota = [sum(map(int, seat.ravel())) for seat in form]
    return [
        *_sums(inputs, spec, quota),
        *_bounds(inputs, spec, quota),
        *cell_violations(inputs, spec, form, quota),
    ]


def _goal(inputs: Inputs, spec: QuotaSpec) -> int:
    return sum(to_minor(value, inputs.currency) for _, value in amounts(spec.goal) if value is not None)


def _sums(inputs: Inputs, spec: QuotaSpec, quota: list[int]) -> Iterator[str]:
    """Add up from the seats to the company.

    What a parent's children sum to must be the rounding of
    (1 + over-assignment) x a whole amount; that amount goes one level up.
    """
    levels, step = levels_of(inputs, spec), step_of(inputs, spec)
    paths = [tuple(inputs.reps.levels[level][seat] for level in levels) for seat in range(len(quota))]
    below: dict[tuple[str, ...], list[tuple[str, Range]]] = {}
    for seat, path in enumerate(paths):
        below.setdefault(path, []).append((inputs.reps.id[seat], (quota[seat], quota[seat])))
    for depth in range(len(levels), -1, -1):
        level = levels[depth] if depth < len(levels) else SEAT
        factor = 1 + Fraction(spec.over_assignment.get(level, 0))
        above: dict[tuple[str, ...], list[tuple[str, Range]]] = {}
        for path, children in below.items():
            name = " / ".join(path) or "company"
            yield from _odd(name, children, step, spec.locks if depth == len(levels) else {})
            low = sum(span[0] for _, span in children)
            high = sum(span[1] for _, span in children)
            if depth == 0:
                given = handed_down(_goal(inputs, spec), factor)
                if not low <= given <= high:
                    yield (
                        f"below the company stand {amount(low, inputs.currency)}; "
                        f"the goal hands down {amount(given, inputs.currency)}"
                    )
                continue
            own = (ceil((low - Fraction(1, 2)) / factor), ceil((high + Fraction(1, 2)) / factor) - 1)
            if own[0] > own[1]:
                yield f"{name}: what stands below it, {amount(low, inputs.currency)}, is no {factor} of any amount"
                own = (own[1], own[0])
            yield from _node(inputs, spec, path[-1], own)
            above.setdefault(path[:-1], []).append((path[-1], own))
        below = above


def _odd(
    parent: str, children: list[tuple[str, Range]], step: int, locks: Mapping[str, object]
) -> Iterator[str]:
    odd = [
        name
        for name, (low, high) in children
        if name not in locks and low % step and low // step == high // step
    ]
    if len(odd) > 1:
        yield f"below {parent} more than one quota is no multiple of the step: {', '.join(odd)}"


def _node(inputs: Inputs, spec: QuotaSpec, name: str, own: Range) -> Iterator[str]:
    bound = spec.bounds.nodes.get(name)
    if bound is None:
        return
    if bound.min is not None and own[1] < to_minor(bound.min, inputs.currency):
        yield f"{name}: {amount(own[1], inputs.currency)} is below its minimum of {bound.min:f}"
    if bound.max is not None and own[0] > to_minor(bound.max, inputs.currency):
        yield f"{name}: {amount(own[0], inputs.currency)} is above its maximum of {bound.max:f}"


def _bounds(inputs: Inputs, spec: QuotaSpec, quota: list[int]) -> Iterator[str]:
    years = _years(inputs, spec, carry(inputs, spec))
    for seat, value in enumerate(quota):
        name = inputs.reps.id[seat]
        if value < 0:
            yield f"{name}: the quota is negative"
        lock = spec.locks.get(name)
        if lock is not None:
            if value != to_minor(lock, inputs.currency):
                yield f"{name}: {amount(value, inputs.currency)} is not the lock of {lock:f}"
            continue
        year = years[seat]
        if year == 0 and value:
            yield f"{name}: carries {amount(value, inputs.currency)}, though nobody sits in it all year"
        if year is not None and year > 0:
            yield from _ranges(inputs, spec, seat, value, year)
        if year != 0 and value:
            yield from _node(inputs, spec, name, (value, value))


def _years(inputs: Inputs, spec: QuotaSpec, carried: Carry) -> list[Fraction | None]:
    """Return the share of the year each seat carries; None where it hangs on simulated seasons."""
    given = spec.seasonality
    simulated = "simulated" in (given.values() if by_product(given) else (given,))
    if not simulated or isinstance(spec.goal, Mapping):
        form = shape(inputs, spec, np.ones(inputs.calendar.periods, dtype=np.int64))
        if not simulated or form.by_period is not None:
            return list(year_carried(carried, form.seasons))
    return [row[0] if len(set(row)) == 1 else None for row in carried]


def _ranges(inputs: Inputs, spec: QuotaSpec, seat: int, value: int, year: Fraction) -> Iterator[str]:
    name, minor = inputs.reps.id[seat], to_minor(type(spec.step)(1), inputs.currency)
    history = int(inputs.reps.history[seat])
    absolute, relative = spec.bounds.absolute, spec.bounds.history
    rules = [("in money", absolute.min, absolute.max, minor * year)]
    if history > 0:
        rules.append(("of last year", relative.min, relative.max, history * year))
    for rule, low, high, base in rules:
        if low is not None and value < Fraction(low) * base:
            yield f"{name}: {amount(value, inputs.currency)} is below {low:f} {rule}"
        if high is not None and value > Fraction(high) * base:
            yield f"{name}: {amount(value, inputs.currency)} is above {high:f} {rule}"
