"""People quit, more often when they are new."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Ratio, Text, Whole, refuse
from engine.pipeline.process import Changes, Place, Process, Quitting


class Rate(Block):
    """How many quit from a tenure on."""

    from_month: Whole = Field(ge=0, le=600)
    """Months in the seat from which the rate holds."""
    rate: Annotated[Ratio, Field(ge=0, le=20)]
    """Quits a year for each person there: of people at 20 % for a whole year, 1 - exp(-0.2) = 18 % are gone after
    it."""


class Attrition(Process):
    """People quit at a rate that depends on their time in the seat; a seat without a successor stays empty.

    The time in the seat at which somebody quits has a piecewise constant hazard. A person who is there at the start
    has stayed so far. `backfill` says when somebody follows, `reassignment` what becomes of the deals.
    """

    kind: Literal["attrition"] = "attrition"
    rates: tuple[Rate, ...] = Field(min_length=1)
    """Rates by months in the seat, the first from month 0."""
    plans: tuple[Text, ...] = ()
    """Comp plans of the people whom it concerns; everybody unless given. The first attrition that names somebody's plan
    holds, or else the first that names none."""

    @model_validator(mode="after")
    def _rising(self) -> Attrition:
        months = [rate.from_month for rate in self.rates]
        if months[0] != 0:
            raise refuse(
                "E_RANGE", f"the first rate holds from month {months[0]}", "Begin at `from_month: 0`."
            )
        if months != sorted(set(months)):
            raise refuse("E_RANGE", f"rates from months {', '.join(map(str, months))}", "Let them rise.")
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Add the hazards."""
        place.unknown(self.plans, tuple(place.inputs.people_by_plan), "comp plan with people", "plans")
        months = tuple(rate.from_month for rate in self.rates)
        changes.quitting.append(Quitting(months, tuple(float(rate.rate) for rate in self.rates), self.plans))
