"""Deals of people who leave."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from engine.fields import Name, Real, refuse
from engine.pipeline.process import Changes, Leaving, Place, Process


class Reassignment(Process):
    """What becomes of the deals of a seat that somebody leaves for good and nobody takes over on the same day.

    Without this process they stay with the seat: those in progress go on, those in the queue wait for a successor.
    """

    kind: Literal["reassignment"] = "reassignment"
    deals: Literal["reassign", "lose"]
    """`reassign`: each goes to the seat with the fewest deals for its slots that somebody sits in, those in progress
    even beyond its slots; `lose`: all are lost on that day."""
    within: Name | None = None
    """Level of the hierarchy in whose nodes deals are reassigned; all seats unless given."""
    handover_days: Real = Field(default=0, ge=0, le=365)
    """Days that a reassigned deal in progress stays longer in its stage; 0 unless given."""

    @model_validator(mode="after")
    def _fields_of_kind(self) -> Reassignment:
        if self.deals == "lose" and (self.within or self.handover_days):
            raise refuse(
                "E_CONFLICT",
                "deals that are lost go to nobody",
                "Leave within and handover_days out, or use `deals: reassign`.",
            )
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Set it; there is one."""
        if changes.leaving is not None:
            place.refuse("E_DUPLICATE", "a second reassignment", "Leave one of them out.", "kind")
        if self.within is not None:
            place.unknown((self.within,), tuple(place.inputs.reps.levels), "level", "within")
        changes.leaving = Leaving(self.deals, self.within, self.handover_days)
