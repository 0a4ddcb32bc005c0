"""Tenure: rates that follow how long somebody has been there.

    due  =  due x factor of the months since the person came

with steps that hold up to the next. An example, a rate after each year of service:
supportz.zenoti.com/hc/en-us/articles/206186100-Configuring-Tenure-Based-Commissions.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from engine.blocks import Block
from engine.comp.reason import Reason, some
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Ratio, Whole, refuse

if TYPE_CHECKING:
    from engine.comp.quantity import Quantity
    from engine.inputs import IntArray


class Since(Block):
    """A step of tenure."""

    month: Whole = Field(ge=0)
    """Months since the one in which the person came, from which it holds: `0` from the start, `12` from the same month
    a year later. Required."""
    factor: Ratio
    """Multiplier of pay: `1.25` or `125%`. Required."""


def _in_order(value: tuple[Since, ...]) -> tuple[Since, ...]:
    if value and value[0].month != 0:
        raise refuse(
            "E_TIERS",
            f"tenure begins at month {value[0].month}; nothing says what holds before",
            "Begin at month 0.",
        )
    for before, after in itertools.pairwise(value):
        if after.month <= before.month:
            raise refuse(
                "E_TIERS", f"month {after.month} follows month {before.month}", "Sort them, no doubles."
            )
    for step in value:
        in_range(step.factor, MOST_MULTIPLE, "factor")
    return value


Tenure = Annotated[tuple[Since, ...], AfterValidator(_in_order)]
"""Steps of tenure from month 0 up; none means a factor of 1."""


def by_tenure(due: Quantity, tenure: Sequence[Since], since: IntArray) -> Quantity:
    """Return due amounts times their factors.

    Args:
        due: unrounded, shape (..., spell, period) or (line,).
        tenure: the steps, in order.
        since: months since each one came, of the same shape without leading axes.

    """
    scaled = due
    for step in tenure:
        raised = due.times(Fraction(step.factor))
        scaled = raised.where(since >= step.month, scaled if step.month else raised)
    return scaled


def reason(before: Quantity, after: Quantity, tenure: Sequence[Since], since: IntArray) -> Reason:
    """Return what tenure changed; the amounts are those earned without and with it."""
    one = before.times(Fraction(0)).most(Fraction(1))
    figures = {"factor": (by_tenure(one, tenure, since), one)}
    return Reason(
        "tenure", after.minus(before), "months since the first: times {factor}", figures, some(before)
    )
