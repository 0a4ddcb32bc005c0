"""Accrual: when pay becomes an expense, whatever the day on which it is paid.

Expense of a component's pay over the year is recognised as the credit comes that it is paid for, at the rate of the
forecast year. The rate of the year to date would be too low in every period but the last where there is an accelerator.

    accrued to date  =  forecast pay of the year x credit to date / credit of the year

for each person; where a person has no credit in the year, by days in seat. Salary is expensed as it is paid.

A component whose pay is an incremental cost of obtaining a contract may be capitalised (ASC 340-40-25-1): what
accrues is added to an asset, and amortised straight line over the benefit period (ASC 340-40-35-1). Where that period
is no longer than the practical expedient allows, the expense is immediate (ASC 340-40-25-4). Summary with figures:
kdeskaccounting.com/posts/how-to-capitalize-sales-commissions-asc-606.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
from pydantic import Field

from engine.blocks import Block
from engine.comp.rounding import Rounding, divide
from engine.fields import Whole
from engine.inputs import FloatArray, IntArray


class Capitalise(Block):
    """Says that a component's pay is a cost of obtaining contracts, and over what it is amortised."""

    months: Whole = Field(ge=1, le=240)
    """Benefit period in months, with the renewals that are expected. A 4-4-5 period counts as a month."""
    expedient_months: Whole = Field(ge=0, le=12)
    """Benefit periods up to this length are expensed at once: 12 where the practical expedient is used, 0 where it is
    not. Required."""
    begins: Literal["same_period", "next_period"]
    """Whether amortisation begins in the period of the addition or in the one after it. Required."""

    @property
    def is_expensed(self) -> bool:
        """Whether the practical expedient makes it an expense at once."""
        return self.months <= self.expedient_months


@dataclass(frozen=True)
class Schedule:
    """Accounts of some pay by period, whole minor units. Shapes (period,)."""

    cash: IntArray
    """Paid."""
    accrued: IntArray
    """Earned for the work of the period: what becomes an expense or an asset."""
    additions: IntArray
    """Capitalised."""
    amortisation: IntArray
    impairment: IntArray
    """Written off because the customer was lost."""
    reserve: IntArray
    """What is expected to be taken back of what was paid, at the end of each period."""
    opening_asset: int = 0
    """Capitalised before the year and not amortised yet."""
    opening_reserve: int = 0
    """Reserve on the first day of the year."""
    opening_liability: int = 0
    """Accrued before the year and not paid yet."""

    @classmethod
    def nothing(cls, periods: int) -> Schedule:
        """Return the accounts of nothing at all."""
        none = np.zeros(periods, dtype=np.int64)
        return cls(none, none, none, none, none, none)

    @property
    def asset(self) -> IntArray:
        """Closing asset."""
        change = self.additions - self.amortisation - self.impairment
        return np.asarray(self.opening_asset + np.cumsum(change), dtype=np.int64)

    @property
    def liability(self) -> IntArray:
        """Closing liability: accrued and not yet paid; below 0 where pay ran ahead."""
        return np.asarray(self.opening_liability + np.cumsum(self.accrued - self.cash), dtype=np.int64)

    @property
    def reserved(self) -> IntArray:
        """What each period adds to the reserve."""
        return np.asarray(np.diff(self.reserve, prepend=self.opening_reserve), dtype=np.int64)

    @property
    def expense(self) -> IntArray:
        """Accrued and not capitalised, amortisation and impairment, less what is added to the reserve."""
        written_off = self.amortisation + self.impairment
        return np.asarray(self.accrued - self.additions + written_off - self.reserved, dtype=np.int64)

    def changed(self, **values: Any) -> Schedule:
        """Return the accounts with other figures."""
        return replace(self, **values)

    def until(self, periods: int) -> Schedule:
        """Return the accounts of the first periods."""
        cut = {each.name: getattr(self, each.name) for each in fields(self)}
        return self.changed(**{name: of[:periods] for name, of in cut.items() if isinstance(of, np.ndarray)})

    def plus(self, other: Schedule) -> Schedule:
        """Return both together."""
        names = [each.name for each in fields(self)]
        return Schedule(*(getattr(self, name) + getattr(other, name) for name in names))


def schedule(
    cash: IntArray, accrued: IntArray, capitalise: Capitalise | None, rounding: Rounding
) -> Schedule:
    """Return the accounts of pay by period, minor units."""
    pay = Schedule.nothing(cash.size).changed(cash=cash, accrued=accrued)
    if capitalise is None or capitalise.is_expensed:
        return pay
    return pay.changed(additions=accrued, amortisation=amortised(accrued, capitalise, rounding))


def amortised(additions: IntArray, capitalise: Capitalise, rounding: Rounding) -> IntArray:
    """Return straight-line amortisation by period; what is rounded is the amount to date, so nothing is left over."""
    periods = np.arange(additions.size, dtype=np.int64)
    delay = 0 if capitalise.begins == "same_period" else 1
    age = periods[None, :] - periods[:, None] + 1 - delay
    passed = np.clip(age, 0, capitalise.months)
    to_date = divide(additions[:, None] * passed, capitalise.months, rounding)
    return np.asarray(np.diff(to_date.sum(axis=0), prepend=0), dtype=np.int64)


def accrue(year: FloatArray, work: FloatArray, days: FloatArray) -> FloatArray:
    """Return what accrues in each period, shape (spell, period), minor units unrounded.

    Args:
        year: forecast pay of the year, shape (spell,).
        work: credit that it is paid for, shape (spell, period); negative in a period of reversals.
        days: days in seat, shape (spell, period), for people without credit.

    """
    there = work.sum(axis=1) > 0
    basis = np.where(there[:, None], work, days)
    whole = basis.sum(axis=1)
    even = np.full_like(basis, 1 / basis.shape[1])
    shares = np.where((whole > 0)[:, None], basis / np.where(whole > 0, whole, 1)[:, None], even)
    accrued: FloatArray = year[:, None] * shares
    return accrued


def in_whole_units(amounts: FloatArray) -> IntArray:
    """Round amounts by period to date, so that they add up to the rounded sum; shape (period,)."""
    return np.diff(np.rint(np.cumsum(amounts)), prepend=0.0).astype(np.int64)
