"""A product is sold no more."""

from __future__ import annotations

from typing import Literal

from engine.fields import Day, Text
from engine.pipeline.process import Changes, Place, Process


class Discontinued(Process):
    """A lost product: from a day on no lead for it arises, and an open deal for it that would be won is lost.

    No deal for another product takes it along from then on.
    """

    kind: Literal["discontinued"] = "discontinued"
    product: Text
    """The product."""
    start: Day
    """First day on which it is sold no more."""

    def change(self, changes: Changes, place: Place) -> None:
        """Set the day."""
        place.unknown((self.product,), place.inputs.products.id, "product", "product")
        if self.product in changes.until:
            place.refuse(
                "E_DUPLICATE", f"'{self.product}' is discontinued twice", "Leave one out.", "product"
            )
        changes.until[self.product] = place.day(self.start, "start")
