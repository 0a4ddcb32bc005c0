"""The pipeline stage: resolve the spec, build the model, simulate it, sum up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.columns import Table
from engine.inputs import Inputs
from engine.measures import DEFAULT, Measures
from engine.pipeline import counters
from engine.pipeline.actual import booked
from engine.pipeline.again import Again
from engine.pipeline.bookings import Bookings
from engine.pipeline.build import build
from engine.pipeline.estimation import estimate
from engine.pipeline.kpis import kpi_table
from engine.pipeline.model import LOST, OPEN, TICKS, WAITING, WON
from engine.pipeline.outlook import outlook_table
from engine.pipeline.replications import Run, deals_of, refuse_absurd, simulate_all, trace_one
from engine.pipeline.spec import PipelineSpec
from engine.pipeline.tables import bookings_by_rep_table, bookings_table, funnel_table
from engine.progress import Progress
from engine.territory.alignment import Alignment

if TYPE_CHECKING:
    import pandas as pd

OVERLOADED = 0.95
"""Utilisation of all slots from which queues grow without end."""

_OUTCOMES = {WAITING: "waiting", OPEN: "open", LOST: "lost", WON: "won"}


def simulate(
    inputs: Inputs, alignment: Alignment, spec: PipelineSpec, measures: Measures, run: Run, progress: Progress
) -> Bookings:
    """Simulate the replications of a run; see `engine.pipeline.simulate`."""
    resolved, notes = estimate(inputs, spec)
    model = build(inputs, alignment.rep_of, resolved, measures)
    for sentence in model.warnings:
        progress.warn(sentence)
    refuse_absurd(model, resolved)
    cube, tallies = simulate_all(model, resolved, run, progress)
    so_far = booked(inputs, measures)
    if so_far is not None:
        cube += so_far.cells
    names = counters.names([stage.name for stage in resolved.stages])
    tables = (
        bookings_table(inputs, measures, cube),
        bookings_by_rep_table(inputs, measures, cube),
        funnel_table(resolved, tallies),
        kpi_table(inputs, model.selling.seats.slots, tallies),
    )
    _warn_of_overload(tables[-1], progress)
    again = Again(inputs, model, resolved, run, tuple(measures), deals_of(tallies))
    found = Bookings(tuple(measures), cube, tallies, names, tables, resolved, notes, again)
    if so_far is None:
        return found
    outlook = outlook_table(inputs, measures, cube, so_far.cells)
    return replace(found, tables=(*tables, outlook), again=so_far.before(again), actual=so_far.cells)


def _warn_of_overload(kpis: Table, progress: Progress) -> None:
    """Say that more work comes than the slots can take, so that queues grow as long as the plan is."""
    mean = dict(zip(kpis.frame["kpi"], kpis.frame["mean"], strict=True))
    if mean["utilisation"] >= OVERLOADED:
        progress.warn(
            f"W_UNSTABLE: utilisation {mean['utilisation']:.2f}: more work comes than the slots of the seats can take; "
            f"{mean['waiting_at_end']:,.0f} leads wait at the end. Give more slots or seats, or expect fewer leads."
        )


def deals(
    inputs: Inputs, alignment: Alignment, spec: PipelineSpec, *, seed: int, replication: int
) -> pd.DataFrame:
    """Simulate one replication alone and return its deals; see `engine.pipeline.deals`."""
    import pandas as pd

    resolved, _ = estimate(inputs, spec)
    model = build(inputs, alignment.rep_of, resolved, DEFAULT)
    _, lines = trace_one(model, resolved, seed, replication)
    return pd.DataFrame(
        {
            "rep": [inputs.reps.id[seat] for seat in lines["seat"]],
            "account": [
                inputs.accounts.id[account] if account >= 0 else None for account in lines["account"]
            ],
            "product": [inputs.products.id[product] for product in lines["product"]],
            "arrival": lines["arrival"] / TICKS,
            "start": np.where(lines["outcome"] == WAITING, np.nan, lines["start"] / TICKS),
            "end": np.where(lines["outcome"] >= LOST, lines["end"] / TICKS, np.nan),
            "outcome": [_OUTCOMES[outcome] for outcome in lines["outcome"]],
            "amount": lines["amount"],
        }
    )
