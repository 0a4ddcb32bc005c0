"""The part of the plain check that looks at single cells: signs, steps, time in seat, products and periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from engine.amounts import to_minor
from engine.inputs import Inputs, IntArray
from engine.quota.adjusting.held import pins
from engine.quota.carry import carry
from engine.quota.given import amounts
from engine.quota.lines import ALL as ALL_PARTS
from engine.quota.lines import Pin
from engine.quota.shape import ALL, of_products, quarter_names
from engine.quota.spec import QuotaSpec
from engine.quota.tree import step_of
from engine.quota.words import amount


def cell_violations(inputs: Inputs, spec: QuotaSpec, cells: IntArray, quota: list[int]) -> Iterator[str]:
    """Yield what is wrong with single cells, shape (rep, product, period)."""
    names = product_names(inputs, spec)
    if cells.shape[1] != len(names):
        yield f"quotas have {cells.shape[1]} products; the scenario has {len(names)}"
        return
    for seat, product, period in np.argwhere(cells < 0):
        label = inputs.calendar.labels[period]
        yield f"{inputs.reps.id[seat]}, {names[product]}, {label}: the quota is negative"
    ahead = cells.copy()
    if inputs.in_force is not None:
        ahead[:, :, : inputs.calendar.closed] = 0
    yield from _time(inputs, spec, ahead)
    fixed = pins(inputs, spec, names)
    for pin in fixed:
        value = int(cells[pin.seat][pin.cells((len(names), cells.shape[2]))].sum())
        if value != pin.amount:
            told = f"{amount(value, inputs.currency)} is not the {amount(pin.amount, inputs.currency)} that was set"
            yield f"{inputs.reps.id[pin.seat]}: {told}"
    yield from _steps(inputs, spec, ahead, fixed)
    if isinstance(spec.goal, Mapping):
        yield from _given(inputs, spec, cells, sum(quota))
    else:
        yield from _shared(inputs, spec, ahead, int(ahead.sum()))


def product_names(inputs: Inputs, spec: QuotaSpec) -> tuple[str, ...]:
    """Return the product axis: that of the inputs, or a single `all`."""
    return inputs.products.id if of_products(inputs, spec.goal) or spec.products != "none" else (ALL,)


def _time(inputs: Inputs, spec: QuotaSpec, cells: IntArray) -> Iterator[str]:
    by_period = cells.sum(axis=1)
    filled = np.array([[share > 0 for share in row] for row in carry(inputs, spec)], dtype=np.bool_)
    for seat, period in np.argwhere((by_period != 0) & ~filled):
        name = inputs.reps.id[seat]
        if spec.locks.get(name) is None or (filled[seat] & (by_period[seat] != 0)).any():
            yield f"{name} carries a quota in {inputs.calendar.labels[period]}, when it is not filled"


def _steps(inputs: Inputs, spec: QuotaSpec, cells: IntArray, fixed: Sequence[Pin]) -> Iterator[str]:
    """Cells off the step must close no loop: along a loop, amounts could be moved until one is a multiple again.

    What is fixed for a product or period of a seat is a sum of its own there; a single cell that is fixed is no choice.
    """
    step = step_of(inputs, spec)
    flat = cells.reshape(cells.shape[0], -1)
    group = list(range(sum(flat.shape) + len(fixed)))
    line = np.repeat(np.arange(len(flat))[:, None], flat.shape[1], axis=1)
    for index, pin in enumerate(
        sorted(fixed, key=lambda each: ALL_PARTS in (each.product, each.period), reverse=True)
    ):
        mask = pin.cells((cells.shape[1], cells.shape[2])).ravel()
        line[pin.seat, mask] = sum(flat.shape) + index if ALL_PARTS in (pin.product, pin.period) else -1

    def root(vertex: int) -> int:
        while group[vertex] != vertex:
            group[vertex] = group[group[vertex]]
            vertex = group[vertex]
        return vertex

    for seat, column in np.argwhere(flat % step != 0):
        if line[seat, column] < 0:
            continue
        one, other = root(int(line[seat, column])), root(flat.shape[0] + int(column))
        if one == other:
            label = inputs.calendar.labels[int(column) % cells.shape[2]]
            yield f"{inputs.reps.id[seat]}, {label}: no sum forces this quota off the step"
        group[one] = other


def _given(inputs: Inputs, spec: QuotaSpec, cells: IntArray, street: int) -> Iterator[str]:
    """Goals given per product, period or quarter hold exactly, or to a minor unit under over-assignment."""
    total = sum(to_minor(value, inputs.currency) for _, value in amounts(spec.goal) if value is not None)
    for name, goal in spec.goal.items():
        if not of_products(inputs, spec.goal):
            yield from _held(inputs, name, goal, _at(inputs, name), cells, (street, total))
            continue
        product = cells[:, [inputs.products.id.index(name)]]
        if not isinstance(goal, Mapping):
            yield from _held(
                inputs, name, goal, list(range(inputs.calendar.periods)), product, (street, total)
            )
            continue
        for period, part in goal.items():
            yield from _held(inputs, f"{name}, {period}", part, _at(inputs, period), product, (street, total))


def _at(inputs: Inputs, name: str) -> list[int]:
    return quarter_names(inputs).get(name) or [inputs.calendar.labels.index(name)]


def _held(
    inputs: Inputs,
    name: str,
    goal: Decimal | None,
    periods: list[int],
    cells: IntArray,
    whole: tuple[int, int],
) -> Iterator[str]:
    """Say when quotas are not the goal x street / total of the goals; to a minor unit for each part that is rounded."""
    street, total = whole
    due = 0 if goal is None else to_minor(goal, inputs.currency)
    found = int(cells[:, :, periods].sum())
    off = abs(found * total - due * street)
    if (off and street == total) or off >= total * max(len(periods), 1):
        yield f"{name}: quotas of {amount(found, inputs.currency)} for a goal of {amount(due, inputs.currency)}"


def _shared(inputs: Inputs, spec: QuotaSpec, cells: IntArray, street: int) -> Iterator[str]:
    """Shares of products that are written in the scenario hold to the step and the remainders."""
    if not isinstance(spec.products, Mapping):
        return
    step = step_of(inputs, spec)
    whole = sum((Fraction(share) for share in spec.products.values()), Fraction(0))
    rest = sum(int(seat.sum()) % step for seat in cells)
    for product, name in enumerate(inputs.products.id):
        due = street * Fraction(spec.products.get(name, 0)) / whole
        found = int(cells[:, product].sum())
        if abs(found - due) > 2 * step + rest:
            yield f"{name}: quotas of {amount(found, inputs.currency)} for a share of {amount(due, inputs.currency)}"
