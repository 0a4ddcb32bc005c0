"""Standard errors of an estimate, as the process `uncertainty` that draws parameters anew in every replication."""

from __future__ import annotations

from math import sqrt

import numpy as np

from engine.pipeline.export import Export
from engine.pipeline.processes.uncertainty import StageError, Uncertainty
from engine.pipeline.spec import PipelineSpec

_PLACES = 4
LEADS = "leads"
"""What the one source of `arrivals` is called."""


def with_uncertainty(
    spec: PipelineSpec, rate_error: float, odds_error: float, amounts: dict[str, float], mix: int
) -> PipelineSpec:
    """Return the pipeline with parameters that are drawn; one that has its own errors keeps them.

    Args:
        spec: the pipeline, with arrivals and stages.
        rate_error: relative standard error of the rate of leads.
        odds_error: standard error of the log-odds to advance from the last stage.
        amounts: relative standard error of the mean amount, by product.
        mix: deals that the shares of products were counted from; 0 where they are given.

    """
    rate, odds = round(rate_error, _PLACES), round(odds_error, _PLACES)
    if any(process.kind == "uncertainty" for process in spec.processes) or not (
        rate or odds or amounts or mix
    ):
        return spec
    errors = Uncertainty(
        stages={spec.stages[-1].name: StageError(odds=odds)} if odds else {},
        leads={LEADS: rate} if rate else {},
        amounts={name: round(error, _PLACES) for name, error in amounts.items()},
        mix=mix,
    )
    # The first of the processes: what the block says itself holds over it.
    return spec.model_copy(update={"processes": (errors, *spec.processes)})


def log_odds_error(won: int, lost: int) -> float:
    """Return the standard error of the log-odds of a share of independent trials."""
    return sqrt(1 / max(won, 1) + 1 / max(lost, 1))


def amount_errors(export: Export) -> dict[str, float]:
    """Return the relative standard error of the mean won amount of each product that was won twice."""
    errors = dict[str, float]()
    won = (export.outcome == 1) & (export.amount >= 0)
    for place, name in enumerate(export.inputs.products.id):
        own = export.amount[won & (export.product == place)].astype(np.float64)
        if len(own) > 1 and own.mean() > 0:
            errors[name] = float(own.std(ddof=1) / own.mean() / sqrt(len(own)))
    return errors
