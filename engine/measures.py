"""Measures, declared once by name: simulation fills them, quotas are set on them, plans pay on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Name, Text, refuse

Kind = Literal["new", "renewal", "expansion"]
KINDS: tuple[Kind, ...] = ("new", "renewal", "expansion")
"""Kinds of bookings, in the order of their axis."""


class Measure(Block):
    """A quantity of won deals, filtered."""

    quantity: Literal["amount", "count"] = "amount"
    """`amount` adds the money of won deals, `count` counts them."""
    products: tuple[Text, ...] = ()
    """Products that count; none named means all."""
    segments: tuple[Text, ...] = ()
    """Segments of the account that count; none named means all."""
    kinds: tuple[Kind, ...] = ()
    """Kinds of bookings that count: `new` deals, `renewal` and `expansion` of contracts; none named means all."""

    basis: Literal["booking", "cash"] = "booking"
    """When a deal counts: on the day on which it is won, or with the `cash` of its customer, as the processes of
    `payment` say, for whoever was credited with the deal. `booking` unless given."""

    @model_validator(mode="before")
    @classmethod
    def _what_simulated_deals_say(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and "where" in value:
            raise refuse(
                "E_UNSUPPORTED",
                "`where` filters columns of real deals; a simulated deal has a product and a segment alone",
                "Use `products` and `segments`.",
            )
        return value

    def alike(self, other: Measure) -> bool:
        """Say whether both count the same quantity of the same deals at the same time, whatever their product."""
        return (self.quantity, self.basis, set(self.segments), set(self.kinds)) == (
            other.quantity,
            other.basis,
            set(other.segments),
            set(other.kinds),
        )


Measures = Mapping[Name, Measure]
DEFAULT: Measures = {"bookings": Measure()}
MEASURES = Field(default=DEFAULT, min_length=1)
