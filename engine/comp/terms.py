"""Terms: days in seat, quota, target incentive and salary of each spell and period, in whole minor units.

Annual amounts and quotas are cut by days once, here, in integers, before either number type sees them. Each
cut is a difference of rounded amounts to date, so the parts of a whole add up to it exactly: a full year to the
annual salary, successive spells and vacancies of a seat to its quota.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.calendar import Calendar, DateArray
from engine.comp.carry import Carry, gathered, heads
from engine.comp.proration import Proration, by_days_of_year, counted_days
from engine.comp.rounding import Integers, Rounding, divide
from engine.inputs import BoolArray, Inputs, IntArray
from engine.quota.quotas import PartPeriods


@dataclass(frozen=True)
class Terms:
    """What is known of people before anything is sold. Shapes (spell, period), and (period,) for `length`."""

    rep: IntArray
    """Seat of each spell, shape (spell,)."""
    first: IntArray
    """Days of the period that had passed when the person came; 0 when they were there already."""
    last: IntArray
    """Days of the period that had passed when the person left; equal to `first` when not in seat."""
    length: IntArray
    """Days of each period."""
    head: IntArray
    """Row in which credit, quota and target incentive of each spell count (see `engine.comp.carry`); salary stays in
    the spell's own."""
    quota: IntArray
    target: IntArray
    salary: IntArray
    quotas: Mapping[str, IntArray]
    """Quotas of single measures, shape (spell, period) each."""
    own_quota: Callable[[str], IntArray]
    """Quota of a measure of each spell by its own days, whoever it is settled with, shape (spell, period)."""
    annual: Callable[[int, IntArray], IntArray]
    """Cuts an amount a year by the days of some spells, shape (spell, period)."""
    before: IntArray
    """Months, begun ones too, from a person's first day to that of the plan; 0 for who came later. Shape (spell,)."""

    @property
    def days(self) -> IntArray:
        """Days in seat of all spells that are settled together, shape (spell, period)."""
        return gathered(self.last - self.first, self.head)

    @property
    def since(self) -> IntArray:
        """Periods since the one in which the person came, 0 in that one, negative before; shape (spell, period).

        Periods before the plan are counted as months back from its first day.
        """
        here = self.last > self.first
        came = np.where(here.any(axis=1), np.argmax(here, axis=1), here.shape[1])
        return np.asarray(np.arange(here.shape[1]) - came[:, None] + self.before[:, None], dtype=np.int64)

    def credit(self, seats: IntArray, spells: IntArray, rounding: Rounding) -> IntArray:
        """Cut the credit of seats among some spells; shape (..., spell, period).

        Args:
            seats: credit by (..., rep, period) that has no days, so it is cut by days of the period.
            spells: indices of the spells, shape (spell,).
            rounding: rounding of cut credit.

        """
        return self.together(lambda some: self.own_credit(seats, some, rounding), spells)

    def together(self, own: Callable[[IntArray], IntArray], spells: IntArray) -> IntArray:
        """Return credit of some spells in the rows in which they are settled, given what is that of each."""
        credit = own(spells)
        for spell in np.flatnonzero(self.head != np.arange(self.head.size)):
            credit[..., spells == spell, :] = 0
            if (spells == self.head[spell]).any():
                credit[..., spells == self.head[spell], :] += own(np.array([spell]))
        return credit

    def own_credit(self, seats: IntArray, spells: IntArray, rounding: Rounding) -> IntArray:
        """Return the credit of each spell by its own days, whoever is settled with it."""
        credit = np.ascontiguousarray(seats[..., self.rep[spells], :], dtype=np.int64)
        first, last = self.first[spells], self.last[spells]
        s, p = np.nonzero(last - first < self.length)
        whole = credit[..., s, p]
        credit[..., s, p] = cut(whole, first[s, p], last[s, p], self.length[p], rounding)
        return credit


def cut(whole: IntArray, first: IntArray, last: IntArray, length: IntArray, rounding: Rounding) -> IntArray:
    """Return the part of a whole that falls between two days of `length`."""
    return divide(whole * last, length, rounding) - divide(whole * first, length, rounding)


