"""Seats work on more deals at a time."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from engine.fields import Whole
from engine.pipeline.lever import Lever, World, counted


class Slots(Lever):
    """The deals that every seat works on at a time."""

    one_by_one: ClassVar[bool] = True
    kind: Literal["slots"] = "slots"
    by: Whole = Field(default=1, ge=-100, le=100)
    """Slots of each seat that are added; a seat keeps at least one."""

    @property
    def step(self) -> str:
        """Slots of each seat."""
        return counted(self.by, "slot")

    def moved(self, world: World, sign: int) -> World | None:
        """Change the slots; none where a seat would have none left."""
        seats = world.model.selling.seats
        slots = seats.slots + sign * self.by
        return world.selling(seats=seats._replace(slots=slots)) if slots.min() >= 1 else None

    @classmethod
    def tried(cls, world: World) -> tuple[Slots, ...]:
        """One more slot."""
        return (cls(),)
