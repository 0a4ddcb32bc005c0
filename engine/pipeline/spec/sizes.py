"""Sizes: what a won deal is worth, by product, with what it takes along and what is taken off."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Flag, Text, refuse
from engine.pipeline.any_law import AnyLaw
from engine.pipeline.spec.stages import Chance


class Sizes(Block):
    """What a won deal is worth; without any law it is the product's list price."""

    law: AnyLaw | None = None
    """Law of the amount in currency units for products without a law of their own."""
    by_product: Mapping[Text, AnyLaw] = Field(default_factory=dict)
    """Laws by product."""
    times_price: Flag = False
    """true: laws are multiples of the product's list price, not amounts."""
    discounts: Mapping[Text, AnyLaw] = Field(default_factory=dict)
    """Laws of the share taken off the amount, by product; values above 1 count as 1. No discount unless given."""

    @model_validator(mode="after")
    def _something_times_the_price(self) -> Sizes:
        if self.times_price and self.law is None and not self.by_product:
            raise refuse(
                "E_REQUIRED", "times_price without any law", "Give a law of multiples, or leave it out."
            )
        return self


class Attached(Block):
    """A product that deals for another one take along."""

    product: Text
    """The product that is taken along."""
    to: tuple[Text, ...] = Field(min_length=1)
    """Products whose deals may take it along."""
    chance: Chance
    """Probability that a won deal does."""

    @model_validator(mode="after")
    def _another(self) -> Attached:
        if self.product in self.to:
            raise refuse("E_CHOICE", f"'{self.product}' cannot take itself along", "Name another product.")
        return self
