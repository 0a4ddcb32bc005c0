"""Prices rise."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.fields import Ratio
from engine.pipeline.lever import Lever, World, percent


class Price(Lever):
    """The prices of all products, with no answer of demand to them; known amounts of open deals stay."""

    kind: Literal["price"] = "price"
    by: Ratio = Field(default="1%", gt=-1, lt=1, validate_default=True)
    """Relative change of all prices."""

    @property
    def step(self) -> str:
        """Percent of the price."""
        return percent(float(self.by))

    def moved(self, world: World, sign: int) -> World:
        """Change the prices."""
        return world.closing(price=world.model.closing.price * (1 + sign * float(self.by)))

    @classmethod
    def tried(cls, world: World) -> tuple[Price, ...]:
        """One percent."""
        return (cls(),)
