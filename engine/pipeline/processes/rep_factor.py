"""Some seats do better than others, for a year."""

from __future__ import annotations

from typing import Literal

from engine.pipeline.factor import Factor
from engine.pipeline.process import Changes, Place, Process, Spread


class RepFactor(Factor, Process):
    """A factor of each seat, lognormal with mean 1, drawn once for the plan."""

    kind: Literal["rep_factor"] = "rep_factor"
    applies_to: Literal["amounts", "wins"]
    """What it multiplies: drawn amounts, or the probability to advance from the last stage, which stays at most 1.
    Deals that do not advance go back or are lost in the shares in which they did."""

    def change(self, changes: Changes, place: Place) -> None:
        """Set it; there is one."""
        if changes.seats is not None:
            place.refuse("E_DUPLICATE", "a second factor of seats", "Leave one of them out.", "kind")
        changes.seats = Spread(float(self.sd), float(self.correlation))
        changes.seats_win = self.applies_to == "wins"
