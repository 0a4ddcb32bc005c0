"""The `pipeline:` block: how opportunities arise, move through stages and close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from engine.blocks import Block, kinds
from engine.fields import Day, Flag, Ratio, Text, Whole, refuse
from engine.pipeline import processes
from engine.pipeline.any_law import AnyLaw
from engine.pipeline.factor import Factor
from engine.pipeline.process import Process
from engine.pipeline.spec.arrivals import Arrivals, Routing, Seasonality, Weight
from engine.pipeline.spec.questions import Bottleneck, Hiring, Investment, Lifetime
from engine.pipeline.spec.sizes import Attached, Sizes
from engine.pipeline.spec.soundness import refuse_unsound
from engine.pipeline.spec.stages import Case, Chance, Recycle, Stage
from engine.pipeline.spec.stopping import Replications, Sequential, Target

__all__ = [
    "IGNORED",
    "QUEUE",
    "AnyLaw",
    "Arrivals",
    "Attached",
    "Bottleneck",
    "Case",
    "Chance",
    "Estimate",
    "Factor",
    "Hiring",
    "Investment",
    "Lifetime",
    "Market",
    "PipelineSpec",
    "Recycle",
    "Replications",
    "Routing",
    "Seasonality",
    "Sequential",
    "Sizes",
    "Stage",
    "Target",
    "Weight",
]

if TYPE_CHECKING:
    AnyProcess = Process
else:
    AnyProcess = kinds(processes, Process)

QUEUE = "queue"
"""What `open_stages` maps a stage to whose deals nobody works on yet."""
IGNORED = "ignored"
"""What `open_stages` maps a stage to whose deals are left out: nobody expects them to close."""


class Market(Block):
    """A factor that all seats share: lognormal with mean 1, drawn once per replication.

    With `as_of` it is that of the whole year, so it is drawn as far as the months before leave it open: given the
    amounts of deals that arose and were won in the plan, or the number of leads in the tables of that day.
    """

    sd: Ratio = Field(ge=0, le=2)
    """Standard deviation of the factor; 0.1 makes one year in six worse than about -10 %."""
    applies_to: Literal["amounts", "arrivals"] = "amounts"
    """What it multiplies: amounts that are drawn (known amounts of open deals stay), or the rate of arrivals."""


class Estimate(Block):
    """Fill in what the block leaves out from the history and open pipeline known at the start of the plan."""

    leads_from: Literal["created", "closes"] = "created"
    """Day on which a deal counts as a lead. `created`: it is followed from then on, through its age, and so are open
    deals. `closes`: the day on which it is won or lost; rates and win probabilities go by month of the quarter, a
    stage takes no time, and open deals are ignored. For exports in which deals pile up that never close, so that the
    open pipeline does not tell what will."""
    uncertainty: Flag = False
    """true: add a process `uncertainty` with the standard errors of rates, win probability and mean amounts, so that
    every replication draws its own, unless the block has one."""
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

    replications: Replications = 1000
    """How many independent futures are simulated: a number, or `until` outputs are known as well as stated."""
    slots: Whole = Field(default=20, ge=1, le=10_000)
    """Deals a seat works on at a time (K); `slots` in the table of reps overrides it for a seat."""
    arrivals: Arrivals | None = None
    """Leads, where they come from one source; may be left to `estimate`."""
    sources: Mapping[Text, Arrivals] = Field(default_factory=dict)
    """Leads by source, in place of `arrivals`."""
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
    attached: tuple[Attached, ...] = ()
    """Products that deals take along; none unless given."""
    ramp: tuple[Chance, ...] = Field(default=(), max_length=120)
    """Ratio for each month a person has been in the seat, 1 thereafter: multiplies the probability to win of the
    last stage for deals that enter it in that month. A higher ramp never loses a deal that a lower one won, as long
    as the last stage takes equally long for won and lost deals."""
    market: Market | None = None
    """Factor shared by all seats; none unless given."""
    processes: tuple[AnyProcess, ...] = ()
    """What else happens: people who quit, shared resources, priorities, shocks, renewals ..."""
    open_stages: Mapping[Text, Text] = Field(default_factory=dict)
    """From the stage names of the open pipeline to stages of this block, to `queue` for deals that nobody works on
    yet, or to `ignored` for deals that are left out; names equal to a stage's need no entry."""
    estimate: Estimate | None = None
    """Fill in arrivals, stages, mix and sizes that are not given here from the data."""
    bottleneck: Bottleneck | None = None
    """Ask which input moves expected bookings most."""
    investments: tuple[Investment, ...] = ()
    """Ask what trainings, tools and support return."""
    hiring: Hiring | None = None
    """Ask how many people to hire, and when, to reach a goal."""
    lifetime: Lifetime | None = None
    """Ask what the contracts of the installed base are worth over their lives."""

    @model_validator(mode="after")
    def _complete(self) -> PipelineSpec:
        names = [stage.name for stage in self.stages]
        if len(set(names)) < len(names) or {QUEUE, IGNORED} & set(names):
            message = f"names of stages must differ, and none may be '{QUEUE}' or '{IGNORED}'"
            raise refuse("E_DUPLICATE", message, "Rename one.")
        for place, stage in enumerate(self.stages):
            if stage.recycle is not None and stage.recycle.to not in names[: place + 1]:
                message = (
                    f"stage '{stage.name}' goes back to '{stage.recycle.to}', which is no stage up to it"
                )
                raise refuse("E_REFERENCE", message, f"Name one of {', '.join(names[: place + 1])}.")
        refuse_unsound(self.stages)
        if self.arrivals is not None and self.sources:
            raise refuse("E_CONFLICT", "gives arrivals and sources", "Make arrivals one of the sources.")
        if self.estimate is None and not (self.leads_by_source and self.stages):
            missing = "stages" if self.leads_by_source else "arrivals"
            raise refuse(
                "E_REQUIRED", f"{missing} is missing", "Give arrivals and stages, or an `estimate:` block."
            )
        return self

    @property
    def most_replications(self) -> int:
        """How many futures are simulated at most."""
        return self.replications.most if isinstance(self.replications, Sequential) else self.replications

    @property
    def leads_by_source(self) -> Mapping[str, Arrivals]:
        """Leads by source; the one source of `arrivals` is called `leads`."""
        return self.sources or ({"leads": self.arrivals} if self.arrivals is not None else {})
