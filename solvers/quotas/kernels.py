"""Compiled loops of the dual ascent: one row of the model after the other gets the price at which its sum is right.

A row is a list of cells with a least and a most sum. `price` of a cell is the sum of the prices of its rows and is kept
up to date. Rows of one family share no cell, so a family may be done in any order and by several threads.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.quotas.cell import settled, shadow
from solvers.quotas.instance import FloatArray, IntArray

TRIES = 40
"""Evaluations of a row's sum at most; Newton's steps, kept inside a bracket, take two to five."""


@compiled
def summed(
    cells: IntArray, shift: float, price: FloatArray, data: FloatArray, centre: FloatArray, pull: float
) -> tuple[float, float]:
    """Return the sum of a row's cells when all their prices are shifted, and how fast it grows with the shift."""
    total, growth = 0.0, 0.0
    for cell in cells:
        target, scale, lower, upper = data[cell, 0], data[cell, 1], data[cell, 2], data[cell, 3]
        x = settled(price[cell] + shift, target, scale, lower, upper, centre[cell], pull)
        total += x
        base = np.floor(target)
        if lower < x < upper and x not in (base, base + 1.0):
            growth += scale * scale / pull
    return total, growth


@compiled
def shift_of(
    cells: IntArray,
    want: float,
    price: FloatArray,
    data: FloatArray,
    centre: FloatArray,
    pull: float,
    start: float,
    unit: float,
) -> float:
    """Return the shift of all prices at which a row's sum is what is wanted; the sum never falls with the shift."""
    low, high, at = -np.inf, np.inf, start
    reach = unit
    for _ in range(TRIES):
        total, growth = summed(cells, at, price, data, centre, pull)
        miss = want - total
        if abs(miss) <= 1e-7 * (1.0 + want):
            break
        if miss > 0:
            low = at
        else:
            high = at
        step = at + miss / growth if growth > 0 else (at + reach if miss > 0 else at - reach)
        if growth <= 0:
            reach *= 4.0
        if not low < step < high:
            if np.isinf(low) or np.isinf(high):
                step = at + reach if miss > 0 else at - reach
                reach *= 4.0
            else:
                step = 0.5 * (low + high)
        if step == at or abs(step) > 1e12 * unit:
            break
        at = step
    return at


@compiled
def priced_row(
    cells: IntArray,
    least: float,
    most: float,
    own: float,
    price: FloatArray,
    data: FloatArray,
    centre: FloatArray,
    pull: float,
) -> float:
    """Return the new price of a row, 0 where its sum is within its limits without one, and update its cells' prices."""
    free, _ = summed(cells, -own, price, data, centre, pull)
    new = 0.0
    if free < least or free > most:
        want = least if free < least else most
        unit = 0.0
        for cell in cells:
            unit = max(unit, data[cell, 1])
        shift = shift_of(cells, want, price, data, centre, pull, 0.0, 0.01 / unit)
        new = own + shift
        if (new < 0.0) != (free > most):
            new = 0.0
    if new != own:
        for cell in cells:
            price[cell] += new - own
    return new


@compiled
def priced(
    rows: IntArray,
    start: IntArray,
    members: IntArray,
    least: FloatArray,
    most: FloatArray,
    own: FloatArray,
    price: FloatArray,
    data: FloatArray,
    centre: FloatArray,
    pull: float,
) -> None:
    """Give each of the rows its price; `start` (row + 1,) and `members` list the cells of each row."""
    for row in rows:
        cells = members[start[row] : start[row + 1]]
        own[row] = priced_row(cells, least[row], most[row], own[row], price, data, centre, pull)


@compiled
def stood(price: FloatArray, data: FloatArray, centre: FloatArray, pull: float, x: FloatArray) -> None:
    """Write where each cell stands, shape (cell,)."""
    for cell in range(len(x)):
        x[cell] = settled(
            price[cell], data[cell, 0], data[cell, 1], data[cell, 2], data[cell, 3], centre[cell], pull
        )


@compiled
def shadows(price: FloatArray, data: FloatArray) -> float:
    """Return the sum over cells of the least deviation - price * x, x whole."""
    total, lost = 0.0, 0.0
    for cell in range(len(price)):
        term = shadow(price[cell], data[cell, 0], data[cell, 1], data[cell, 2], data[cell, 3]) - lost
        new = total + term
        lost = (new - total) - term
        total = new
    return total
