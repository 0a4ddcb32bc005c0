"""Seats are filled again."""

from __future__ import annotations

from typing import Literal

from engine.fields import Flag
from engine.pipeline.any_law import AnyLaw
from engine.pipeline.process import Backfilling, Changes, Place, Process


class Backfill(Process):
    """Somebody new follows in a seat that a person quit, some days later, and ramps from the start.

    Where the table of people names a successor, the seat waits for that one.
    """

    kind: Literal["backfill"] = "backfill"
    delay: AnyLaw
    """Days until somebody new is in the seat."""
    planned: Flag = False
    """true: seats whose last person in the table of people leaves on a day are filled again, too."""

    def change(self, changes: Changes, place: Place) -> None:
        """Set it; there is one."""
        if changes.backfilling is not None:
            place.refuse("E_DUPLICATE", "a second backfill", "Leave one of them out.", "kind")
        changes.backfilling = Backfilling(self.delay, self.planned)
