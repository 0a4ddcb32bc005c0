"""Accounting: what the books hold before the year, what is expected to be taken back, and the accounts of the journal.

Pay that was paid may be taken back while its clawback runs, for a share of it that is known from experience:

    reserve at the end of a period  =  rate x sum over payments of  pay x (months left) / months

so that it falls straight line over the months of the clawback; it is an asset, and what it grows by lessens expense.
What was capitalised in earlier years is amortised straight line over the months that are left of it; where the customer
is lost, the rest is written off at once (ASC 340-40-35-3).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from engine.blocks import Block
from engine.calendar import Calendar
from engine.comp.accrual import Schedule
from engine.comp.rounding import Rounding, divide
from engine.comp.tiers import MOST_RATE, in_range
from engine.fields import Day, Money, Name, Ratio, Text, Whole, refuse
from engine.inputs import IntArray


class Opening(Block):
    """Pay that was capitalised before the year and is not amortised yet."""

    name: Name
    """What it is, such as `commissions 2026`; a row of its own in the accrual schedule."""
    asset: Money = Field(gt=0)
    """What is left of it on the first day of the year, currency units."""
    months: Whole = Field(ge=1, le=240)
    """Months over which the rest is amortised, from the first period on. A 4-4-5 period counts as a month."""
    lost: Day | None = None
    """Day on which the customer was lost: what is left at the start of its period, or of the first one, is impaired in
    it. Not lost unless given."""

    def schedule(self, calendar: Calendar, minor: int, rounding: Rounding) -> Schedule:
        """Return its accounts by period, minor units."""
        whole, periods = int(self.asset * minor), calendar.periods
        passed = np.minimum(np.arange(periods + 1, dtype=np.int64), self.months)
        to_date = divide(whole * passed, self.months, rounding)
        impairment = np.zeros(periods, dtype=np.int64)
        if self.lost is not None and self.lost < calendar.end:
            gone = int((calendar.edges[1:] <= np.datetime64(self.lost, "D")).sum())
            impairment[gone] = whole - int(to_date[gone])
            to_date[gone:] = to_date[gone]
        return Schedule.nothing(periods).changed(
            opening_asset=whole, amortisation=np.diff(to_date), impairment=impairment
        )


class ClawbackReserve(Block):
    """What is expected to be taken back of pay that was paid."""

    rate: Ratio
    """Share of variable pay that experience says is taken back in all (`4%`)."""
    months: Whole = Field(ge=1, le=120)
    """Months after its payment in which pay may be taken back. A 4-4-5 period counts as a month."""
    opening: Money = Field(ge=0)
    """Reserve on the first day of the year for pay of earlier years, currency units; it falls straight line over the
    same months. Required; 0 where there is none."""

    @model_validator(mode="after")
    def _in_range(self) -> ClawbackReserve:
        in_range(self.rate, MOST_RATE, "rate")
        return self

    def of(self, cash: IntArray, rounding: Rounding) -> IntArray:
        """Return the reserve for payments by period at the end of each, minor units; never below 0."""
        periods = np.arange(cash.size)
        left = np.clip(self.months - (periods[:, None] - periods[None, :]), 0, self.months)
        left[np.triu_indices(cash.size, 1)] = 0
        return self._share(left @ cash, Fraction(self.rate), rounding)

    def brought(self, calendar: Calendar, minor: int, rounding: Rounding) -> Schedule:
        """Return the accounts of the reserve for pay of earlier years."""
        whole = int(self.opening * minor)
        left = np.clip(self.months - np.arange(1, calendar.periods + 1), 0, None).astype(np.int64)
        return Schedule.nothing(calendar.periods).changed(
            opening_reserve=whole, reserve=self._share(whole * left, Fraction(1), rounding)
        )

    def _share(self, weighted: IntArray, rate: Fraction, rounding: Rounding) -> IntArray:
        exact = np.maximum(weighted, 0).astype(object) * rate.numerator
        return divide(exact, rate.denominator * self.months, rounding).astype(np.int64)


class Account(Block):
    """An account of the general ledger."""

    number: Text
    """Its number or code."""
    name: Text
    """Its name."""


def _account(number: str, name: str) -> Account:
    return Account.model_construct(number=number, name=name)


class Accounts(Block):
    """The accounts that the journal posts to; each has a default."""

    expense: Account = _account("6100", "Sales compensation")
    """Pay that is expensed as it accrues: 6100 unless given."""
    on_costs: Account = _account("6150", "Employer on-costs")
    """Employer on-costs: 6150 unless given."""
    amortisation: Account = _account("6160", "Amortisation of contract costs")
    """Amortisation of capitalised pay: 6160 unless given."""
    impairment: Account = _account("6170", "Impairment of contract costs")
    """Capitalised pay of lost customers: 6170 unless given."""
    cash: Account = _account("1000", "Cash")
    """What pay is paid from: 1000 unless given."""
    reserve: Account = _account("1250", "Expected take-back of commissions")
    """Clawback reserve, an asset: 1250 unless given."""
    asset: Account = _account("1500", "Contract costs")
    """Capitalised pay: 1500 unless given."""
    accrued: Account = _account("2100", "Accrued compensation")
    """Pay that accrued and is not paid yet: 2100 unless given."""
    payable: Account = _account("2150", "On-costs payable")
    """On-costs that are due on pay and not handed over yet: 2150 unless given."""


def _names_differ(value: tuple[Opening, ...]) -> tuple[Opening, ...]:
    names = [one.name for one in value]
    twice = sorted({name for name in names if names.count(name) > 1 or name == RESERVE})
    if twice:
        raise refuse(
            "E_DUPLICATE", f"two rows of the schedule are called '{twice[0]}'", "Give each a name of its own."
        )
    return value


RESERVE = "clawback reserve"
"""Row of the reserve for pay of earlier years."""
BEFORE = "before"
"""Stands in place of a plan for what the books held before the year."""


class Accounting(Block):
    """How the books are kept beside the plans."""

    opening: Annotated[tuple[Opening, ...], AfterValidator(_names_differ)] = ()
    """Pay that was capitalised before the year; none unless given."""
    clawback_reserve: ClawbackReserve | None = None
    """What is expected to be taken back of what was paid; no reserve unless given."""
    accounts: Accounts = Accounts()
    """The accounts of the journal."""

    def before(self, calendar: Calendar, minor: int, rounding: Rounding) -> dict[tuple[str, str], Schedule]:
        """Return the accounts of what the books held before the year, by (`before`, name)."""
        found = {(BEFORE, one.name): one.schedule(calendar, minor, rounding) for one in self.opening}
        if self.clawback_reserve is not None and self.clawback_reserve.opening:
            found[BEFORE, RESERVE] = self.clawback_reserve.brought(calendar, minor, rounding)
        return found

    def reserved(self, pay: Schedule, rounding: Rounding) -> Schedule:
        """Return the accounts of variable pay with the reserve for what of it may be taken back."""
        rule = self.clawback_reserve
        return pay if rule is None else pay.changed(reserve=rule.of(pay.cash, rounding))
