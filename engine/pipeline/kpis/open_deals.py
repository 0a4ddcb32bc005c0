"""Open deals: the open pipeline at the start of every period, what of it is expected to close, and how much slips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.inputs import FloatArray
from engine.pipeline.kpis.figures import Simulated
from engine.pipeline.kpis.histories import mean_days
from engine.pipeline.kpis.slippage import Slippage, slippage

_COLUMNS = (
    Column("period", "text", "period of the plan"),
    Column("open_value", "real", "value of the deals in progress at its start", "currency units"),
    Column("expected_deals", "real", "of these, deals that are expected to close in it: if every stage to come "
           "takes its mean time"),
    Column("expected_value", "real", "their value", "currency units"),
    Column("slip_rate", "ratio", "share of them that is open at its end, by count, mean over replications"),
    Column("slip_rate_p10", "ratio", "10th percentile over replications"),
    Column("slip_rate_p90", "ratio", "90th percentile over replications"),
    Column("slip_rate_by_value", "ratio", "the same by value, mean over replications"),
    Column("replications", "whole", "how many had their deals simulated again for it"),
)  # fmt: skip


def slippages(simulated: Simulated) -> list[Slippage]:
    """Return the slippage of every replication whose deals are known."""
    days = mean_days(simulated.model)
    return [slippage(simulated.model, told, days) for told in simulated.told]


def open_pipeline(found: Sequence[Slippage]) -> FloatArray:
    """Return the mean value expected to close in each period at its start, and of all deals in progress, minor units.

    Shape (2, rep, period); a deal counts at the seat that has it last.
    """
    return np.asarray(np.mean([one.seat for one in found], axis=0), dtype=np.float64)


def slippage_table(simulated: Simulated, found: Sequence[Slippage]) -> Table:
    """Return the open pipeline and what slips, by period."""
    expected, slipped = (np.array([getattr(one, name) for one in found]) for name in ("expected", "slipped"))
    rate = np.divide(slipped, expected, out=np.full(expected.shape, np.nan), where=expected > 0)
    value = open_pipeline(found).sum(axis=1) / simulated.scale
    rows = []
    for period, label in enumerate(simulated.inputs.calendar.labels):
        count, by_value = (one[~np.isnan(one)] for one in rate[:, :, period].T)
        low, high = np.quantile(count, [0.1, 0.9]) if len(count) else (np.nan, np.nan)
        rows.append(
            {
                "period": label, "open_value": value[1, period], "expected_deals": expected[:, 0, period].mean(),
                "expected_value": value[0, period], "slip_rate": count.mean() if len(count) else np.nan,
                "slip_rate_p10": low, "slip_rate_p90": high,
                "slip_rate_by_value": by_value.mean() if len(by_value) else np.nan, "replications": len(found),
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in _COLUMNS])
    return Table(
        "slippage", _COLUMNS, frame, "Open pipeline at the start of each period, and how much of it slips"
    )
