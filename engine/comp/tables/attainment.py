"""Tables of attainment: by seat, and over all of them."""

from __future__ import annotations

import numpy as np

from engine.columns import Column, Table
from engine.comp.payouts import Payouts
from engine.comp.tables.frames import histogram, quantile_columns, quantiles, table
from engine.estimates import wilson
from engine.inputs import Inputs
from engine.quota.quotas import Quotas


def attainment(inputs: Inputs, quotas: Quotas, payouts: Payouts) -> Table:
    """Return attainment by seat."""
    columns = [
        Column("rep", "text", "Seat."),
        Column("quota", "money", "Quota of the whole plan."),
        *quantile_columns((10, 50, 90), "ratio"),
        Column("p_quota", "ratio", "Share of replications with attainment of 100 % or more."),
        Column("p_quota_low", "ratio", "Lower end of its 95 % Wilson interval."),
        Column("p_quota_high", "ratio", "Upper end of its 95 % Wilson interval."),
    ]
    rows = []
    for j, (rep, quota) in enumerate(zip(inputs.reps.id, quotas.by_period.sum(axis=1), strict=True)):
        values = payouts.attainment[:, j].astype(np.float64)
        there = quota > 0 and values.size > 0
        hit = int((values >= 1).sum())
        odds = (hit / values.size, *wilson(hit, values.size)) if there else (float("nan"),) * 3
        rows.append((rep, int(quota), *quantiles(values if there else values[:0], (10, 50, 90)), *odds))
    return table("attainment", "Credit of the seat over its quota; blank without a quota.", columns, rows)


def attainment_distribution(payouts: Payouts) -> Table:
    """Return attainment of all seats in all replications as a histogram."""
    values = payouts.attainment[np.isfinite(payouts.attainment)].astype(np.float64)
    top = max(2.0, float(values.max()) + 1e-9) if values.size else 2.0
    edges = np.concatenate([np.arange(0, 40) / 20, [2.0, top]]) if top > 2 else np.arange(0, 41) / 20
    if values.size and values.min() < 0:
        edges[0] = values.min()
    columns = [
        Column("from", "ratio", "Lower edge, included."),
        Column("to", "ratio", "Upper edge, excluded but for the last."),
        Column("share", "ratio", "Share of seats and replications."),
    ]
    meaning = "Attainment over all seats with a quota and all replications."
    return table("attainment_distribution", meaning, columns, histogram(values, edges))
