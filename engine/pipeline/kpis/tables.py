"""Tables: all that is told by group, stage, resource and period."""

from __future__ import annotations

from collections.abc import Sequence

from engine.columns import Table
from engine.pipeline.kpis.figures import Simulated, kpis_by_group_table
from engine.pipeline.kpis.groups import Group
from engine.pipeline.kpis.lifetime import lifetime_table
from engine.pipeline.kpis.open_deals import slippage_table
from engine.pipeline.kpis.resources import resources_by_group_table, resources_table
from engine.pipeline.kpis.slippage import Slippage
from engine.pipeline.kpis.stages import stages_table
from engine.pipeline.lever import Axes
from engine.pipeline.spec import PipelineSpec


def group_tables(
    simulated: Simulated,
    groups: Sequence[Group],
    names: Axes,
    spec: PipelineSpec,
    slipped: Sequence[Slippage],
) -> tuple[Table, ...]:
    """Return kpis_by_group, stages and slippage; of resources and lifetime_value where there is something to tell."""
    tables = [
        kpis_by_group_table(simulated, groups[1:]),
        stages_table(simulated, groups, names.stages),
        slippage_table(simulated, slipped),
    ]
    if names.resources:
        tables.append(resources_table(simulated, groups, names.resources))
        tables.append(resources_by_group_table(simulated, groups, names))
    if spec.lifetime is not None:
        tables.append(lifetime_table(simulated.model, spec.lifetime, names.segments, simulated.scale))
    return tuple(tables)
