"""More leads arise."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Ratio, Text
from engine.pipeline.lever import Axes, Lever, Unknown, World, percent


class Leads(Lever):
    """The rate of leads, of a source, of a segment, or of all; the leads that there are stay the same ones."""

    kind: Literal["leads"] = "leads"
    source: Text | None = None
    """Source of the leads; all unless given."""
    segment: Text | None = None
    """Segment of the account; all unless given."""
    by: Ratio = Field(default="10%", gt=-1, lt=1, validate_default=True)
    """Relative change of the rate."""

    @property
    def of(self) -> str:
        """Source and segment."""
        return ", ".join(name for name in (self.source, self.segment) if name is not None)

    @property
    def step(self) -> str:
        """Percent of the leads."""
        return percent(float(self.by))

    def check(self, names: Axes, unknown: Unknown) -> None:
        """Tell whether there are such a source and segment."""
        if self.source is not None:
            unknown(self.source, names.sources, "source")
        if self.segment is not None:
            unknown(self.segment, names.segments, "segment")

    def moved(self, world: World, sign: int) -> World:
        """Change the rate of the springs."""
        arising, names = world.model.arising, world.names
        spring = arising.spring.copy()
        concerned = np.ones(len(spring), dtype=np.bool_)
        if self.source is not None:
            concerned &= spring["source"] == names.sources.index(self.source)
        if self.segment is not None:
            concerned &= spring["segment"] == names.segments.index(self.segment)
        spring["rate"][concerned] *= 1 + sign * float(self.by)
        return replace(world, model=world.model._replace(arising=arising._replace(spring=spring)))

    @classmethod
    def tried(cls, world: World) -> tuple[Leads, ...]:
        """Every source, every segment; all leads together where there is but one of each."""
        sources, segments = world.names.sources, world.names.segments
        found = tuple(cls(source=name) for name in sources) if len(sources) > 1 else ()
        found += tuple(cls(segment=name) for name in segments) if len(segments) > 1 else ()
        return found or (cls(),)
