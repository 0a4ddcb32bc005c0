"""Tables of bookings and of the funnel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Column, Table
from engine.inputs import FloatArray, Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.counters import (
    ADVANCED,
    DAYS,
    ENTERED,
    FUNNEL,
    GLOBAL,
    LEADS,
    LOST_THERE,
    OPEN_THERE,
    QUEUED_AT_START,
    STARTED,
    WAIT,
    WAITING_AT_END,
)
from engine.pipeline.layout import TICKS
from engine.pipeline.spec import QUEUE, PipelineSpec
from engine.pipeline.summary import MEAN, quantile_columns, summed_up

_FAN = (5, 10, 25, 50, 75, 90, 95)
_REP = (10, 50, 90)


def _units(inputs: Inputs, measures: Measures, cube: IntArray) -> list[tuple[str, FloatArray]]:
    """Each measure with its cube in units that people read: currency units, or deals."""
    scale = 10.0 ** amounts.decimals(inputs.currency)
    return [
        (name, cube[..., place] / (scale if measure.quantity == "amount" else 1.0))
        for place, (name, measure) in enumerate(measures.items())
    ]


def bookings_table(inputs: Inputs, measures: Measures, cube: IntArray) -> Table:
    """Return bookings of all seats per period, and from the start of the plan to its end."""
    rows = []
    for name, values in _units(inputs, measures, cube.sum(axis=1)):
        for basis, figures in (("period", values), ("cumulative", values.cumsum(axis=1))):
            for place, label in enumerate(inputs.calendar.labels):
                rows.append(
                    {"basis": basis, "period": label, "measure": name} | summed_up(figures[:, place], *_FAN)
                )
    columns = (
        Column(
            "basis",
            "text",
            "`period`: in the period alone; `cumulative`: from the start of the plan to its end",
        ),
        Column("period", "text", "period of the close"),
        Column("measure", "text", "measure of won deals"),
        MEAN,
        *quantile_columns(*_FAN),
    )
    meaning = "Simulated bookings of all seats; amounts in currency units"
    return Table("bookings", columns, pd.DataFrame(rows), meaning)


def bookings_by_rep_table(inputs: Inputs, measures: Measures, cube: IntArray) -> Table:
    """Return bookings of each seat in the whole plan."""
    rows = [
        {"rep": rep, "measure": name} | summed_up(values[:, seat], *_REP)
        for name, values in _units(inputs, measures, cube.sum(axis=2))
        for seat, rep in enumerate(inputs.reps.id)
    ]
    columns = (
        Column("rep", "text", "seat"),
        Column("measure", "text", "measure of won deals"),
        MEAN,
        *quantile_columns(*_REP),
    )
    meaning = "Simulated bookings of each seat in the whole plan; amounts in currency units"
    return Table("bookings_by_rep", columns, pd.DataFrame(rows), meaning)


def funnel_table(spec: PipelineSpec, tallies: IntArray) -> Table:
    """Return the queue and every stage: what entered it or stood there at the start, and what became of it."""
    mean = tallies.mean(axis=0)
    entered = mean[LEADS] + mean[QUEUED_AT_START]
    rows = [_funnel_row(QUEUE, np.array([entered, mean[STARTED], 0.0, mean[WAITING_AT_END], mean[WAIT]]))]
    for place, stage in enumerate(spec.stages):
        own = mean[GLOBAL + FUNNEL * place : GLOBAL + FUNNEL * (place + 1)]
        rows.append(_funnel_row(stage.name, own[[ENTERED, ADVANCED, LOST_THERE, OPEN_THERE, DAYS]]))
    columns = (
        Column("stage", "text", "`queue` while a lead waits for a slot, then the stages in order"),
        Column("entered", "real", "deals that entered, or stood there at the start", "deals"),
        Column("advanced", "real", "of those, left for the next stage (won after the last)", "deals"),
        Column("lost", "real", "of those, lost there", "deals"),
        Column("open_at_end", "real", "of those, still there at the end of the plan", "deals"),
        Column("conversion", "ratio", "advanced / entered"),
        Column("mean_days", "real", "mean days in the stage of those that left it", "days"),
    )
    return Table("funnel", columns, pd.DataFrame(rows), "Stage funnel, means over replications")


def _funnel_row(stage: str, means: FloatArray) -> dict[str, object]:
    """Return a row from entered, advanced, lost, open at the end, and ticks of those that left."""
    entered, advanced, lost, still, ticks = (float(value) for value in means)
    left = advanced + lost
    return {
        "stage": stage, "entered": entered, "advanced": advanced, "lost": lost, "open_at_end": still,
        "conversion": advanced / entered if entered else np.nan, "mean_days": ticks / left / TICKS if left else np.nan,
    }  # fmt: skip
