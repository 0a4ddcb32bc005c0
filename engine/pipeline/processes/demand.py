"""More or fewer leads in some days."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from engine.fields import Day, Real, Text, refuse
from engine.pipeline.process import Changes, Demand, Place, Process


class DemandShock(Process):
    """A factor on the rate of leads from a day on: a campaign, a new competitor, a lost market."""

    kind: Literal["demand"] = "demand"
    start: Day
    """First day."""
    end: Day | None = None
    """First day on which it is over; the end of the plan unless given."""
    factor: Real = Field(ge=0, le=1000)
    """Factor on the rate; factors of several shocks multiply."""
    segments: tuple[Text, ...] = ()
    """Segments that it concerns; all unless given."""
    sources: tuple[Text, ...] = ()
    """Sources that it concerns; all unless given."""

    @model_validator(mode="after")
    def _some_days(self) -> DemandShock:
        if self.end is not None and self.end <= self.start:
            raise refuse("E_DATE", f"the shock ends on {self.end}, before it starts", "Swap the days.")
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Add the factor."""
        place.unknown(self.segments, place.segments, "segment", "segments")
        place.unknown(self.sources, place.sources, "source", "sources")
        begin, end = place.days(self.start, self.end, "start")
        changes.demand.append(Demand(begin, end, self.factor, self.segments, self.sources))
