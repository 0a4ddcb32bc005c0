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

from dataclasses import dataclass
from typing import Literal

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
    expense: IntArray
    """Accrued and not capitalised, and amortisation."""
    additions: IntArray
    """Capitalised."""
    amortisation: IntArray

    @property
    def asset(self) -> IntArray:
        """Closing asset of what was capitalised in the plan."""
        return np.asarray(np.cumsum(self.additions - self.amortisation), dtype=np.int64)

    @property
    def liability(self) -> IntArray:
        """Closing liability: accrued and not yet paid; below 0 where pay ran ahead."""
        return np.asarray(np.cumsum(self.accrued - self.cash), dtype=np.int64)

    def plus(self, other: Schedule) -> Schedule:
        """Return both together."""
        return Schedule(
            self.cash + other.cash,
            self.accrued + other.accrued,
            self.expense + other.expense,
            self.additions + other.additions,
            self.amortisation + other.amortisation,
        )


def schedule(
    cash: IntArray, accrued: IntArray, capitalise: Capitalise | None, rounding: Rounding
) -> Schedule:
    """Return the accounts of pay by period, minor units."""
    if capitalise is None or capitalise.is_expensed:
        nothing = np.zeros_like(accrued)
        return Schedule(cash, accrued, accrued, nothing, nothing)
    written_off = amortised(accrued, capitalise, rounding)
    return Schedule(cash, accrued, written_off, accrued, written_off)


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
