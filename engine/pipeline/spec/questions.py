"""Questions: what the pipeline is asked beside what it books. Each is answered with the same futures as the plan."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Day, Money, Name, Ratio, Text, Whole, refuse
from engine.pipeline.any_lever import AnyLever


class Bottleneck(Block):
    """Which stage, resource or input moves expected bookings most: each is moved by a step, one at a time."""

    measure: Text = "bookings"
    """Measure of money whose expectation is moved."""
    replications: Whole = Field(default=400, ge=2, le=100_000)
    """Replications of each step, the first ones of the plan; no more than the plan has."""
    levers: tuple[AnyLever, ...] = ()
    """What is moved, and by how much; unless given, every stage, source, segment and resource, slots, ramp, attrition,
    price, discount and churn, each where there is such a thing."""


class Investment(Block):
    """A training, a tool, a hire in support: it costs so much, and moves inputs by so much from the start on."""

    name: Name
    """What it is called."""
    cost: Money = Field(gt=0)
    """What it costs in the plan, currency units."""
    margin: Ratio = Field(gt=0, le=1)
    """Share of additional bookings that is earned."""
    changes: tuple[AnyLever, ...] = Field(min_length=1)
    """What it moves, all together, over the whole time that is simulated."""
    measure: Text = "bookings"
    """Measure of money that it raises."""


class Hiring(Block):
    """How many people to hire, and when, so that the goal is reached with a stated probability.

    A new seat is like a named one: team, slots, hazard of quitting, backfill. It takes leads from every pool that the
    named seat is in, and from its start on a share of the leads of accounts, and finds some of its own. It
    starts without open deals and ramps as any new person does.
    """

    goal: Money = Field(gt=0)
    """Bookings of the plan to be reached, currency units."""
    target: Ratio = Field(gt=0, lt=1)
    """Probability with which they are to be reached."""
    like: Text
    """Id of the seat that new ones are like."""
    starts: tuple[Day, ...] = Field(min_length=1, max_length=12)
    """Days on which the new people may begin; each is a curve of its own, all of its people beginning on it."""
    most: Annotated[Whole, Field(ge=1, le=100)]
    """Greatest number of people that is tried."""
    accounts: Ratio = Field(default=0, ge=0, lt=1, validate_default=True)
    """Share of the leads of every account with an owner that each new seat takes over; none unless given."""
    additional: Ratio = Field(default=0, ge=0, le=1, validate_default=True)
    """Leads that each new seat finds at the same accounts beside, as a share of theirs, and that nobody else would have
    found; none unless given."""
    within: Name | None = None
    """Level of the hierarchy: only accounts of seats in the node of the named seat are shared or searched. All unless
    given."""
    measure: Text = "bookings"
    """Measure of money that the goal is set on."""

    @model_validator(mode="after")
    def _possible(self) -> Hiring:
        if self.most * self.accounts > 1:
            message = f"{self.most} seats take over {self.accounts} each, together more than there is"
            raise refuse("E_RANGE", message, f"Give at most {1 / self.most:.4f} as accounts.")
        if list(self.starts) != sorted(set(self.starts)):
            raise refuse("E_DATE", "starts are not in the order of their days", "Sort them, each once.")
        return self


class Lifetime(Block):
    """What a contract is worth over its life, by the rules of the process `renewals`."""

    discount: Ratio = Field(ge=0, le=1)
    """Rate a year at which later amounts are discounted."""
    margin: Ratio = Field(gt=0, le=1)
    """Share of amounts that is earned; 100% tells revenue."""
