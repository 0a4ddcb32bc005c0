"""Which leads are worked on first."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from engine.fields import Text, refuse
from engine.pipeline.process import Changes, Place, Process


class Priority(Process):
    """Leads that wait go by their class first, and then in the order in which they arose.

    Nobody drops a deal for another.

    The same classes hold in the queues of shared resources. Of several priorities the first decides, then the next.
    """

    kind: Literal["priority"] = "priority"
    by: Literal["segment", "source"]
    """What makes the class."""
    order: tuple[Text, ...] = Field(min_length=1)
    """Segments or sources, the most urgent first; those that are not named come last, all alike."""

    @model_validator(mode="after")
    def _once(self) -> Priority:
        twice = sorted({name for name in self.order if self.order.count(name) > 1})
        if twice:
            raise refuse("E_DUPLICATE", f"'{twice[0]}' stands twice in the order", "Leave one out.")
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Add the classes."""
        known = place.segments if self.by == "segment" else place.sources
        place.unknown(self.order, known, self.by, "order")
        if len(known) < 2:
            hint = f"There is one {self.by} alone; leave the priority out."
            place.warn("W_NO_EFFECT", "all leads are of one class", hint, "order")
        index, last = {name: rank for rank, name in enumerate(self.order)}, len(self.order)
        if self.by == "segment":
            changes.rank.append(lambda source, segment: index.get(segment, last))
        else:
            changes.rank.append(lambda source, segment: index.get(source, last))
