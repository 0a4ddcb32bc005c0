"""Events: what a SPIF pays for, and the limit on it."""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.intervals import Interval
from engine.fields import Money, Whole, refuse


class Each(Block):
    """What one event is."""

    units: Whole | None = Field(default=None, ge=1)
    """Units of a measure that counts: `1` pays every won deal, `5` every fifth. Either this or `money`."""
    money: Money | None = Field(default=None, gt=0)
    """Credited currency units of a measure of money: `10k` pays every full 10,000."""

    @model_validator(mode="after")
    def _one_step(self) -> Each:
        if (self.units is None) == (self.money is None):
            raise refuse("E_REQUIRED", "an event is either units or money", "Give one of the two.")
        return self


class EventTier(Block):
    """What an event pays from a number of events on."""

    event: Whole = Field(ge=1)
    """Number of the first event of the tier: `10` is the tenth. The first tier starts at 1. Required."""
    amount: Money = Field(ge=0)
    """Currency units for each event. Required."""


class EventCap(Block):
    """A limit on what one person earns; what lies above is lost, not carried."""

    events: Whole | None = Field(default=None, gt=0)
    """Most events that pay in an interval. Either this or `amount`."""
    amount: Money | None = Field(default=None, gt=0)
    """Most that is earned in an interval, currency units."""
    per: Interval
    """Interval over which the limit holds: `period`, `quarter` or `year`. Required."""

    def limit(self, minor: int, *, events: bool) -> Fraction | None:
        """Return the limit on events, or on what they earn in minor units; None where the cap is on the other."""
        if events:
            return None if self.events is None else Fraction(self.events)
        return None if self.amount is None else Fraction(self.amount) * minor

    @model_validator(mode="after")
    def _one_limit(self) -> EventCap:
        if (self.events is None) == (self.amount is None):
            raise refuse("E_REQUIRED", "a cap needs either events or amount", "Give one of the two.")
        return self
