"""Fewer people quit."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.fields import Ratio
from engine.pipeline.lever import Lever, World, percent


class Quits(Lever):
    """The rate at which people quit, at every tenure."""

    kind: Literal["attrition"] = "attrition"
    by: Ratio = Field(default="-10%", ge=-1, le=1, validate_default=True)
    """Relative change of the rate."""

    @property
    def step(self) -> str:
        """Percent of the rate."""
        return percent(float(self.by))

    def moved(self, world: World, sign: int) -> World:
        """Change the hazards."""
        seats, factor = world.model.selling.seats, 1 + sign * float(self.by)
        hazards = seats.hazards
        hazards = hazards._replace(mass=hazards.mass * factor, rate=hazards.rate * factor)
        return world.selling(seats=seats._replace(hazards=hazards))

    @classmethod
    def tried(cls, world: World) -> tuple[Quits, ...]:
        """Return one of a tenth less, where anybody quits."""
        return (cls(),) if world.model.selling.seats.hazards.rate.any() else ()
