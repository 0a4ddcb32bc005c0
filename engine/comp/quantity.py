"""Quantity: the few operations in which every rule of a plan is written, above the number type.

Two number types carry it: `Fast` (float64, simulated credits) and `Scaled` (exact integers, real money).
A component names no number type, never looks into a quantity and never branches on one: its rule is a
straight line of these operations. That keeps one definition for both types, and a third type could
record the line and compile it.

Context: two hand-written copies of a rule drift apart, and floats are no ledger.
Choice: the rule once, over some twenty operations; each type implements those alone and is tested on them.
Price: a rule that needs a new operation adds it to both types, with its test.

Axes are (..., spell, period), or (..., group, period) after a sum over people; a quantity without the leading
axis is spread over it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import Self

from engine.comp.intervals import Groups
from engine.comp.pieces import Closed, Pieces
from engine.comp.rounding import Integers, Rounding
from engine.inputs import BoolArray, IntArray


class Quantity(ABC):
    """Amounts of money, in minor units, or counts, on some axes."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def whole(cls, values: Integers) -> Self:
        """Take whole numbers."""

    @abstractmethod
    def plus(self, other: Self) -> Self:
        """Return self + other."""

    @abstractmethod
    def times(self, ratio: Fraction) -> Self:
        """Return self x ratio."""

    @abstractmethod
    def share(self, whole: Self, of: Self | int) -> Self:
        """Return of x self / whole; 0 where the whole is not above 0."""

    @abstractmethod
    def least(self, limit: Self | Fraction) -> Self:
        """Return the smaller of the two: a cap."""

    @abstractmethod
    def most(self, limit: Self | Fraction) -> Self:
        """Return the larger of the two: a floor."""

    @abstractmethod
    def reaches(self, level: Self, closed: Closed) -> BoolArray:
        """Say where self lies above the level, or on it where the side that is closed is the left one."""

    @abstractmethod
    def where(self, holds: BoolArray, otherwise: Self) -> Self:
        """Return self where a condition holds, and the other elsewhere."""

    @abstractmethod
    def on(self, pieces: Pieces, unit: Self | None) -> Self:
        """Return unit x g(self / unit) for the table g; 0 where the unit is not above 0. No unit means 1."""

    @abstractmethod
    def running(self, groups: Groups) -> Self:
        """Return sums to date along the periods of each group."""

    @abstractmethod
    def steps(self, groups: Groups) -> Self:
        """Return what each period added to a figure to date: the inverse of `running`."""

    @abstractmethod
    def lowest(self, groups: Groups) -> Self:
        """Return the least value to date along the periods of each group."""

    @abstractmethod
    def later(self, periods: int | IntArray) -> Self:
        """Return the values so many periods later, one number for all or one for each; 0 in the first ones."""

    @abstractmethod
    def total(self, groups: Groups) -> Self:
        """Return the sum of each group, in every period of it."""

    @abstractmethod
    def collected(self, groups: Groups) -> Self:
        """Return the sum of each group in its last period, and 0 in the others."""

    @abstractmethod
    def at(self, cells: IntArray) -> Self:
        """Return the values at flat cells, shape (line,); values without the leading axis are spread over it."""

    @abstractmethod
    def tallied(self, cells: IntArray, shape: tuple[int, ...]) -> Self:
        """Return lines added up by flat cell of a shape (..., spell, period)."""

    @abstractmethod
    def so_far(self, cells: IntArray, shape: tuple[int, ...], groups: Groups) -> Self:
        """Return sums of lines to date, each with those before it in the group of its flat cell.

        Lines count by period, and within a period in the order in which they stand; shape (line,).
        """

    @abstractmethod
    def fulls(self, step: Fraction) -> Self:
        """Return how many whole steps fit, counted towards 0."""

    @abstractmethod
    def summed(self, of: IntArray, count: int) -> Self:
        """Return sums over people by group, shape (..., group, period); `of` is the group of each, -1 for none."""

    @abstractmethod
    def rows(self, index: IntArray) -> Self:
        """Return some rows of the spell (or group) axis, in the order asked for."""

    @abstractmethod
    def places(self, unit: Self | None, of: IntArray, ranked: BoolArray) -> tuple[IntArray, IntArray]:
        """Return how many of a group are ahead in self / unit, and how many level (see `engine.comp.ranking`).

        No unit means 1; it must be above 0 for whoever is ranked.
        """

    @abstractmethod
    def portions(self, weights: Self, of: IntArray) -> Self:
        """Return whole amounts of groups shared among people by whole weights (see `engine.comp.sharing`)."""

    @abstractmethod
    def rounded(self, mode: Rounding) -> Self:
        """Return whole minor units: a declared rounding point."""

    def minus(self, other: Self) -> Self:
        """Return self - other."""
        return self.plus(other.times(Fraction(-1)))

    def to_date(self, groups: Groups, whole: bool) -> Self:
        """Return sums to date, or those of the whole group from its start."""
        return self.total(groups) if whole else self.running(groups)
