"""More spread in the number of leads than chance alone gives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.fields import Real, Text
from engine.pipeline.process import Changes, Dispersion, Place, Process


class OverDispersion(Process):
    """A gamma factor with mean 1 on the rate of leads of each source and segment, drawn once for the plan.

    With a variance v, leads that are m on average have the variance m + m^2 v (mixed Poisson).
    """

    kind: Literal["over_dispersion"] = "over_dispersion"
    variance: Real = Field(gt=0, le=100)
    """Variance of the factor."""
    segments: tuple[Text, ...] = ()
    """Segments that it concerns; all unless given."""
    sources: tuple[Text, ...] = ()
    """Sources that it concerns; all unless given. Where several of these processes concern the same leads, the last
    one holds; the factor of `uncertainty` comes on top of it."""

    def change(self, changes: Changes, place: Place) -> None:
        """Add the factor."""
        place.unknown(self.segments, place.segments, "segment", "segments")
        place.unknown(self.sources, place.sources, "source", "sources")
        changes.dispersion.append(Dispersion(self.variance, self.segments, self.sources))
