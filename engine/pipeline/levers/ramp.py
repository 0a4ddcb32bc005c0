"""New people are ramped sooner."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from engine.fields import Whole
from engine.pipeline.layout import MONTH
from engine.pipeline.lever import Lever, World, counted


class Ramp(Lever):
    """The months in the seat at which one does as people of a longer tenure do: each begins so much earlier or later.

    It moves the ramp and every case of a stage that depends on tenure, and no hazard of quitting.
    """

    one_by_one: ClassVar[bool] = True
    kind: Literal["ramp"] = "ramp"
    by: Whole = Field(default=-1, ge=-24, le=24)
    """Months that are added to where each band of tenure begins; -1 makes the ramp a month shorter."""

    @property
    def step(self) -> str:
        """Months."""
        return counted(self.by, "month")

    def moved(self, world: World, sign: int) -> World:
        """Move where the bands begin."""
        edges = world.model.selling.tenure_edge
        return world.selling(tenure_edge=np.maximum(edges + sign * self.by * MONTH, 0))

    @classmethod
    def tried(cls, world: World) -> tuple[Ramp, ...]:
        """Return one of a month less, where tenure matters."""
        return (cls(),) if len(world.model.selling.tenure_edge) else ()
