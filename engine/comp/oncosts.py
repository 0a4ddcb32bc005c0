"""On-costs: what an employer pays on top of pay, such as social security, with rates, ceilings and dates.

Per person and on-cost, with the pay b of each period that it is due on:

    due to date  =  rate x min(b to date, ceiling), rounded, not below 0
    on-cost      =  what each period adds to it

so that a year of any timing costs rate x min(pay of the year, ceiling), to the minor unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from engine.blocks import Block
from engine.calendar import Calendar
from engine.comp.intervals import Groups
from engine.comp.quantity import Quantity
from engine.comp.rounding import Rounding
from engine.comp.tiers import MOST_RATE, in_range
from engine.fields import Day, Money, Name, Ratio, refuse
from engine.inputs import FloatArray

Number = TypeVar("Number", bound=Quantity)


class OnCost(Block):
    """A rate on pay."""

    name: Name
    """What it is: a figure of its own in the table of cost."""
    rate: Ratio
    """Share of pay (`7.65%`)."""
    of: Literal["total", "variable"]
    """The pay that it is a share of: `total` (salary and variable pay) or `variable` pay alone. Required."""
    ceiling: Money | None = Field(default=None, gt=0)
    """Pay of a person in the plan's year, in currency units, above which nothing more is due; all spells of a person
    count together. None unless given."""
    start: Day | None = None
    """First day on which it holds; from the start of the plan unless given. A payment counts on the last day of its
    period."""
    end: Day | None = None
    """Day after the last on which it holds; to the end of the plan unless given."""

    @model_validator(mode="after")
    def _in_range(self) -> OnCost:
        in_range(self.rate, MOST_RATE, "rate")
        if self.name in FIGURES:
            raise refuse(
                "E_DUPLICATE", f"'{self.name}' is another figure of cost", "Give the on-cost another name."
            )
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise refuse("E_DATE", f"the on-cost ends on {self.end}, before it holds on {self.start}")
        return self

    def holds(self, calendar: Calendar) -> FloatArray:
        """Return 1 for the periods whose payments count, else 0; shape (period,)."""
        last = calendar.edges[1:] - np.timedelta64(1, "D")
        there = np.ones(calendar.periods, dtype=np.bool_)
        if self.start is not None:
            there &= last >= np.datetime64(self.start, "D")
        if self.end is not None:
            there &= last < np.datetime64(self.end, "D")
        return there.astype(np.float64)

    def due(self, pay: Number, payments: int, minor: int, rounding: Rounding) -> Number:
        """Return what is due on payments, one after the other along the last axis, in whole minor units."""
        year = Groups((0,) * payments)
        to_date = pay.running(year)
        if self.ceiling is not None:
            to_date = to_date.least(Fraction(self.ceiling) * minor)
        return to_date.most(Fraction(0)).times(Fraction(self.rate)).rounded(rounding).steps(year)


FIGURES = ("total", "variable", "salary", "on-costs", "loaded")
"""Figures of the table of cost that no on-cost may be called."""


def _names_differ(value: tuple[OnCost, ...]) -> tuple[OnCost, ...]:
    names = [cost.name for cost in value]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise refuse(
            "E_DUPLICATE",
            f"two on-costs are called '{twice[0]}'",
            "Give each a name of its own, such as one for each rate of the year.",
        )
    return value


OnCosts = Annotated[tuple[OnCost, ...], AfterValidator(_names_differ)]
"""On-costs with names that differ."""


def any_ceiling(costs: Sequence[OnCost]) -> bool:
    """Say whether pay of a person in several seats must be added up before an on-cost is known."""
    return any(cost.ceiling is not None for cost in costs)
