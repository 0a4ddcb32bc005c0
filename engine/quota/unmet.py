"""Unmet: why seats cannot hold their quotas in the periods and products left to them, and by how much.

Every total may fall short, and every limit in a product give, at the price of one per step; a price above zero proves
that no quotas exist, and the least price names what would have to give.
"""

from __future__ import annotations

from collections.abc import Sequence
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


class Unmet(Infeasible):
    """Rows of a table cannot hold their totals: other totals of the rows might."""


def unmet(filling: Filling, words: Words) -> Unmet | NoPlan:
    """Return what to raise when a table cannot be filled."""
    given = filling.given()
    if not any(part.any() for part in (given.rows, given.below, given.above)):
        return NoPlan("no table was found, yet nothing has to give", hint="Use another step.")
    faults = [*_of_rows(given.rows, filling.grid, words), *_of_groups(given, filling.grid, words)]
    general = Fault("M_INFEASIBLE", "the periods cannot hold the quotas of the seats filled in them")
    return Unmet(faults or [general])


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
