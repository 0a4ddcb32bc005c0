"""Tables of key figures by group, of levers, investments and hiring, as the pipeline makes them of a small world."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from engine.columns import Table
from engine.inputs import FloatArray
from engine.pipeline.answers import answers
from engine.pipeline.kpis.figures import kpi_table, kpis_by_group_table
from engine.pipeline.kpis.groups import groups_of
from engine.pipeline.kpis.open_deals import slippage_table, slippages
from engine.pipeline.kpis.resources import resources_table
from engine.pipeline.kpis.stages import stages_table
from engine.pipeline.lever import World
from engine.progress import Silent
from engine.report.input import ReportInput
from tests.pipeline.rich import rich
from tests.pipeline.told import simulate
from tests.report.synthetic import run

BLOCK = {
    "bottleneck": {"replications": 50},
    "investments": [
        {"name": "Training", "cost": "12k", "margin": "70%",
         "changes": [{"kind": "advance", "stage": "Demo", "by": "3%"}, {"kind": "ramp"}]},
        {"name": "Deal desk", "cost": "9k", "margin": "70%",
         "changes": [{"kind": "duration", "stage": "Close", "by": "-20%"}]},
    ],
    "hiring": {"goal": "420k", "target": "75%", "like": "R0", "starts": ["2027-01-01", "2027-05-01"], "most": 6},
}  # fmt: skip


def toy(world: World, measure: str, replications: int) -> FloatArray:
    """Bookings that answer to every input smoothly, so that no engine is needed for a picture."""
    selling, spring = world.model.selling, world.model.arising.spring
    stages = [selling.row["advance"][selling.cell[stage]].mean() for stage in range(len(selling.cell))]
    starts = selling.seats.spell["begin"]
    people = np.clip(1 - np.maximum(starts, 0) / selling.horizon, 0, 1).sum() * selling.seats.slots.mean()
    hazard, ramp = selling.seats.hazards.rate.mean() * 3.65e14, selling.tenure_edge.sum() / 3e7
    level = (
        spring["rate"].sum()
        * np.prod(stages)
        * people
        / (world.spreads.pace.sum() + 0.03 * hazard / 1e3 + 0.05 * ramp)
    )
    level *= world.model.closing.price.mean() * (1 + 0.01 * len(world.model.closing.laws.guide))
    level *= 1 + 0.02 * selling.resources.capacity["units"].sum()
    noise = np.random.default_rng(5).lognormal(0, 0.12, replications)
    wobble = 1 + 0.002 * np.random.default_rng(int(level)).normal(size=replications)
    return np.asarray(6e4 * level * noise * wobble, dtype=np.float64)


@cache
def question_tables() -> tuple[Table, ...]:
    inputs, spec, world = rich(**BLOCK)
    found = simulate(inputs, world, 2)
    groups = groups_of(inputs, world.model, world.names.segments)
    return (
        kpi_table(found, groups[0]), kpis_by_group_table(found, groups[1:]),
        stages_table(found, groups, world.names.stages), resources_table(found, groups, world.names.resources),
        slippage_table(found, slippages(found)), *answers(spec, inputs, world, toy, 200, Silent()),
    )  # fmt: skip


def questioned() -> ReportInput:
    """A run with all of these tables."""
    report, made = run(), question_tables()
    names = {table.name for table in made}
    return replace(report, tables=(*(table for table in report.tables if table.name not in names), *made))
