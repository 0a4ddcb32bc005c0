"""Prices change on a day."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.fields import Day, Real, Text
from engine.pipeline.process import Changes, Place, Process


class PriceChange(Process):
    """Deals that are won from a day on are worth more or less; known amounts of open deals stay."""

    kind: Literal["price_change"] = "price_change"
    start: Day
    """First day of the new prices."""
    factor: Real = Field(gt=0, le=1000)
    """New price over the one before."""
    products: tuple[Text, ...] = ()
    """Products that it concerns; all unless given."""

    def change(self, changes: Changes, place: Place) -> None:
        """Add the factor."""
        place.unknown(self.products, place.inputs.products.id, "product", "products")
        changes.prices.append((place.day(self.start, "start"), self.factor, self.products))
