"""Receipts table: what is won, what customers pay of it, and what is won and not paid yet, by period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.receipts import EARLIER, WON
from engine.pipeline.summary import summed_up

_LEVELS = (10, 50, 90)


def receipts_table(inputs: Inputs, measures: Measures, cube: IntArray, sums: IntArray) -> Table:
    """Return what measures of cash count when it is won, and when it is paid.

    Args:
        inputs: calendar and currency.
        measures: all measures.
        cube: what they count, those of cash when it is paid, shape (replication, rep, period, measure).
        sums: of measures of cash, as `Receipts.enter` returns them, shape (replication, period, measure of cash, 2).

    """
    scale, rows = 10.0 ** amounts.decimals(inputs.currency), []
    cash = [(place, name) for place, name in enumerate(measures) if measures[name].basis == "cash"]
    for k, (place, name) in enumerate(cash):
        unit = scale if measures[name].quantity == "amount" else 1.0
        won, earlier = sums[:, :, k, WON] / unit, sums[:, :, k, EARLIER] / unit
        received = cube[..., place].sum(axis=1) / unit
        waiting = np.cumsum(won - (received - earlier), axis=1)
        for p, label in enumerate(inputs.calendar.labels):
            row = {
                "measure": name,
                "period": label,
                "won": float(won[:, p].mean()),
                "earlier": float(earlier[:, p].mean()),
            }
            for what, values in (("received", received), ("waiting", waiting)):
                said = summed_up(values[:, p], *_LEVELS)
                row |= {what: said.pop("mean")} | {f"{what}_{level}": x for level, x in said.items()}
            rows.append(row)
    columns = (
        Column("measure", "text", "measure with `basis: cash`"),
        Column("period", "text", "period"),
        Column("won", "real", "what it counts of deals that are won in the period, mean over replications"),
        Column("earlier", "real", "what is paid in the period of deals that were won before the plan, mean"),
        *_spread("received", "what is paid in the period, which is what the measure counts in it"),
        *_spread(
            "waiting", "what is won in the plan up to the end of the period, and not paid by then; after the last one, "
            "what falls outside the plan",
        ),
    )  # fmt: skip
    meaning = "Deals won and paid, of all seats; amounts in currency units"
    return Table("receipts", columns, pd.DataFrame(rows, columns=[one.name for one in columns]), meaning)


def _spread(name: str, meaning: str) -> list[Column]:
    return [
        Column(name, "real", f"{meaning}; mean over replications"),
        *(Column(f"{name}_p{level}", "real", f"{level}th percentile of `{name}`") for level in _LEVELS),
    ]
