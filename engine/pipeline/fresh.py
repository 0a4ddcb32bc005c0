"""Fresh: replications that nobody has looked at, with parameters drawn anew as far as the data leave them open.

What is chosen by looking at simulated futures fits them better than others, so it is checked on these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod, sqrt

from engine.inputs import Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.build import build
from engine.pipeline.export import YEAR, Export
from engine.pipeline.processes.uncertainty import StageError, Uncertainty
from engine.pipeline.replications import Run, bookings_alone
from engine.pipeline.spec import PipelineSpec
from engine.pipeline.standard_errors import amount_errors, log_odds_error
from engine.progress import Progress

FIRST = 2**31
"""Number of the first fresh replication, beyond any that a run asks for; draws are keyed by it."""


@dataclass(frozen=True)
class Fresh:
    """Makes fresh replications of a run; see `Bookings.fresh`."""

    inputs: Inputs
    rep_of: IntArray
    spec: PipelineSpec
    """Resolved."""
    measures: Measures
    run: Run
    progress: Progress

    def __call__(self, count: int) -> IntArray:
        """Return the cube of `count` fresh replications, shape (replication, rep, period, measure)."""
        built = build(self.inputs, self.rep_of, uncertain(self.inputs, self.spec), self.measures)
        self.progress.update("fresh replications")
        run = replace(self.run, first=self.run.first + FIRST, count=count, looks=())
        return bookings_alone(built, run, self.progress)


def uncertain(inputs: Inputs, spec: PipelineSpec) -> PipelineSpec:
    """Return a pipeline whose parameters are drawn; one that says how well it is known is left as it is.

    Standard errors are those that the export allows: the rate of leads of a source by its share in the deals created
    in the last year (1 / sqrt(n)), the log-odds to win by the closed deals, and mean amounts by the won deals of each
    product. The error e of the log-odds to win, W = prod p_s, is that of equal independent errors of the log-odds to
    advance: e (1 - W) / sqrt(sum (1 - p_s)^2) each, as d logit W / d logit p_s = (1 - p_s) / (1 - W).
    """
    if any(process.kind == "uncertainty" for process in spec.processes):
        return spec
    export = Export.of(inputs, spec, None, None)
    won, lost = int((export.outcome == 1).sum()), int((export.outcome == 0).sum())
    if won + lost == 0:
        return spec
    odds = round(stage_error(log_odds_error(won, lost), [float(stage.advance) for stage in spec.stages]), 4)
    products = {} if any("product" in process.kind for process in spec.processes) else amount_errors(export)
    errors = Uncertainty(
        stages={stage.name: StageError(odds=odds) for stage in spec.stages},
        leads=dict(_leads(inputs, spec, export)),
        amounts={name: f"{min(error, 5.0):.4f}" for name, error in products.items()},
    )
    return spec.model_copy(update={"processes": (errors, *spec.processes)})


def stage_error(error: float, advance: list[float]) -> float:
    """Return the standard error of the log-odds to advance from each stage, given that of the log-odds to win."""
    moved = sqrt(sum((1 - share) ** 2 for share in advance))
    return error * (1 - prod(advance)) / moved if moved else 0.0


def _leads(inputs: Inputs, spec: PipelineSpec, export: Export) -> Iterator[tuple[str, str]]:
    """Yield the relative standard error of each source's rate."""
    recent = int((export.created >= export.today - YEAR).sum())
    rates = {
        name: float(source.leads or sum((source.by_segment or {}).values()))
        for name, source in spec.leads_by_source.items()
    }
    whole = sum(rates.values())
    for name, rate in rates.items():
        if rate > 0 and recent:
            yield name, f"{min(1 / sqrt(recent * rate / whole), 5.0):.4f}"
