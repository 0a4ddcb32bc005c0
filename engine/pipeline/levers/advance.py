"""More deals advance from a stage."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Ratio, Text
from engine.pipeline.lever import Axes, Lever, Unknown, World, points


class Advance(Lever):
    """The probability to advance from a stage, under every circumstance; it stays within 0 and what going back leaves.

    Deals that are in the stage at the start have it as well.
    """

    kind: Literal["advance"] = "advance"
    stage: Text
    """Name of the stage."""
    by: Ratio = Field(default="1%", ge=-1, le=1, validate_default=True)
    """What is added to the probability: `1%` is one point."""

    @property
    def of(self) -> str:
        """The stage."""
        return self.stage

    @property
    def step(self) -> str:
        """Points of probability."""
        return points(float(self.by))

    def check(self, names: Axes, unknown: Unknown) -> None:
        """Tell whether there is such a stage."""
        unknown(self.stage, names.stages, "stage")

    def moved(self, world: World, sign: int) -> World:
        """Give the stage rows of its own, and the deals in it their chance."""
        stage, by = world.names.stages.index(self.stage), sign * float(self.by)
        selling, opening = world.model.selling, world.model.opening
        used, place = np.unique(selling.cell[stage], return_inverse=True)
        row = selling.row[used].copy()
        row["advance"] = np.clip(row["advance"] + by, 0.0, 1.0 - row["recycle"])
        cell = selling.cell.copy()
        cell[stage] = len(selling.row) + place.reshape(cell[stage].shape)
        deal = opening.deal.copy()
        here = deal["stage"] == stage
        deal["chance"][here] = np.clip(deal["chance"][here] + by, 0.0, 1.0)
        changed = world.selling(row=np.concatenate((selling.row, row)), cell=cell)
        return replace(changed, model=changed.model._replace(opening=opening._replace(deal=deal)))

    @classmethod
    def tried(cls, world: World) -> tuple[Advance, ...]:
        """Every stage."""
        return tuple(cls(stage=name) for name in world.names.stages)
