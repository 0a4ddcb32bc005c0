"""A shared resource has more units."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from engine.fields import Text, Whole
from engine.pipeline.lever import Axes, Lever, Unknown, World, counted


class Units(Lever):
    """The units of a shared resource while it is open; days on which it has none stay so."""

    one_by_one: ClassVar[bool] = True
    kind: Literal["units"] = "units"
    resource: Text
    """Name of the resource."""
    by: Whole = Field(default=1, ge=-10_000, le=10_000)
    """Units that are added."""

    @property
    def of(self) -> str:
        """The resource."""
        return self.resource

    @property
    def step(self) -> str:
        """Units."""
        return counted(self.by, "unit")

    def check(self, names: Axes, unknown: Unknown) -> None:
        """Tell whether there is such a resource."""
        unknown(self.resource, names.resources, "resource")

    def moved(self, world: World, sign: int) -> World | None:
        """Change the units; none where that would close the resource."""
        resources = world.model.selling.resources
        which = world.names.resources.index(self.resource)
        own = np.arange(len(resources.capacity))
        own = (own >= resources.first[which]) & (own < resources.first[which + 1])
        capacity = resources.capacity.copy()
        own &= capacity["units"] > 0
        capacity["units"][own] += sign * self.by
        if (capacity["units"][own] < 1).any():
            return None
        return world.selling(resources=resources._replace(capacity=capacity))

    @classmethod
    def tried(cls, world: World) -> tuple[Units, ...]:
        """One more unit of every resource."""
        return tuple(cls(resource=name) for name in world.names.resources)