def terms(
    inputs: Inputs,
    quota: IntArray,
    proration: Proration,
    rounding: Rounding,
    quotas: Mapping[str, IntArray] | None = None,
    carry: Carry | None = None,
    cutoff: int = 1,
    parts: PartPeriods | None = None,
) -> Terms:
    """Work out the terms of every spell.

    Args:
        inputs: calendar and spells.
        quota: quota by (rep, period).
        proration: how annual amounts are cut by days.
        rounding: rounding of every cut.
        quotas: quotas of single measures, by (rep, period).
        carry: what runs on between spells of a person.
        cutoff: day of the period that counts under `whole_months`, from 1.
        parts: which part of a period's quota is whose; by its days unless given.

    """
    first, last = days_in_seat(inputs.calendar, inputs)
    length = np.diff(inputs.calendar.edges).astype(np.int64)
    spells = inputs.spells
    head = heads(spells, in_year(inputs.calendar, inputs), carry)

    counted = counted_days(spells, first, last, length, proration, cutoff)

    def annual(amount: IntArray) -> IntArray:
        return by_days_of_year(amount, *counted, inputs.calendar, proration, rounding)

    def own(seats: IntArray) -> IntArray:
        quota = cut(seats[spells.rep], first, last, length, rounding)
        if parts is not None and parts.spell.size:
            whole = seats[spells.rep[parts.spell], parts.period].astype(object)
            begin, end = (_at(whole, points, rounding) for points in (parts.begin, parts.end))
            quota[parts.spell, parts.period] = end - begin
        return quota

    def by_days(seats: IntArray) -> IntArray:
        return gathered(own(seats), head)

    def of_some(amount: int, some: IntArray) -> IntArray:
        return gathered(annual(np.full(len(spells), amount, dtype=np.int64)), head)[some]

    return Terms(
        rep=spells.rep,
        first=first,
        last=last,
        length=length,
        head=head,
        quota=by_days(quota),
        target=gathered(annual(spells.target_incentive), head),
        salary=annual(spells.salary),
        quotas={name: by_days(values) for name, values in (quotas or {}).items()},
        own_quota=lambda measure: own((quotas or {}).get(measure, quota)),
        annual=of_some,
        before=_months_before(spells.start, inputs.calendar.edges[0]),
    )


def _at(whole: Integers, points: Sequence[Fraction], rounding: Rounding) -> Integers:
    """Return whole amounts up to points between 0 and 1, rounded; Python integers, shape (amount,)."""
    over = np.array([point.numerator for point in points], dtype=object)
    under = np.array([point.denominator for point in points], dtype=object)
    return divide(whole * over, under, rounding)


def _months_before(start: DateArray, opening: np.datetime64) -> IntArray:
    """Return the months, begun ones too, from some days to the opening of the plan; 0 for later days."""
    month, day = _month_and_day(start)
    first, opens = _month_and_day(np.asarray(opening))
    return np.asarray(np.maximum(first - month + (day < opens), 0) * (start < opening), dtype=np.int64)


def _month_and_day(date: DateArray) -> tuple[IntArray, IntArray]:
    month = date.astype("datetime64[M]")
    return month.astype(np.int64), (date - month).astype(np.int64)


def full_year(amount: IntArray, calendar: Calendar, proration: Proration, rounding: Rounding) -> IntArray:
    """Cut annual amounts of people who are in seat throughout; shape (amount, period)."""
    length = np.diff(calendar.edges).astype(np.int64)
    shape = (amount.size, calendar.periods)
    first, last = np.zeros(shape, dtype=np.int64), np.broadcast_to(length, shape)
    return by_days_of_year(amount, first, last, calendar, proration, rounding)


def days_in_seat(calendar: Calendar, inputs: Inputs) -> tuple[IntArray, IntArray]:
    """Return the first and the past-the-last day in seat, counted within each period; shape (spell, period)."""
    edges, spells = calendar.edges, inputs.spells
    end = np.where(np.isnat(spells.end), edges[-1], spells.end)
    length = np.diff(edges).astype(np.int64)
    first = np.clip((spells.start[:, None] - edges[:-1]).astype(np.int64), 0, length)
    last = np.clip((end[:, None] - edges[:-1]).astype(np.int64), 0, length)
    return first, np.maximum(first, last)


def in_year(calendar: Calendar, inputs: Inputs) -> BoolArray:
    """Say which spells have a day in the plan, shape (spell,)."""
    first, last = days_in_seat(calendar, inputs)
    return np.asarray((last > first).any(axis=1), dtype=np.bool_)
