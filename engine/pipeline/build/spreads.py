"""Spreads: how far the factors of a replication spread."""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, digest
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import Leads
from engine.pipeline.factors import Spreads
from engine.pipeline.process import Spread


def spreads(draft: Draft, found: Leads) -> Spreads:
    """Return the laws of all factors."""
    market, none = draft.spec.market, Spread(0.0, 0.0)
    products = [draft.changes.products.get(name, none) for name in draft.inputs.products.id]
    seats = draft.changes.seats or none
    return Spreads(
        market=float(market.sd) if market else 0.0,
        market_on_arrivals=market is not None and market.applies_to == "arrivals",
        group_key=found.key,
        group=found.variance,
        groups=found.groups,
        seat_key=draft.inputs.reps.key,
        seat=np.full(len(draft.inputs.reps), seats.sd),
        seat_correlation=np.full(len(draft.inputs.reps), seats.correlation),
        product_key=digest(draft.inputs.products.id),
        product=np.array([one.sd for one in products]),
        product_correlation=np.array([one.correlation for one in products]),
        mix=_counted(draft),
        stage_key=digest([stage.name for stage in draft.spec.stages]),
        odds=np.array([draft.changes.odds.get(stage.name, 0.0) for stage in draft.spec.stages]),
        days=np.array([draft.changes.days.get(stage.name, 0.0) for stage in draft.spec.stages]),
        pace=np.ones(len(draft.spec.stages)),
    )


def _counted(draft: Draft) -> FloatArray:
    """Return the deals of each product that its share was counted from; 0 where shares are exact."""
    weight = np.array([draft.spec.mix.get(name, 0.0) for name in draft.inputs.products.id])
    whole = weight.sum()
    return np.asarray(weight / whole * draft.changes.mix if whole > 0 else weight, dtype=np.float64)
