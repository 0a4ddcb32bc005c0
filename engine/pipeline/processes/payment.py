"""Customers pay some days after a deal is won."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.fields import Text, Whole
from engine.pipeline.any_law import AnyLaw
from engine.pipeline.process import Changes, Paying, Place, Process


class Payment(Process):
    """Customers pay a deal in whole, some days after it is won; measures with `basis: cash` count it on that day.

    It changes nothing that is won. How late a customer is, is drawn for each deal, whatever became of others.
    """

    kind: Literal["payment"] = "payment"
    terms: Whole = Field(ge=0, le=3650)
    """Days from the day on which a deal is won to that on which its payment is due."""
    late: AnyLaw | None = None
    """Days by which customers pay after that; all pay on the day when it is due unless given."""
    segments: tuple[Text, ...] = ()
    """Segments of accounts that pay so; unless given, all that no other process of payment names, and customers without
    an account."""
    before_plan: Literal["history", "left_out"]
    """What deals that were won before the plan pay in it: those of `data.history` by the same terms, which need not say
    whether they are paid already, or nothing (`left_out`), so that the first months lack the cash of the year before.
    Required."""

    def change(self, changes: Changes, place: Place) -> None:
        """Set it for its segments, each of which has one."""
        place.unknown(self.segments, place.segments, "segment", "segments")
        for segment in self.segments or ("",):
            if segment in changes.paying:
                who = f"'{segment}' has" if segment else "the other segments have"
                place.refuse("E_DUPLICATE", f"{who} terms of payment already", "Leave one out.", "segments")
            changes.paying[segment] = Paying(float(self.terms), self.late, self.before_plan == "history")
