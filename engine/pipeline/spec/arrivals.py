"""Arrivals: how many leads arise, where, when, and which seat they go to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Name, Real, Text, refuse
from engine.pipeline.any_law import AnyLaw

Weight = Annotated[Real, Field(ge=0)]


class Seasonality(Block):
    """When in the year leads arise; give `months` or `periods`. Within a cell of it leads arise evenly."""

    months: tuple[Weight, ...] = ()
    """Twelve weights, January first; a calendar month gets its share of the leads of a year."""
    periods: tuple[Weight, ...] = ()
    """One weight per period of the plan; they share out the leads that an even year would give the plan."""

    @model_validator(mode="after")
    def _one(self) -> Seasonality:
        if bool(self.months) == bool(self.periods):
            raise refuse(
                "E_REQUIRED",
                "needs either months or periods",
                "Give twelve weights as months, January first.",
            )
        if self.months and len(self.months) != 12:
            raise refuse(
                "E_RANGE", f"{len(self.months)} weights for twelve months", "Give twelve, January first."
            )
        if sum(self.months or self.periods) <= 0:
            raise refuse("E_RANGE", "all weights are zero", "Give at least one weight above zero.")
        return self


class Routing(Block):
    """Which seat a lead goes to, at the moment at which it arises.

    Seats of a pool that somebody sits in come first; where nobody does, all of them. A seat takes leads of the segments
    that it serves, and of all where it names none.
    """

    to: Literal["owner", "round_robin", "weighted", "least_loaded"]
    """`owner` of the account; seats of a pool in turn (`round_robin`), by chance (`weighted`), or the one with the
    fewest deals for its slots, in progress and waiting (`least_loaded`)."""
    within: Name | None = None
    """Level of the hierarchy: the pool is the seats in the node of the account's owner. All seats unless given."""
    weight: Name | None = None
    """Column of `data.reps.extra` with the weight of a seat, for `weighted`; 0 leaves it out. Equal unless given."""
    skills: Name | None = None
    """Column of `data.reps.extra` with the products that a seat can sell, separated by semicolons; a seat without an
    entry sells all. Any seat unless given."""

    @model_validator(mode="after")
    def _fields_of_kind(self) -> Routing:
        if self.to == "owner" and (self.within or self.weight or self.skills):
            raise refuse(
                "E_CONFLICT", "the owner of an account is no pool", "Leave within, weight and skills out."
            )
        if self.weight and self.to != "weighted":
            raise refuse(
                "E_CONFLICT", f"{self.to} looks at no weight", "Use `to: weighted`, or leave it out."
            )
        return self


class Arrivals(Block):
    """How many leads arise, and at which accounts."""

    leads: Real | None = Field(default=None, ge=0)
    """Expected leads a year over all accounts. Give this or `by_segment`."""
    by_segment: Mapping[Text, Weight] = Field(default_factory=dict)
    """Expected leads a year per segment, as totals of the segment; segments not named get none."""
    spread: Literal["even", "potential", "history", "new"] = "even"
    """How a total is spread over accounts: evenly, in proportion to `potential`, or to one more than the number of
    the account's deals in the `history` and the open pipeline. Leads that are `new` belong to no account: they need a
    pool."""
    seasonality: Seasonality | None = None
    """When in the year they arise; as the pipeline's `seasonality` unless given."""
    routing: Routing = Routing(to="owner")
    """Which seat they go to; the owner of the account unless given."""
    patience: AnyLaw | None = None
    """Days after which a lead that nobody has started on is lost; it waits without end unless given. With
    `{kind: fixed, value: 0}` a lead is lost at once where no slot is free."""

    @model_validator(mode="after")
    def _one(self) -> Arrivals:
        if self.leads is None and not self.by_segment:
            raise refuse("E_REQUIRED", "needs either leads or by_segment", "For example leads: 1200.")
        if self.leads is not None and self.by_segment:
            raise refuse(
                "E_CONFLICT", "gives leads and by_segment", "Leave one out: `leads: null`, `by_segment: {}`."
            )
        if self.spread == "new" and (self.routing.to == "owner" or self.routing.within):
            raise refuse(
                "E_CONFLICT", "new leads have no account, so no owner", "Give `routing: {to: round_robin}`."
            )
        return self
