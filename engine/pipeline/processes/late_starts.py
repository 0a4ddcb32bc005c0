"""Planned hires come late."""

from __future__ import annotations

from typing import Literal

from engine.pipeline.any_law import AnyLaw
from engine.pipeline.process import Changes, Place, Process


class LateStarts(Process):
    """People whose first day in the table lies ahead start some days later than planned."""

    kind: Literal["late_starts"] = "late_starts"
    delay: AnyLaw
    """Days by which a start is late."""

    def change(self, changes: Changes, place: Place) -> None:
        """Set it; there is one."""
        if changes.late is not None:
            place.refuse("E_DUPLICATE", "a second process of late starts", "Leave one of them out.", "kind")
        changes.late = self.delay
