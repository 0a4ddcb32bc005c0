"""What customers have renews, ends, or grows."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from engine.fields import Ratio, Real, Text, refuse
from engine.pipeline.any_law import AnyLaw
from engine.pipeline.laws.fixed import Fixed
from engine.pipeline.process import Changes, Place, Process
from engine.pipeline.process import Renewals as Rule

NOTHING = Fixed(value=0)


class Renewals(Process):
    """Contracts of `data.contracts` come up for renewal at the end of each term, and grow between.

    A renewal books the new amount as kind `renewal`, an expansion what is added as kind `expansion`; measures filter on
    the kind. Neither takes a slot of the seat that is credited.
    """

    kind: Literal["renewals"] = "renewals"
    churn: Ratio = Field(ge=0, le=1)
    """Probability that a contract ends at a renewal."""
    factor: AnyLaw = Fixed(value=1)
    """Law of the new amount over the old one at a renewal: below 1 it contracts; unchanged unless given."""
    expansions: Real = Field(default=0, ge=0, le=1000)
    """Expected expansions of a contract a year; none unless given."""
    expansion: AnyLaw = NOTHING
    """Law of what an expansion adds, over the amount before."""
    segments: tuple[Text, ...] = ()
    """Segments of the account that it concerns; all unless given. The last rule that names a segment holds for it."""

    @model_validator(mode="after")
    def _grows_by_something(self) -> Renewals:
        if (self.expansions > 0) != (self.expansion != NOTHING):
            raise refuse(
                "E_REQUIRED",
                "expansions and expansion go together",
                "Give how many a year, and the law of what each adds: expansion: {kind: fixed, value: 0.2}.",
            )
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Add the rule."""
        place.unknown(self.segments, place.segments, "segment", "segments")
        if place.inputs.contracts is None:
            place.refuse("E_REQUIRED", "there are no contracts", "Give a table as data.contracts.", "kind")
        changes.renewals.append(
            Rule(self.segments, float(self.churn), self.factor, self.expansions, self.expansion)
        )
