"""Tables of the run itself: every replication, how well outputs are known, and what control variates gain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.inputs import IntArray
from engine.measures import Measures
from engine.pipeline import counters
from engine.pipeline.control_variates import Adjusted
from engine.pipeline.precision import Precision

COUNTS = ("won", "lost", "open", "waiting", "dropped", "abandoned")
"""Outcomes of deals at the end of the plan."""
_COUNTERS = (
    counters.WON_DEALS,
    counters.LOST_DEALS,
    counters.OPEN_AT_END,
    counters.WAITING_AT_END,
    counters.DROPPED_LEADS,
    counters.ABANDONED_LEADS,
)


def booked(measure: str) -> str:
    """Return the column of a measure; no measure may be called so itself."""
    return f"booked: {measure}"


def outcomes(totals: IntArray) -> IntArray:
    """Return how many deals had each outcome, shape (replication, COUNTS), from the counters of the whole pipeline."""
    return totals[:, _COUNTERS]


def replications_table(measures: Measures, cube: IntArray, ended: IntArray) -> Table:
    """Return what came out of every replication; `ended` are its outcomes."""
    totals = np.asarray(cube.sum(axis=(1, 2)), dtype=np.int64)
    frame = pd.DataFrame({"replication": np.arange(len(cube), dtype=np.int64)})
    columns = [Column("replication", "whole", "number of the replication, for `apportion trace`")]
    for place, (name, measure) in enumerate(measures.items()):
        frame[booked(name)] = totals[:, place]
        money = measure.quantity == "amount"
        columns.append(
            Column(booked(name), "money" if money else "whole", f"{name} of all seats in the whole plan")
        )
    for place, name in enumerate(COUNTS):
        frame[name] = ended[:, place]
        columns.append(Column(name, "whole", f"deals that are {name} at the end of the plan"))
    return Table("replications", tuple(columns), frame, "Every replication of the pipeline")


def precision_table(precisions: Sequence[Precision]) -> Table:
    """Return how well each output is known."""
    columns = (
        Column("output", "text", "a measure, all seats and the whole plan, a figure of `kpis`, or P(goal)"),
        Column(
            "statistic", "text", "mean, P10 (10th percentile), probability, or P(>= x): that it is at least x"
        ),
        Column("estimate", "real", "from all replications; currency units where it is money"),
        Column("low", "real", "lower end of the interval; blank where replications are too few for it"),
        Column("high", "real", "upper end"),
        Column(
            "half_width", "ratio", "half its length: relative to the estimate, or points of a probability"
        ),
        Column("demanded", "ratio", "half-width that was asked for; blank where none was"),
        Column("confidence", "ratio", "how often such an interval holds the true value"),
        Column("adjusted", "flag", "whether control variates adjust the estimate"),
        Column("replications", "whole", "replications where the output is defined"),
    )
    rows = [one.record() for one in precisions]
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table("precision", columns, frame, "How well the replications know what they tell")


def variance_table(rows: Sequence[tuple[str, str, Adjusted]]) -> Table:
    """Return what control variates gain, from (output, statistic, what came out)."""
    columns = (
        Column("output", "text", "a measure, all seats and the whole plan, a figure of `kpis`, or P(goal)"),
        Column("statistic", "text", "mean, probability, or P(>= x): how likely it is at least x"),
        Column("estimate", "real", "mean over replications; currency units where it is money"),
        Column("half_width", "real", "half its interval"),
        Column("adjusted", "real", "the estimate, adjusted by what is known exactly"),
        Column("adjusted_half_width", "real", "half the interval of that"),
        Column("factor", "real", "as many times more replications would narrow the plain interval as much"),
        Column(
            "controls", "whole", "controls with known means: leads, factors of market, seats and products"
        ),
    )
    frame = pd.DataFrame(
        [
            (
                output, statistic, one.plain.value, one.plain.half_width, one.adjusted.value,
                one.adjusted.half_width, one.factor, one.controls,
            )
            for output, statistic, one in rows
        ],
        columns=[column.name for column in columns],
    )  # fmt: skip
    return Table("variance", columns, frame, "Estimates with and without control variates")
