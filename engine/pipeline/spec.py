"""The `pipeline:` block: how opportunities arise, move through stages and close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from engine.blocks import Block, kinds
from engine.fields import Day, Flag, Ratio, Real, Text, Whole, refuse
from engine.pipeline import laws
from engine.pipeline.law import Law

if TYPE_CHECKING:
    AnyLaw = Law
else:
    AnyLaw = kinds(laws, Law)

QUEUE = "queue"
"""What `open_stages` maps a stage to whose deals nobody works on yet."""
Weight = Annotated[Real, Field(ge=0)]
Step = Annotated[Ratio, Field(ge=0, le=1)]


class Arrivals(Block):
    """How many leads arise, and at which accounts."""

    leads: Real | None = Field(default=None, ge=0)
    """Expected leads a year over all accounts. Give this or `by_segment`."""
    by_segment: Mapping[Text, Weight] = Field(default_factory=dict)
    """Expected leads a year per segment, as totals of the segment; segments not named get none."""
    spread: Literal["even", "potential", "history"] = "even"
    """How a total is spread over accounts: evenly, in proportion to `potential`, or to one more than the number of
    the account's deals in the history and the open pipeline."""

    @model_validator(mode="after")
    def _one(self) -> Arrivals:
        if (self.leads is None) == (not self.by_segment):
            raise refuse("E_REQUIRED", "needs either leads or by_segment", "For example leads: 1200.")
        return self


class Seasonality(Block):
    """When in the year leads arise; give `months` or `periods`. Within a cell of it leads arise evenly."""

    months: tuple[Weight, ...] = ()
    """Twelve weights, January first; a calendar month gets its share of the leads of a year."""
    periods: tuple[Weight, ...] = ()
    """One weight per period of the plan; they share out the leads that an even year would give the plan."""

    @model_validator(mode="after")
    def _one(self) -> Seasonality:
        if bool(self.months) == bool(self.periods):
            raise refuse(
                "E_REQUIRED",
                "needs either months or periods",
                "Give twelve weights as months, January first.",
            )
        if self.months and len(self.months) != 12:
            raise refuse(
                "E_RANGE", f"{len(self.months)} weights for twelve months", "Give twelve, January first."
            )
        if sum(self.months or self.periods) <= 0:
            raise refuse("E_RANGE", "all weights are zero", "Give at least one weight above zero.")
        return self


class Stage(Block):
    """A step of the sale: a deal stays for a time, then advances or is lost. After the last stage it is won."""

    name: Text = Field(min_length=1)
    """Name of the stage, as the funnel shows it."""
    advance: Step
    """Probability that a deal which enters the stage leaves it for the next one; otherwise it is lost."""
    duration: AnyLaw
    """Days in the stage of deals that advance, and of lost ones unless `duration_lost` is given."""
    duration_lost: AnyLaw | None = None
    """Days in the stage of deals that are lost there; the law `duration` unless given."""


class Sizes(Block):
    """What a won deal is worth; without any law it is the product's list price."""

    law: AnyLaw | None = None
    """Law of the amount in currency units for products without a law of their own."""
    by_product: Mapping[Text, AnyLaw] = Field(default_factory=dict)
    """Laws by product."""
    times_price: Flag = False
    """true: laws are multiples of the product's list price, not amounts."""


class Market(Block):
    """A factor that all seats share: lognormal with mean 1, drawn once per replication."""

    sd: Ratio = Field(ge=0, le=2)
    """Standard deviation of the factor; 0.1 makes one year in six worse than about -10 %."""
    applies_to: Literal["amounts", "arrivals"] = "amounts"
    """What it multiplies: amounts that are drawn (known amounts of open deals stay), or the rate of arrivals."""


class Estimate(Block):
    """Fill in what the block leaves out from the history and open pipeline known at the start of the plan."""

    since: Day | None = None
    """First day from which created dates count as arrivals; a year before the plan unless given, and never before
    the first visible close, because older deals are visible only if they closed late."""
    closes_since: Day | None = None
    """First day whose closes are in the export; the earliest close unless given. Deals created before it enter the
    estimate at the age they had then (left truncation)."""
    stage: Text = "Working"
    """Name of the single stage that is estimated when `stages` is not given."""
    give_up: Whole = Field(default=365, ge=1, le=3650)
    """Age in days by which deals that outlive every observed close are lost; they go evenly up to this age."""
    sizes: Literal["empirical", "lognormal"] = "empirical"
    """Law fitted to the won amounts of each product: their quantiles, or a lognormal with their mean and spread."""
    seasonality: Flag = False
    """true: estimate weights of calendar months from created dates, too; needs twelve whole months of them."""


class PipelineSpec(Block):
    """How opportunities arise, move and close, and how often that is simulated."""

    replications: Whole = Field(default=1000, ge=1, le=1_000_000)
    """How many independent futures are simulated."""
    slots: Whole = Field(default=20, ge=1, le=10_000)
    """Deals a seat works on at a time (K); `slots` in the table of reps overrides it for a seat."""
    arrivals: Arrivals | None = None
    """Leads; may be left to `estimate`."""
    seasonality: Seasonality | None = None
    """When in the year leads arise; every day alike unless given."""
    stages: tuple[Stage, ...] = Field(default=(), max_length=30)
    """Stages in order; may be left to `estimate`."""
    mix: Mapping[Text, Weight] = Field(default_factory=dict)
    """Weight of each product among leads; even over all products unless given."""
    mix_by_segment: Mapping[Text, Mapping[Text, Weight]] = Field(default_factory=dict)
    """Weights of products for the accounts of a segment, in place of `mix`."""
    sizes: Sizes | None = None
    """Amounts of won deals; the list price unless given or estimated."""
    ramp: tuple[Step, ...] = Field(default=(), max_length=120)
    """Ratio for each month a person has been in the seat, 1 thereafter: multiplies the probability to win of the
    last stage for deals that enter it in that month. A higher ramp never loses a deal that a lower one won, as long
    as the last stage takes equally long for won and lost deals."""
    market: Market | None = None
    """Factor shared by all seats; none unless given."""
    open_stages: Mapping[Text, Text] = Field(default_factory=dict)
    """From the stage names of the open pipeline to stages of this block, or to `queue` for deals that nobody works
    on yet; names equal to a stage's need no entry."""
    estimate: Estimate | None = None
    """Fill in arrivals, stages, mix and sizes that are not given here from the data."""

    @model_validator(mode="after")
    def _complete(self) -> PipelineSpec:
        names = [stage.name for stage in self.stages]
        if len(set(names)) < len(names) or QUEUE in names:
            raise refuse("E_DUPLICATE", "names of stages must differ, and none may be 'queue'", "Rename one.")
        if self.estimate is None and (self.arrivals is None or not self.stages):
            missing = "arrivals" if self.arrivals is None else "stages"
            raise refuse(
                "E_REQUIRED", f"{missing} is missing", "Give arrivals and stages, or an `estimate:` block."
            )
        return self
