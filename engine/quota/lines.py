"""Lines: the rows of the table that is filled with quotas.

A seat is one line; what is fixed for one of its products or periods is a line of its own, and a single cell that is
fixed is in none: it is taken off the totals before, and added after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray

BoolArray = NDArray[np.bool_]
ALL = -1


@dataclass(frozen=True)
class Pin:
    """A quota that somebody has fixed for a product, a period, or both, of one seat."""

    seat: int
    product: int
    """Index of the product; -1 for all of them together."""
    period: int
    """Index of the period; -1 for the whole plan."""
    amount: int
    """Minor units."""

    def cells(self, shape: tuple[int, int]) -> BoolArray:
        """Return which cells of the seat the quota is the sum of, shape (product, period)."""
        found = np.zeros(shape, dtype=np.bool_)
        product = slice(None) if self.product == ALL else self.product
        found[product, slice(None) if self.period == ALL else self.period] = True
        return found


@dataclass(frozen=True)
class Lines:
    """Rows of the table, each with what it adds up to. Money in minor units."""

    seat: IntArray
    """Seat of each line, shape (line,)."""
    total: IntArray
    """What each line adds up to, shape (line,)."""
    weights: FloatArray
    """Relative size of each cell, shape (line, product x period); 0 where nothing may stand."""
    fixed: IntArray
    """Cells that are fixed one by one, shape (rep, product, period)."""
    product: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Product of a line that is fixed for one; else -1; shape (line,)."""

    def names(self, seats: Sequence[str]) -> list[str]:
        """Return the name of the seat of each line."""
        return [seats[index] for index in self.seat]

    def cells(self, table: IntArray) -> IntArray:
        """Return the quota of every seat's cells from those of the lines, shape (rep, product, period)."""
        found = self.fixed.copy()
        np.add.at(found.reshape(len(found), -1), self.seat, table)
        return found


def lines(seats: Sequence[int], weights: FloatArray, pins: Sequence[Pin]) -> Lines:
    """Return the lines of all seats, those of pins behind them.

    Args:
        seats: quota of each seat for the whole plan, minor units.
        weights: relative size of each cell, shape (rep, product, period).
        pins: what is fixed within seats; no two may share a cell unless that cell is fixed itself.

    """
    shape = weights.shape[1], weights.shape[2]
    fixed = np.zeros(weights.shape, dtype=np.int64)
    free, rest = np.ones(weights.shape, dtype=np.bool_), np.array(seats, dtype=np.int64)
    single = [pin for pin in pins if ALL not in (pin.product, pin.period)]
    for pin in single:
        fixed[pin.seat, pin.product, pin.period] = pin.amount
        free[pin.seat, pin.product, pin.period] = False
        rest[pin.seat] -= pin.amount
    owner, total, rows, product = list(range(len(seats))), [], [], [ALL] * len(seats)
    for pin in (pin for pin in pins if pin not in single):
        mask = pin.cells(shape) & free[pin.seat]
        amount = pin.amount - int(fixed[pin.seat][pin.cells(shape)].sum())
        free[pin.seat] &= ~mask
        rest[pin.seat] -= amount
        weight = weights[pin.seat] * mask
        owner.append(pin.seat)
        total.append(amount)
        product.append(pin.product)
        rows.append(weight if weight.any() else mask.astype(np.float64))
    count = len(seats)
    table = np.concatenate([weights * free, np.array(rows).reshape(-1, *shape)]).reshape(
        count + len(rows), -1
    )
    return Lines(
        np.array(owner, dtype=np.int64),
        np.concatenate([rest, np.array(total, dtype=np.int64)]),
        table,
        fixed,
        np.array(product, dtype=np.int64),
    )


def pinned(pins: Sequence[Pin], seat: int, open_cells: BoolArray) -> tuple[int, bool]:
    """Return what the pins of a seat add up to, minor units, and whether they leave none of its open cells free."""
    mine = [pin for pin in pins if pin.seat == seat]
    shape = open_cells.shape[0], open_cells.shape[1]
    cells = {(pin.product, pin.period): pin.amount for pin in mine if ALL not in (pin.product, pin.period)}
    left, total = open_cells.copy(), sum(cells.values())
    for product, period in cells:
        left[product, period] = False
    for pin in mine:
        if ALL in (pin.product, pin.period):
            mask = pin.cells(shape)
            total += pin.amount - sum(amount for at, amount in cells.items() if mask[at])
            left &= ~mask
    return total, not left.any()
