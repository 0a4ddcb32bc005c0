"""A product does better or worse than planned."""

from __future__ import annotations

from typing import Literal

from engine.fields import Text
from engine.pipeline.factor import Factor
from engine.pipeline.process import Changes, Place, Process, Spread


class ProductFactor(Factor, Process):
    """A factor on the drawn amounts of a product, lognormal with mean 1, drawn once for the plan."""

    kind: Literal["product_factor"] = "product_factor"
    products: tuple[Text, ...] = ()
    """Products, each with a factor of its own; all unless given."""

    def change(self, changes: Changes, place: Place) -> None:
        """Set the factors; a product has one."""
        known = place.inputs.products.id
        place.unknown(self.products, known, "product", "products")
        for product in self.products or known:
            if product in changes.products:
                place.refuse("E_DUPLICATE", f"'{product}' has a factor already", "Leave one out.", "products")
            changes.products[product] = Spread(float(self.sd), float(self.correlation))
