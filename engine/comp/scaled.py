"""Scaled: quantities as exact ratios of integers, for real money.

Numerators are int64 arrays; where a product or sum could pass 2^62 they widen to Python integers, so nothing ever
wraps round. A denominator is one integer, or an array of them after a share. The only division is
`rounded`. `minor` hands whole minor units back as int64 and refuses what is no sum of money.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm, prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.amounts import MAX_MONEY
from engine.comp.intervals import Groups
from engine.comp.lines import so_far
from engine.comp.pieces import Closed, Pieces
from engine.comp.quantity import Quantity
from engine.comp.ranking import places
from engine.comp.rounding import Integers, Rounding, divide
from engine.comp.sharing import by_group, fitting, portions
from engine.errors import BadInput, Fault
from engine.inputs import BoolArray, IntArray

_SAFE = 2**62
LARGEST = int(MAX_MONEY) * 1000
"""10^13 currency units in the smallest minor unit there is."""


def largest(values: Integers | int) -> int:
    """Return the largest absolute value; 0 of nothing."""
    if isinstance(values, int):
        return abs(values)
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


def product(left: Integers, right: Integers | int) -> Integers:
    """Multiply exactly."""
    if left.dtype == object or max(largest(left), 1) * largest(right) >= _SAFE:
        return np.asarray(left.astype(object) * right, dtype=object)
    return np.asarray(left * right)


def added(left: Integers, right: Integers) -> Integers:
    """Add exactly."""
    if left.dtype == object or largest(left) + largest(right) >= _SAFE:
        return np.asarray(left.astype(object) + right, dtype=object)
    return np.asarray(left + right)


class Scaled(Quantity):
    """Amounts as numerator / denominator; shape (..., spell, period), or (line,) for deals."""

    __slots__ = ("denominator", "numerator")
    numerator: Integers
    denominator: Integers | int

    def __init__(self, numerator: Integers, denominator: Integers | int = 1) -> None:
        self.numerator = np.asarray(numerator)
        self.denominator = denominator

    @classmethod
    def whole(cls, values: Integers) -> Self:
        """Take whole numbers."""
        return cls(values)

    def plus(self, other: Self) -> Self:
        """Return self + other."""
        left, right, denominator = self._aligned(other)
        return type(self)(added(left, right), denominator)

    def times(self, ratio: Fraction) -> Self:
        """Return self x ratio."""
        below = self._below(ratio.denominator)
        return type(self)(product(self.numerator, ratio.numerator), below)

    def share(self, whole: Self, of: Self | int) -> Self:
        """Return of x self / whole; 0 where the whole is not above 0."""
        amount = self._constant(Fraction(of)) if isinstance(of, int) else of
        there = whole.numerator > 0
        above = product(product(self.numerator, amount.numerator), _array(whole.denominator))
        below = product(np.where(there, whole.numerator, 1), _array(self.denominator))
        return type(self)(np.where(there, above, 0), product(below, _array(amount.denominator)))

    def least(self, limit: Self | Fraction) -> Self:
        """Return the smaller of the two."""
        other = self._constant(limit) if isinstance(limit, Fraction) else limit
        left, right, denominator = self._aligned(other)
        return type(self)(np.minimum(left, right), denominator)

    def most(self, limit: Self | Fraction) -> Self:
        """Return the larger of the two."""
        other = self._constant(limit) if isinstance(limit, Fraction) else limit
        left, right, denominator = self._aligned(other)
        return type(self)(np.maximum(left, right), denominator)

    def reaches(self, level: Self, closed: Closed) -> BoolArray:
        """Say where self lies above the level, or on it where the left side is closed."""
        left, right, _ = self._aligned(level)
        return np.asarray(left >= right if closed == "left" else left > right, dtype=np.bool_)

    def where(self, holds: BoolArray, otherwise: Self) -> Self:
        """Return self where a condition holds, and the other elsewhere."""
        left, right, denominator = self._aligned(otherwise)
        return type(self)(np.where(holds, left, right), denominator)

    def on(self, pieces: Pieces, unit: Self | None) -> Self:
        """Return unit x g(self / unit); 0 where the unit is not above 0."""
        table = pieces.scaled
        x, base, denominator = self._aligned(self._constant(Fraction(1)) if unit is None else unit)
        x, base = np.broadcast_arrays(x, base)
        level, piece = product(x, table.knot_scale), np.zeros(x.shape, dtype=np.int64)
        for knot in table.knots:
            reach = product(base, knot)
            piece += (level >= reach if pieces.closed == "left" else level > reach).astype(np.int64)
        value = added(
            product(_integers(table.intercepts)[piece], base), product(_integers(table.slopes)[piece], x)
        )
        whole = type(self)(np.where(base > 0, value, 0), denominator)
        return whole.times(Fraction(1, table.scale))

    def running(self, groups: Groups) -> Self:
        """Return sums to date along the periods of each group."""
        if groups.single:
            return self
        top, below = self._summable()
        parts = [np.cumsum(top[..., a:b], axis=-1) for a, b in groups.spans]
        return type(self)(np.concatenate(parts, axis=-1), below)

    def steps(self, groups: Groups) -> Self:
        """Return what each period added to a figure to date."""
        if groups.single:
            return self
        top, below = self._summable()
        steps = top.copy()
        for a, b in groups.spans:
            steps[..., a + 1 : b] -= top[..., a : b - 1]
        return type(self)(steps, below)

    def lowest(self, groups: Groups) -> Self:
        """Return the least value to date along the periods of each group."""
        if groups.single:
            return self
        top, below = self._summable()
        parts = [np.minimum.accumulate(top[..., a:b], axis=-1) for a, b in groups.spans]
        return type(self)(np.concatenate(parts, axis=-1), below)

    def later(self, periods: int | IntArray) -> Self:
        """Return the values so many periods later; 0 in the first ones."""
        top, below = self._summable()
        source = np.arange(top.shape[-1]) - periods
        return type(self)(np.where(source >= 0, top[..., np.maximum(source, 0)], 0), below)

    def total(self, groups: Groups) -> Self:
        """Return the sum of each group, in every period of it."""
        return self if groups.single else self._summed(groups, last_only=False)

    def collected(self, groups: Groups) -> Self:
        """Return the sum of each group in its last period."""
        return self if groups.single else self._summed(groups, last_only=True)

    def at(self, cells: IntArray) -> Self:
        """Return the values at flat (spell, period) cells."""
        top, below = self._summable()
        return type(self)(top.reshape(-1)[cells], below)

    def tallied(self, cells: IntArray, shape: tuple[int, ...]) -> Self:
        """Return lines added up by flat cell."""
        top, below = self._summable()
        sums = np.zeros(prod(shape), dtype=top.dtype)
        np.add.at(sums, cells, top)
        return type(self)(sums.reshape(shape), below)

    def so_far(self, cells: IntArray, shape: tuple[int, ...], groups: Groups) -> Self:
        """Return sums of lines to date within the group of their cell."""
        top, below = self._summable()
        return type(self)(so_far(top, cells, shape, groups), below)

    def fulls(self, step: Fraction) -> Self:
        """Return how many whole steps fit, counted towards 0."""
        size = product(np.abs(self.numerator), step.denominator) // self._below(step.numerator)
        return type(self)(np.where(self.numerator < 0, -size, size))

    def summed(self, of: IntArray, count: int) -> Self:
        """Return sums over people by group."""
        top, below = self._summable()
        return type(self)(by_group(top, of, count), below)

    def rows(self, index: IntArray) -> Self:
        """Return some rows of the spell (or group) axis."""
        top, below = self._summable()
        return type(self)(top[..., index, :], below)

    def places(self, unit: Self | None, of: IntArray, ranked: BoolArray) -> tuple[IntArray, IntArray]:
        """Return how many of a group are ahead in self / unit, and how many level: ratios are compared exactly."""
        left, right, _ = self._aligned(self._constant(Fraction(1)) if unit is None else unit)
        left, right = np.broadcast_arrays(left, right)
        ratios = [
            Fraction(int(a), int(b) if b > 0 else 1) for a, b in zip(left.flat, right.flat, strict=True)
        ]
        order = {ratio: k for k, ratio in enumerate(sorted(set(ratios)))}
        keys = np.array([order[ratio] for ratio in ratios], dtype=np.float64).reshape(left.shape)
        return places(keys, of, ranked)

    def portions(self, weights: Self, of: IntArray) -> Self:
        """Return whole amounts of groups shared among people by whole weights."""
        shared = portions(*fitting(self.minor(), weights._summable()[0]), of)
        return type(self)(shared.astype(np.int64))

    def rounded(self, mode: Rounding) -> Self:
        """Return whole minor units; the one division."""
        if isinstance(self.denominator, int) and self.denominator == 1:
            return self
        top, below = self.numerator, self.denominator
        if top.dtype != object and 2 * largest(top) + 2 * largest(below) >= _SAFE:
            top = top.astype(object)
        result = divide(top, below, mode)
        return type(self)(result.astype(np.int64) if largest(result) < _SAFE else result)

    def minor(self) -> IntArray:
        """Return whole minor units as int64.

        Raises:
            BadInput: an amount is beyond what a ledger can hold.
            ValueError: an amount is not whole; it was never rounded.

        """
        if not isinstance(self.denominator, int) or self.denominator != 1:
            raise ValueError("amounts are handed out only after they were rounded")
        if largest(self.numerator) > LARGEST:
            message = f"a payout of {largest(self.numerator)} minor units is out of range"
            raise BadInput(
                [Fault("E_NUMBER_RANGE", message, "Check the rates of the plan.", field="comp.plans")]
            )
        return self.numerator.astype(np.int64)

    def _constant(self, value: Fraction) -> Self:
        return type(self)(np.asarray(value.numerator), value.denominator)

    def _below(self, factor: int) -> Integers | int:
        return (
            self.denominator * factor
            if isinstance(self.denominator, int)
            else product(self.denominator, factor)
        )

    def _aligned(self, other: Self) -> tuple[Integers, Integers, Integers | int]:
        """Return both numerators over one denominator."""
        mine, theirs = self.denominator, other.denominator
        if isinstance(mine, int) and isinstance(theirs, int):
            common = lcm(mine, theirs)
            return product(self.numerator, common // mine), product(other.numerator, common // theirs), common
        both = product(_array(mine), _array(theirs))
        return product(self.numerator, _array(theirs)), product(other.numerator, _array(mine)), both

    def _summable(self) -> tuple[Integers, int]:
        """Return numerators over one common integer, wide enough to add up along an axis."""
        top, below = self.numerator, self.denominator
        if not isinstance(below, int):
            common = lcm(*(int(value) for value in np.unique(below)))
            top, below = product(top, common // below.astype(object)), common
        if top.dtype != object and largest(top) * max(top.size, 1) >= _SAFE:
            top = top.astype(object)
        return top, below

    def _summed(self, groups: Groups, *, last_only: bool) -> Self:
        top, below = self._summable()
        summed = np.zeros_like(top)
        for a, b in groups.spans:
            summed[..., b - 1 if last_only else a : b] = top[..., a:b].sum(axis=-1, keepdims=True)
        return type(self)(summed, below)


def _array(value: Integers | int) -> Integers:
    return _integers((value,))[0, ...] if isinstance(value, int) else value


def _integers(values: tuple[int, ...]) -> NDArray[Any]:
    fits = max(abs(value) for value in values) < _SAFE
    return np.array(values, dtype=np.int64 if fits else object)
