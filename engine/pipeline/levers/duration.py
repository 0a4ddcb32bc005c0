"""Deals leave a stage sooner."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field

from engine.fields import Ratio, Text
from engine.pipeline.lever import Axes, Lever, Unknown, World, percent


class Duration(Lever):
    """The days in a stage, of deals that advance and of others; of deals in it at the start, the days to go."""

    kind: Literal["duration"] = "duration"
    stage: Text
    """Name of the stage."""
    by: Ratio = Field(default="-10%", gt=-1, lt=1, validate_default=True)
    """Relative change of the days."""

    @property
    def of(self) -> str:
        """The stage."""
        return self.stage

    @property
    def step(self) -> str:
        """Percent of the days."""
        return percent(float(self.by))

    def check(self, names: Axes, unknown: Unknown) -> None:
        """Tell whether there is such a stage."""
        unknown(self.stage, names.stages, "stage")

    def moved(self, world: World, sign: int) -> World:
        """Change the pace of the stage."""
        pace = world.spreads.pace.copy()
        pace[world.names.stages.index(self.stage)] *= 1 + sign * float(self.by)
        return replace(world, spreads=replace(world.spreads, pace=pace))

    @classmethod
    def tried(cls, world: World) -> tuple[Duration, ...]:
        """Every stage."""
        return tuple(cls(stage=name) for name in world.names.stages)
