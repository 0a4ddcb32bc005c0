"""Crediting: how much of the credit of a measure a component counts.

A deal counts its credit times its weights (multi-year deals at 120 %, renewals at 50 %), rounded to the minor unit deal
by deal. Above a size, a deal of x counts size + share x (x - size); what takes part of a deal back counts by how much
less the rest of it counts. Under a cap of an interval, credit counted to date is min(credit to date, limit) where the
rest is lost; what takes a deal back in a later interval counts by how much less the interval of the deal would have
counted (see `engine.comp.restated`). Where it is carried into the next interval,

    D_k = min(A_k, D_(k-1) + limit)

with A_k credit and D_k counted credit from the start of the year to the end of interval k.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.dimensions import Factors, multiplied
from engine.comp.pieces import Pieces
from engine.comp.restated import restated
from engine.fields import Money, Name, Ratio, refuse
from engine.inputs import IntArray

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Windfall(Block):
    """A deal so large that the part above a size counts for less."""

    above: Money = Field(gt=0)
    """Size of one deal, currency units of credit."""
    counts: Ratio = Field(ge=0, le=1)
    """Share at which the part above it is credited; 0 caps the deal."""


class CreditCap(Block):
    """A limit on credit."""

    amount: Money = Field(gt=0)
    """Most credit, currency units, for a whole interval; not cut for part of one."""
    per: Literal["deal", "period", "quarter", "year"]
    """Over what the limit holds. Required."""
    above: Literal["lost", "carried"]
    """What becomes of credit above it: `lost`, or `carried` into the next period or quarter of the same year; what is
    still carried when the year ends is lost. What takes a deal back later counts by how much less its interval would
    have counted without it, so lost credit is not lost twice. Required."""

    @model_validator(mode="after")
    def _nowhere_to_carry(self) -> CreditCap:
        if self.above == "carried" and self.per in ("deal", "year"):
            raise refuse(
                "E_CHOICE", f"credit above a cap per {self.per} cannot be carried", "Use `above: lost`."
            )
        return self

    def held(self, credit: Quantity, book: Book) -> Quantity:
        """Return what is counted in each period, shape (..., spell, period)."""
        groups, limit = book.intervals.groups(self.per), Fraction(self.amount) * book.minor
        if self.above == "lost":
            return credit.running(groups).least(limit).steps(groups)
        year, periods = book.intervals.groups("year"), np.arange(book.intervals.periods)
        nothing = credit.times(Fraction(0))
        first = np.isin(periods, [start for start, _ in groups.spans])
        room = nothing.most(limit).where(first, nothing).running(year)
        to_date = credit.running(year)
        full = to_date.minus(room).where(np.isin(periods, groups.last), nothing)
        counted = room.plus(full.lowest(year).least(Fraction(0)))
        return to_date.least(counted).steps(year)


class Crediting(Block):
    """A measure, and how much of it counts."""

    measure: Name = "bookings"
    """Measure that is credited; `bookings` unless given. Where credit is compared with a quota, it must be the
    measure of the quotas or, where these are set by product, one that counts the same of some products alone."""
    weights: tuple[Factors, ...] = ()
    """Factors on the credit of single deals, multiplied together, before windfall and caps look at it. None unless
    given."""
    windfall: Windfall | None = None
    """Deals above a size. None unless given."""
    credit_caps: tuple[CreditCap, ...] = ()
    """Limits on credit, one after the other; none unless given."""

    @property
    def weighs_deals(self) -> bool:
        """Whether single deals are credited otherwise than in full."""
        return (
            bool(self.weights)
            or self.windfall is not None
            or any(cap.per == "deal" for cap in self.credit_caps)
        )

    @property
    def caps_intervals(self) -> bool:
        """Whether credit of an interval is limited."""
        return any(cap.per != "deal" for cap in self.credit_caps)

    def counted_deals(self, book: Book) -> tuple[Quantity, IntArray]:
        """Return what is counted of each deal, shape (line,), and its flat cell on the grid of the book."""
        credit, cells = book.deals(self.measure)
        if self.weights:
            credit = multiplied(credit, self.weights, book.known_deals).rounded(book.rounding)
        if self.windfall is not None:
            size = Fraction(self.windfall.above) * book.minor
            credit = book.known_deals.sized(credit, _up_to(size, Fraction(self.windfall.counts)))
        for cap in self.credit_caps:
            if cap.per == "deal":
                size = Fraction(cap.amount) * book.minor
                credit = book.known_deals.sized(credit, _up_to(size, Fraction(0)))
        return credit, cells

    def counted(self, book: Book) -> Quantity:
        """Return what is counted in each period, shape (..., spell, period)."""
        if not self.weighs_deals and not (self.caps_intervals and book.takes_back):
            return self._held(book.credit(self.measure), book)
        lines, cells = self.counted_deals(book)
        if self.caps_intervals and book.takes_back:
            return restated(lines, book, lambda credit: self._held(credit, book))
        return self._held(lines.tallied(cells, book.grid), book)

    def _held(self, credit: Quantity, book: Book) -> Quantity:
        """Return what the caps of intervals let count of credit, shape (..., spell, period)."""
        for cap in self.credit_caps:
            if cap.per != "deal":
                credit = cap.held(credit, book)
        return credit


def _up_to(size: Fraction, beyond: Fraction) -> Pieces:
    """Count in full between -size and size, and at the rate `beyond` outside."""
    less = (1 - beyond) * size
    return Pieces((-size, size), (-less, Fraction(0), less), (beyond, Fraction(1), beyond), "left")
