"""KeepSpec: what a scenario says under `quotas.keep`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Ratio, Text, refuse

Least = Literal["seats", "amount", "worst", "targets"]
"""What can be made least."""


class KeepSpec(Block):
    """Quotas in force stay unless there is a reason: goal, locks, bounds, a new seat, more or less time in the seat.

    Instead of what the methods ask for, each seat aims at its quota in force, and what still has to move is least.
    Bounds relative to what the methods ask for (`bounds.target`) hold for seats that are set anew alone.
    Quotas move by multiples of the step. Products and periods of a seat whose quota stays are left alone as well, where
    goals by product and period, and shares and seasons that are written, allow it; a season or a mix of products that
    is estimated (`history`, `simulated`) moves nothing.

    Quotas in force count without what catch-up and relief of their run moved in periods that are open: entries of this
    scenario come on top anew. What they moved in periods that are over stands there, and the goal counts it, so that
    open quotas make up for what the company took then.
    """

    least: tuple[Least, ...] = Field(default=("amount", "worst"), min_length=1)
    """What is made least, in this order, each with those before it held: `seats` (how many quotas change), `amount`
    (money moved up or down, in all), `worst` (the largest change relative to the quota in force), `targets` (the
    distance from what the methods ask for, in all). `[amount, worst]` unless given: what the goal brings or takes is
    spread alike. With `seats` first, few seats take all of it: give `bounds.previous` as well."""
    anew: tuple[Text, ...] = ()
    """Seats whose quotas the methods set all the same."""
    accounts: Ratio | None = Field(default=None, gt=0)
    """A seat whose accounts that came and went since the run in force have at least this share of the potential that it
    held then is set anew, such as `10%`; accounts are no reason unless given."""

    @model_validator(mode="after")
    def _once_each(self) -> KeepSpec:
        twice = sorted({name for name in self.least if self.least.count(name) > 1})
        if twice:
            raise refuse("E_DUPLICATE", f"least names {', '.join(twice)} twice", "Name each once.")
        return self
