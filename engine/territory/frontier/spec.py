"""FrontierSpec: what a scenario says under `territories: frontier:`."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from engine.blocks import Block
from engine.fields import Money, Ratio, Text, Whole, refuse


class FrontierSpec(Block):
    """Trade one thing for another: a plan of its own, with its own proven bound, for each limit.

    Every point minimises `of` under a limit on `against`, and then, at that least, the cost of the scenario. The
    scenario's own bands (or move budgets) on the measure that is limited give way to the limit of the point; all
    other rules hold.
    """

    of: Literal["disruption", "travel", "cost"] = "disruption"
    """What is minimised: `disruption` (what leaves its incumbent, the default), `travel` (currency units of the
    scenario's travel), or `cost` (the whole objective of the scenario)."""
    against: Literal["balance", "disruption", "travel"] = "balance"
    """What is limited, more tightly from point to point: `balance` (the worst deviation of a seat from its target,
    the default), `disruption` or `travel`."""
    measure: Text = "potential"
    """Measure that is balanced, as in a band; targets, weights and level are those of the scenario's band on it."""
    moved: Text = "potential"
    """Measure of the disruption: `potential` (the default), `count` for accounts, or another measure."""
    points: Whole = Field(default=8, ge=2, le=50)
    """Points that are solved, from the loosest limit to the tightest; 8 unless given."""
    widths: tuple[Ratio, ...] = ()
    """Limits on balance to be solved instead of a grid: 20%, 10%, 5%."""
    limits: tuple[Money, ...] = ()
    """Limits on disruption (in the unit of `moved`) or on travel (in currency units), instead of a grid."""
    gap: Ratio | None = Field(default=None, ge=0, lt=1)
    """Relative gap at which a point is good enough; the solver's own unless given."""
    node_limit: Whole | None = Field(default=None, ge=1)
    """Nodes of each search tree; the solver's own limit unless given."""

    @field_validator("widths", "limits")
    @classmethod
    def _not_negative(cls, value: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        for limit in value:
            if limit < 0:
                raise refuse("E_RANGE", f"{limit} is below 0", "Give limits of 0 or more.")
        return value

    @model_validator(mode="after")
    def _two_axes(self) -> Self:
        if self.of == self.against:
            hint = "Take another one for of, or against: balance."
            raise refuse("E_CONTRADICTION", f"'{self.of}' cannot be traded against itself", hint)
        if self.widths and self.against != "balance":
            raise refuse("E_CONTRADICTION", "widths belong to against: balance", "Give limits.")
        if self.limits and self.against == "balance":
            raise refuse("E_CONTRADICTION", "limits belong to disruption and travel", "Give widths.")
        return self
