"""The pipeline stage: resolve the spec, build the model, simulate it, sum up."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine.columns import Table
from engine.inputs import Inputs
from engine.measures import DEFAULT, Measures
from engine.pipeline import counters
from engine.pipeline.again import Again
from engine.pipeline.answers import answers, refuse_unanswerable, world_of
from engine.pipeline.bookings import Bookings
from engine.pipeline.build import build
from engine.pipeline.estimation import estimate, thin
from engine.pipeline.factors_table import factors_table
from engine.pipeline.fresh import Fresh
from engine.pipeline.judging import Judging
from engine.pipeline.known_means import known_means
from engine.pipeline.kpis.figures import Simulated, kpi_table
from engine.pipeline.kpis.groups import groups_of
from engine.pipeline.kpis.open_deals import open_pipeline, slippages
from engine.pipeline.kpis.regenerated import regenerated
from engine.pipeline.kpis.tables import group_tables
from engine.pipeline.layout import LOST, OUTCOMES, TICKS, WAITING
from engine.pipeline.outlook import outlook_table
from engine.pipeline.outputs import Goal, Outputs
from engine.pipeline.playing import player
from engine.pipeline.receipts_table import receipts_table
from engine.pipeline.replications import Run, refuse_absurd, room, simulate_all, trace
from engine.pipeline.run_tables import outcomes, replications_table
from engine.pipeline.spec import PipelineSpec
from engine.pipeline.tables import bookings_by_rep_table, bookings_table, funnel_table
from engine.progress import Progress
from engine.territory.alignment import Alignment

if TYPE_CHECKING:
    import pandas as pd

    from engine.pipeline.event_log import Trace

OVERLOADED = 0.95
"""Utilisation of all slots from which queues grow without end."""


def simulate(
    inputs: Inputs,
    alignment: Alignment,
    spec: PipelineSpec,
    measures: Measures,
    run: Run,
    progress: Progress,
    goal: Goal | None = None,
) -> Bookings:
    """Simulate the replications of a run; see `engine.pipeline.simulate`."""
    resolved, notes = estimate(inputs, spec)
    built = build(inputs, alignment.rep_of, resolved, measures)
    for sentence in (*thin(inputs, spec), *built.warnings):
        progress.warn(sentence)
    refuse_absurd(built.model, run.count)
    world = world_of(built, resolved)
    refuse_unanswerable(resolved, inputs, measures, world)
    groups = groups_of(inputs, built.model, built.segments)
    outputs = Outputs(inputs, measures, groups[0].days, goal)
    judging = Judging(resolved.replications, outputs, partial(known_means, built, run.seed, run.first))
    outputs.refuse_unknown(target.output for target in judging.targets)
    paid = room(built, run.count)
    cube, counts = simulate_all(built, run, progress, judging.look, paid)
    judging.warn(progress)
    totals = counts.of(0)
    found = Simulated(inputs, built.model, counts, regenerated(built, run, len(cube)))
    slipped = slippages(found)
    kpis = kpi_table(found, groups[0])
    play = player(built, inputs, measures, run)
    tables = (
        bookings_table(inputs, measures, cube),
        bookings_by_rep_table(inputs, measures, cube),
        funnel_table(resolved, totals),
        kpis,
        *group_tables(found, groups, world.names, resolved, slipped),
        replications_table(measures, cube, outcomes(totals)),
        *(() if paid is None else (receipts_table(inputs, measures, cube, paid[: len(cube)]),)),
        *judging.tables(),
        *answers(resolved, inputs, world, play, len(cube), progress),
    )
    _warn_of_overload(kpis, progress)
    again = Again(inputs, built, run, tuple(measures))
    names = counters.names(world.names.stages, world.names.resources)
    known = Bookings(
        tuple(measures), cube, totals, names, tables, resolved, (*notes, *built.notes),
        precisions=judging.precisions(), open_value=open_pipeline(slipped), again=again,
        fresh=Fresh(inputs, alignment.rep_of, resolved, measures, run, progress),
        cash=tuple(name for name, measure in measures.items() if measure.basis == "cash"),
        pays=built.receipts is not None,
    )  # fmt: skip
    if built.booked is None:
        return known
    actual = built.booked.cells
    outlook, factors = (
        outlook_table(inputs, measures, cube, actual),
        factors_table(inputs, built, run, len(cube)),
    )
    more = (outlook,) if factors is None else (outlook, factors)
    return replace(known, tables=(*tables, *more), again=built.booked.before(again), actual=actual)


def _warn_of_overload(kpis: Table, progress: Progress) -> None:
    """Say that more work comes than the slots can take, so that queues grow as long as the plan is."""
    mean = dict(zip(kpis.frame["kpi"], kpis.frame["mean"], strict=True))
    if mean["utilisation"] >= OVERLOADED:
        progress.warn(
            f"W_UNSTABLE: utilisation {mean['utilisation']:.2f}: more work comes than the slots of the seats can take; "
            f"{mean['waiting_at_end']:,.0f} leads wait at the end. Give more slots or seats, or expect fewer leads."
        )


def trace_replication(
    inputs: Inputs, alignment: Alignment, spec: PipelineSpec, measures: Measures, run: Run
) -> Trace:
    """Simulate one replication alone; see `engine.pipeline.trace`."""
    from engine.pipeline.event_log import About, told

    resolved, _ = estimate(inputs, spec)
    built = build(inputs, alignment.rep_of, resolved, measures)
    about = About(tuple(stage.name for stage in resolved.stages), tuple(measures))
    return told(inputs, built, about, run.seed, run.first)


def deals(
    inputs: Inputs, alignment: Alignment, spec: PipelineSpec, *, seed: int, replication: int
) -> pd.DataFrame:
    """Simulate one replication alone and return its deals; see `engine.pipeline.deals`."""
    import pandas as pd

    resolved, _ = estimate(inputs, spec)
    built = build(inputs, alignment.rep_of, resolved, DEFAULT)
    lines = trace(built, seed, replication, 1, log=False).lines
    accounts, reps, products = (*inputs.accounts.id, None), (*inputs.reps.id, None), inputs.products.id
    return pd.DataFrame(
        {
            "rep": [reps[seat] for seat in lines["seat"]],
            "account": [accounts[account] for account in lines["account"]],
            "product": [products[product] for product in lines["product"]],
            "arrival": lines["arrival"] / TICKS,
            "start": np.where(lines["outcome"] == WAITING, np.nan, lines["start"] / TICKS),
            "end": np.where(lines["outcome"] >= LOST, lines["end"] / TICKS, np.nan),
            "outcome": [OUTCOMES[outcome] for outcome in lines["outcome"]],
            "amount": lines["amount"],
        }
    )
