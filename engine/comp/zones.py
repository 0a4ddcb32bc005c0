"""Zones of a component's table: below its threshold, and beyond its accelerator.

    threshold     first knot above 0 below which the table pays nothing
    accelerator   first knot at which the rate rises above that of the piece before, which pays: among those at or above
                  100 % of quota where there is one, else, and for tiers on credit, among all
    cost beyond   pay less what the same component pays on credit that is held at the accelerator

Attainment is that of the interval over which credit adds up, at its end, against the quota of the interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.comp.book import Book
from engine.comp.fast import Fast
from engine.comp.incentive import Incentive
from engine.comp.pieces import Pieces
from engine.comp.quantity import Quantity
from engine.inputs import BoolArray, FloatArray

ONE = Fraction(1)


@dataclass(frozen=True)
class Zones:
    """Where a component begins to pay, and where it begins to pay more."""

    on_credit: bool
    """Whether levels are minor units of credit, not attainment."""
    threshold: Fraction | None
    accelerator: Fraction | None

    @classmethod
    def of(cls, part: Incentive, table: Pieces) -> Zones:
        """Read the zones off a component's table."""
        on_credit = getattr(part, "tiers_on", "attainment") == "credit"
        return cls(on_credit, _threshold(table), _accelerator(table, on_credit))


@dataclass(frozen=True)
class Told:
    """What became of the people of a plan, added up over them and intervals; shape (replication,)."""

    cases: FloatArray
    """People with a quota in an interval."""
    below: FloatArray
    above: FloatArray
    pay: FloatArray
    """Earned in all, minor units."""
    beyond: FloatArray
    """Of which beyond the accelerator."""

    def plus(self, other: Told) -> Told:
        """Return those of both together."""
        return Told(
            self.cases + other.cases, self.below + other.below, self.above + other.above, self.pay + other.pay,
            self.beyond + other.beyond,
        )  # fmt: skip


def told(part: Incentive, zones: Zones, book: Book) -> Told:
    """Count people below the threshold and above the accelerator, and what is earned beyond it."""
    groups = book.intervals.groups(part.accumulate)
    credit = _values(part.counted(book).total(groups))[..., groups.last]
    quota = _values(part.held_against(book, groups, whole=True))[..., groups.last]
    unit = np.ones_like(quota) if zones.on_credit else quota
    there = np.broadcast_to(
        quota > 0 if not zones.on_credit else np.ones_like(quota, dtype=np.bool_), credit.shape
    )
    below = _reached(credit, unit, zones.threshold) if zones.threshold is not None else there
    above = _reached(credit, unit, zones.accelerator) if zones.accelerator is not None else ~there
    shape = (*credit.shape[:-1], book.shape[-1])
    earned, held = (
        np.broadcast_to(_values(part.earn(one)), shape) for one in (book, _held(part, zones, book))
    )
    return Told(
        _summed(there),
        _summed(there & ~below),
        _summed(there & above),
        _summed(earned),
        _summed(earned - held),
    )


def _held(part: Incentive, zones: Zones, book: Book) -> Book:
    """Return the book with credit to date held at the accelerator."""
    if zones.accelerator is None:
        return book
    groups, whole = book.intervals.groups(part.accumulate), part.quota == "interval"
    credit = part.counted(book).running(groups)
    if zones.on_credit:
        held = credit.least(zones.accelerator)
    else:
        held = credit.least(part.held_against(book, groups, whole).times(zones.accelerator))
    return replace(book, credits={**book.credits, part.measure: held.steps(groups)})


def _threshold(table: Pieces) -> Fraction | None:
    pieces = zip(table.intercepts, table.slopes, strict=True)
    first = next((k for k, (intercept, slope) in enumerate(pieces) if intercept or slope), 0)
    knot = table.knots[first - 1] if first else Fraction(0)
    return knot if knot > 0 else None


def _accelerator(table: Pieces, on_credit: bool) -> Fraction | None:
    rises = [
        knot
        for knot, before, after in zip(table.knots, table.slopes, table.slopes[1:], strict=False)
        if after > before > 0
    ]
    beyond = [knot for knot in rises if knot >= ONE] if not on_credit else rises
    return next(iter(beyond or rises), None)


def _reached(credit: FloatArray, unit: FloatArray, level: Fraction) -> BoolArray:
    return np.asarray(credit * float(level.denominator) >= unit * float(level.numerator))


def _summed(values: FloatArray | BoolArray) -> FloatArray:
    return np.asarray(values.sum(axis=(-2, -1)), dtype=np.float64).reshape(-1)


def _values(amount: Quantity) -> FloatArray:
    assert isinstance(amount, Fast)
    return amount.values
