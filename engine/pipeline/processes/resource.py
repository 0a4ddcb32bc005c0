"""What seats share: sales engineers, a deal desk, legal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Day, Name, Ratio, Text, Whole, refuse
from engine.pipeline.any_law import AnyLaw
from engine.pipeline.process import Changes, Demanded, Place, Process, Shared


class Units(Block):
    """Units from a day on."""

    start: Day
    """First day."""
    units: Whole = Field(ge=0, le=100_000)
    """Units from then on; 0 closes the resource. What is held is held to its end."""


class Demands(Block):
    """What a stage demands."""

    share: Ratio = Field(default=1, gt=0, le=1, validate_default=True)
    """Share of the deals in the stage that need a unit; all unless given."""
    hold: AnyLaw | None = None
    """Days for which a unit is held, from the moment it is given; as long as the deal is in the stage unless given."""


class Resource(Process):
    """A resource with so many units, for which deals of all seats queue when they enter a stage.

    The clock of the stage starts when the deal gets its unit; until then the deal waits, and holds its slot at the
    seat. The queue goes by priority, then by the time of asking.
    """

    kind: Literal["resource"] = "resource"
    name: Name
    """What it is called."""
    units: Whole = Field(ge=0, le=100_000)
    """Units from the first day of the plan on."""
    changes: tuple[Units, ...] = ()
    """Units from later days on: hires, holidays, an office that closes."""
    stages: Mapping[Text, Demands] = Field(min_length=1)
    """Stages that need a unit. A stage needs one resource at most."""

    @model_validator(mode="after")
    def _rising(self) -> Resource:
        days = [change.start for change in self.changes]
        if days != sorted(set(days)):
            raise refuse(
                "E_DATE", f"changes of '{self.name}' are not in the order of their days", "Sort them."
            )
        if not any((self.units, *(change.units for change in self.changes))):
            raise refuse(
                "E_RANGE",
                f"'{self.name}' never has a unit, so no deal gets through its stages",
                "Give units, or leave the resource out.",
            )
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Add the resource."""
        place.unknown(tuple(self.stages), place.stages, "stage", "stages")
        for other in changes.shared:
            if other.name == self.name:
                place.refuse("E_DUPLICATE", f"two resources are called '{self.name}'", "Rename one.", "name")
            for stage in sorted(set(other.stages) & set(self.stages)):
                message = f"stage '{stage}' needs '{other.name}' already"
                place.refuse("E_CONFLICT", message, "Split the stage into two.", f"stages.{stage}")
        steps = [(0.0, int(self.units))]
        for at, step in enumerate(self.changes):
            steps.append((place.day(step.start, f"changes[{at}].start"), int(step.units)))
        demands = {name: Demanded(float(one.share), one.hold) for name, one in self.stages.items()}
        changes.shared.append(Shared(self.name, tuple(sorted(steps)), demands))
