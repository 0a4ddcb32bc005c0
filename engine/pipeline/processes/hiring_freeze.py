"""Nobody is hired for a while."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from engine.fields import Day, refuse
from engine.pipeline.process import Changes, Place, Process


class HiringFreeze(Process):
    """Who would start in these days, planned or as a backfill, starts on the day after them."""

    kind: Literal["hiring_freeze"] = "hiring_freeze"
    start: Day
    """First day of the freeze."""
    end: Day
    """First day on which people start again."""

    @model_validator(mode="after")
    def _some_days(self) -> HiringFreeze:
        if self.end <= self.start:
            raise refuse("E_DATE", f"the freeze ends on {self.end}, before it starts", "Swap the days.")
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Add the days."""
        changes.frozen.append(place.days(self.start, self.end, "start"))
