"""Unmet: why seats cannot hold their quotas in the periods and products left to them, and by how much.

Every total may fall short, and every limit in a product give, at the price of one per step; a price above zero proves
that no quotas exist, and the least price names what would have to give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import Fault, Infeasible, NoPlan
from engine.inputs import FloatArray
from engine.quota.filling import Filling, Given
from engine.quota.margins import Grid
from engine.quota.words import amount


@dataclass(frozen=True)
class Words:
    """What a table is called in messages, and whether its column totals bind."""

    rows: Sequence[str]
    currency: str
    movable: int = 0
    """Number of products whose totals may move between periods where the seats cannot meet them; 0 for none."""
    products: Sequence[str] = ()
    seats: int = 0
    """How many of the rows are whole seats; the others are what somebody fixed within one."""


class Unmet(Infeasible):
    """Rows of a table cannot hold their totals: other totals of the rows might."""


def unmet(filling: Filling, words: Words) -> Unmet | NoPlan:
    """Return what to raise when a table cannot be filled."""
    given = filling.given()
    if not any(part.any() for part in (given.rows, given.below, given.above)):
        return NoPlan("no table was found, yet nothing has to give", hint="Use another step.")
    faults = [*_of_columns(given.columns, filling.grid, words), *_of_rows(given.rows, filling.grid, words)]
    faults += [*_of_products(filling.grid, words), *_of_groups(given, filling.grid, words)]
    general = Fault("M_INFEASIBLE", "the periods cannot hold the quotas of the seats filled in them")
    return Unmet(faults or [general])


def _of_columns(missing: FloatArray, grid: Grid, words: Words) -> Iterator[Fault]:
    """Yield the products, and the periods unless their totals may move, whose goal nobody is left to carry."""
    if not words.products:
        return
    lacks = missing.reshape(len(words.products), -1)
    for product, name in enumerate(words.products):
        periods = [int(p) + 1 for p in np.flatnonzero(lacks[product] > 0.5)]
        if not periods:
            continue
        where = [name] if len(words.products) > 1 else []
        if not words.movable:
            numbers = ", ".join(map(str, periods))
            where.append(f"{'period' if len(periods) == 1 else 'periods'} {numbers} of the plan")
        if where:
            lack = amount(lacks[product].sum() * grid.step, words.currency)
            message = f"{', '.join(where)}: nobody is left to carry {lack} of its goal"
            hint = "Lower the goal, free what is fixed, or fill seats."
            yield Fault("M_INFEASIBLE", message, hint, field="quotas.goal")


def _of_rows(missing: FloatArray, grid: Grid, words: Words) -> Iterator[Fault]:
    """Yield what seats, or what is fixed within them, cannot place."""
    for row in np.flatnonzero(missing > 0.5):
        name, lack = words.rows[int(row)], amount(missing[row] * grid.step, words.currency)
        if words.seats and row >= words.seats:
            message = f"{name}: {lack} of what is set for one of its products or periods is more than the goals hold"
            yield Fault("M_INFEASIBLE", message, "Lower what is set.", field="quotas.adjustments")
            continue
        open_ = (
            "products and periods open to it" if len(words.products) > 1 else "periods in which it is filled"
        )
        message = f"{name}: the {open_} cannot hold {lack} of its quota"
        hint = "Lower its bounds or lock, or give it more time in the seat."
        yield Fault("M_INFEASIBLE", message, hint, field="quotas.seasonality")


def _of_products(grid: Grid, words: Words) -> Iterator[Fault]:
    """Yield products whose floors, or ceilings, of all seats together do not meet the goal."""
    width = grid.shape.shape[1] // max(len(words.products), 1)
    for product, name in enumerate(words.products if grid.groups else ()):
        mine = slice(product * width, (product + 1) * width)
        groups = [group for group in grid.groups if int(group.columns[0]) // width == product]
        goal, least = int(grid.columns[mine].sum()), sum(group.low for group in groups)
        tops = [group.high for group in groups if group.high is not None]
        bounded = len(tops) == int((grid.shape[:, mine] > 0).any(axis=1).sum())
        for off, total, word in (
            (least > goal, least, "floors"),
            (bounded and sum(tops) < goal, sum(tops), "ceilings"),
        ):
            if off:
                message = (
                    f"{name}: the {word} of the seats sum to {amount(total, words.currency)}, what they carry of "
                    f"it to {amount(goal, words.currency)}: {amount(abs(total - goal), words.currency)} apart"
                )
                hint = "Widen these bounds, or change the goal."
                yield Fault("M_INFEASIBLE", message, hint, field=f"quotas.bounds.products.{name}")


def _of_groups(given: Given, grid: Grid, words: Words) -> list[Fault]:
    faults = []
    for index, group in enumerate(grid.groups):
        product = words.products[int(group.columns[0]) * len(words.products) // grid.shape.shape[1]]
        for less, edge, side, verb in (
            (given.below[index], group.low, "at least", "fall"),
            (given.above[index], group.high or 0, "at most", "rise"),
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
