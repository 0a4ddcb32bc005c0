"""Fast: quantities as float64, for simulated credits.

Integers below 2^53 are exact in float64. Tables are evaluated on integers and divided once, so boundaries,
and ties where the products stay below 2^53, come out as on the exact path; beyond, amounts may differ
by one minor unit where a value lies within rounding error of a tie.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.comp.intervals import Groups
from engine.comp.lines import so_far
from engine.comp.pieces import Closed, Pieces
from engine.comp.quantity import Quantity
from engine.comp.ranking import places
from engine.comp.rounding import Integers, Rounding
from engine.comp.sharing import by_group, fitting, portions
from engine.inputs import BoolArray, FloatArray, IntArray


class Fast(Quantity):
    """Amounts as float64; shape (..., spell, period), or (line,) for deals."""

    __slots__ = ("values",)
    values: FloatArray

    def __init__(self, values: NDArray[np.int64] | FloatArray) -> None:
        self.values = np.asarray(values, dtype=np.float64)

    @classmethod
    def whole(cls, values: Integers) -> Self:
        """Take whole numbers."""
        return cls(np.asarray(values, dtype=np.float64))

    def plus(self, other: Self) -> Self:
        """Return self + other."""
        return type(self)(self.values + other.values)

    def times(self, ratio: Fraction) -> Self:
        """Return self x ratio."""
        product = self.values * float(ratio.numerator)
        return type(self)(product if ratio.denominator == 1 else product / float(ratio.denominator))

    def share(self, whole: Self, of: Self | int) -> Self:
        """Return of x self / whole; 0 where the whole is not above 0."""
        product = self.values * (float(of) if isinstance(of, int) else of.values)
        there = whole.values > 0
        return type(self)(np.where(there, product, 0.0) / np.where(there, whole.values, 1.0))

    def least(self, limit: Self | Fraction) -> Self:
        """Return the smaller of the two."""
        return type(self)(
            np.minimum(self.values, float(limit) if isinstance(limit, Fraction) else limit.values)
        )

    def most(self, limit: Self | Fraction) -> Self:
        """Return the larger of the two."""
        return type(self)(
            np.maximum(self.values, float(limit) if isinstance(limit, Fraction) else limit.values)
        )

    def reaches(self, level: Self, closed: Closed) -> BoolArray:
        """Say where self lies above the level, or on it where the left side is closed."""
        return np.asarray(
            self.values >= level.values if closed == "left" else self.values > level.values, dtype=np.bool_
        )

    def where(self, holds: BoolArray, otherwise: Self) -> Self:
        """Return self where a condition holds, and the other elsewhere."""
        return type(self)(np.where(holds, self.values, otherwise.values))

    def on(self, pieces: Pieces, unit: Self | None) -> Self:
        """Return unit x g(self / unit); 0 where the unit is not above 0."""
        table, x = pieces.scaled, self.values
        base: FloatArray = np.ones(()) if unit is None else unit.values
        value = float(table.intercepts[0]) * base + float(table.slopes[0]) * x
        level = x * float(table.knot_scale) if table.knots else x
        for k, knot in enumerate(table.knots):
            reach = float(knot) * base
            reached = level >= reach if pieces.closed == "left" else level > reach
            more = float(table.intercepts[k + 1] - table.intercepts[k]) * base
            more = more + float(table.slopes[k + 1] - table.slopes[k]) * x
            value = value + np.where(reached, more, 0.0)
        if unit is not None and not (base > 0).all():
            value = np.where(base > 0, value, 0.0)
        return type(self)(value / float(table.scale))

    def running(self, groups: Groups) -> Self:
        """Return sums to date along the periods of each group."""
        if groups.single:
            return self
        return type(self)(
            np.concatenate([np.cumsum(self.values[..., a:b], axis=-1) for a, b in groups.spans], axis=-1)
        )

    def steps(self, groups: Groups) -> Self:
        """Return what each period added to a figure to date."""
        if groups.single:
            return self
        steps = self.values.copy()
        for a, b in groups.spans:
            steps[..., a + 1 : b] -= self.values[..., a : b - 1]
        return type(self)(steps)

    def lowest(self, groups: Groups) -> Self:
        """Return the least value to date along the periods of each group."""
        if groups.single:
            return self
        parts = [np.minimum.accumulate(self.values[..., a:b], axis=-1) for a, b in groups.spans]
        return type(self)(np.concatenate(parts, axis=-1))

    def later(self, periods: int | IntArray) -> Self:
        """Return the values so many periods later; 0 in the first ones."""
        source = np.arange(self.values.shape[-1]) - periods
        return type(self)(np.where(source >= 0, self.values[..., np.maximum(source, 0)], 0.0))

    def total(self, groups: Groups) -> Self:
        """Return the sum of each group, in every period of it."""
        return self if groups.single else self._summed(groups, last_only=False)

    def collected(self, groups: Groups) -> Self:
        """Return the sum of each group in its last period."""
        return self if groups.single else self._summed(groups, last_only=True)

    def _summed(self, groups: Groups, *, last_only: bool) -> Self:
        summed = np.zeros_like(self.values)
        for a, b in groups.spans:
            sums = np.cumsum(self.values[..., a:b], axis=-1)
            summed[..., b - 1 if last_only else a : b] = sums[..., -1:]
        return type(self)(summed)

    def at(self, cells: IntArray) -> Self:
        """Return the values at flat cells; values by (spell, period) hold in every replication."""
        return type(self)(self.values.reshape(-1)[cells % self.values.size])

    def tallied(self, cells: IntArray, shape: tuple[int, ...]) -> Self:
        """Return lines added up by flat cell."""
        return type(self)(np.bincount(cells, self.values, prod(shape)).reshape(shape))

    def so_far(self, cells: IntArray, shape: tuple[int, ...], groups: Groups) -> Self:
        """Return sums of lines to date within the group of their cell."""
        return type(self)(so_far(self.values, cells, shape, groups))

    def fulls(self, step: Fraction) -> Self:
        """Return how many whole steps fit, counted towards 0."""
        return type(self)(np.trunc(self.values * float(step.denominator) / float(step.numerator)))

    def summed(self, of: IntArray, count: int) -> Self:
        """Return sums over people by group."""
        return type(self)(by_group(self.values, of, count))

    def rows(self, index: IntArray) -> Self:
        """Return some rows of the spell (or group) axis."""
        return type(self)(self.values[..., index, :])

    def places(self, unit: Self | None, of: IntArray, ranked: BoolArray) -> tuple[IntArray, IntArray]:
        """Return how many of a group are ahead in self / unit, and how many level."""
        keys = self.values if unit is None else self.values / np.where(unit.values > 0, unit.values, 1.0)
        return places(keys, of, ranked)

    def portions(self, weights: Self, of: IntArray) -> Self:
        """Return whole amounts of groups shared among people by whole weights, in integers."""
        return type(self)(portions(*fitting(self.values, weights.values), of))

    def rounded(self, mode: Rounding) -> Self:
        """Return whole minor units."""
        if mode == "half_even":
            return type(self)(np.rint(self.values))
        return type(self)(np.copysign(np.floor(np.abs(self.values) + 0.5), self.values))
