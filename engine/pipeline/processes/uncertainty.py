"""How well the pipeline is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Ratio, Real, Text, Whole, refuse
from engine.pipeline.process import Changes, Dispersion, Place, Process, Spread

Error = Annotated[Real, Field(ge=0, le=5)]
Relative = Annotated[Ratio, Field(ge=0, le=5)]


class StageError(Block):
    """How well a stage is known."""

    odds: Error = 0.0
    """Standard error of the logarithm of the odds of advancing; deals that do not advance go back or are lost in the
    shares in which they did."""
    days: Error = 0.0
    """Standard error of the logarithm of the days in the stage."""


class Uncertainty(Process):
    """Parameters are drawn anew in every replication, as far as the data leave them open.

    Odds and days have a lognormal factor with median 1, the same for all deals of a replication; rates of leads a
    gamma and amounts a lognormal factor, both with mean 1; shares of products have a Dirichlet distribution.
    """

    kind: Literal["uncertainty"] = "uncertainty"
    stages: Mapping[Text, StageError] = Field(default_factory=dict)
    """Standard errors by stage."""
    leads: Mapping[Text, Relative] = Field(default_factory=dict)
    """Relative standard error of the rate of leads, by source; the one source of `arrivals` is called `leads`."""
    amounts: Mapping[Text, Relative] = Field(default_factory=dict)
    """Relative standard error of the mean amount, by product."""
    mix: Whole = Field(default=0, ge=0, le=10**9)
    """Deals that the shares of products in `pipeline.mix` were counted from; 0 where they are exact. Shares then have a
    Dirichlet distribution with so many deals behind it: the money of a product follows its share, while the number of
    its deals stays."""

    @model_validator(mode="after")
    def _something(self) -> Uncertainty:
        if not (self.stages or self.leads or self.amounts or self.mix):
            hint = "Give standard errors of stages, leads or amounts, or the deals behind the mix."
            raise refuse("E_REQUIRED", "nothing is uncertain", hint)
        return self

    def change(self, changes: Changes, place: Place) -> None:
        """Set the factors; what has one already is a fault."""
        place.unknown(tuple(self.stages), place.stages, "stage", "stages")
        place.unknown(tuple(self.leads), place.sources, "source", "leads")
        place.unknown(tuple(self.amounts), place.inputs.products.id, "product", "amounts")
        for name, error in self.stages.items():
            changes.odds[name], changes.days[name] = error.odds, error.days
        for name, cv in self.leads.items():
            if cv > 0:
                changes.dispersion.append(Dispersion(float(cv) ** 2, (), (name,), together=True))
        for name, cv in self.amounts.items():
            if name in changes.products:
                place.refuse(
                    "E_DUPLICATE", f"'{name}' has a factor already", "Leave one out.", f"amounts.{name}"
                )
            changes.products[name] = Spread(float(cv), 0.0)
        changes.mix = self.mix
