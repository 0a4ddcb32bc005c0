"""Fewer deals ask for a shared resource."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Ratio, Text
from engine.pipeline.lever import Axes, Lever, Unknown, World, percent


class Needs(Lever):
    """The share of the deals in a stage that ask for a unit of its resource, of all segments or of one.

    Deals that ask no more are those of the same futures; the others ask as they did.
    """

    kind: Literal["needs"] = "needs"
    stage: Text
    """Name of the stage."""
    segment: Text | None = None
    """Segment of the account; all unless given."""
    by: Ratio = Field(default="-10%", ge=-1, lt=1, validate_default=True)
    """Relative change of the share, which stays at most 1."""

    @property
    def of(self) -> str:
        """Stage and segment."""
        return ", ".join(name for name in (self.stage, self.segment) if name is not None)

    @property
    def step(self) -> str:
        """Percent of the requests."""
        return percent(float(self.by))

    def check(self, names: Axes, unknown: Unknown) -> None:
        """Tell whether there are such a stage and segment."""
        unknown(self.stage, names.stages, "stage")
        if self.segment is not None:
            unknown(self.segment, names.segments, "segment")

    def moved(self, world: World, sign: int) -> World | None:
        """Give the stage rows of its own; none where it needs nothing, or more than all deals would ask."""
        stage, selling = world.names.stages.index(self.stage), world.model.selling
        concerned = (
            np.arange(selling.cell.shape[1])
            if self.segment is None
            else np.array([world.names.segments.index(self.segment)])
        )
        own = selling.cell[stage, concerned]
        used, place = np.unique(own, return_inverse=True)
        row = selling.row[used].copy()
        if not row["needs"].any():
            return None
        row["needs"] *= 1 + sign * float(self.by)
        if (row["needs"] > 1).any():
            return None
        cell = selling.cell.copy()
        cell[stage, concerned] = len(selling.row) + place.reshape(own.shape)
        return world.selling(row=np.concatenate((selling.row, row)), cell=cell)

    @classmethod
    def tried(cls, world: World) -> tuple[Needs, ...]:
        """Every stage that needs a resource, and every segment in it where there are several."""
        selling, names = world.model.selling, world.names
        needy = [
            name for place, name in enumerate(names.stages) if selling.row[selling.cell[place]]["needs"].any()
        ]
        segments = names.segments if len(names.segments) > 1 else (None,)
        return tuple(cls(stage=stage, segment=segment) for stage in needy for segment in segments)
