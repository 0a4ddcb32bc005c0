"""Figures: every key figure of every group, one value per replication, from counters and from regenerated deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Column, Table
from engine.inputs import FloatArray, Inputs
from engine.pipeline.counts import Counts
from engine.pipeline.kpis.counted import Counted
from engine.pipeline.kpis.definitions import KPIS, Kpi, kpi_values
from engine.pipeline.kpis.groups import Group
from engine.pipeline.kpis.histories import Histories
from engine.pipeline.kpis.sampled import SAMPLED, Part, SampledKpi, members
from engine.pipeline.model import Model
from engine.pipeline.summary import MEAN, quantile_columns, summed_up

_LEVELS = (10, 50, 90)
_OF_BASE = frozenset(
    ("renewals", "churned", "logo_churn", "renewed", "expanded", "renewal_rate", "nrr", "grr")
)


@dataclass(frozen=True)
class Simulated:
    """What key figures are computed from."""

    inputs: Inputs
    model: Model
    counts: Counts
    told: Sequence[Histories]
    """Deals of some replications."""

    @property
    def scale(self) -> float:
        """Minor units in a currency unit."""
        return float(10 ** amounts.decimals(self.inputs.currency))

    def counted(self, group: Group) -> Counted:
        """Return the counters of a group."""
        rows = (self.counts.of(int(row)) for row in group.rows)  # one by one: all seats at once would be many
        return Counted(reduce(np.add, rows), self.scale, group.days)

    def parts(self, group: Group) -> list[Part]:
        """Return the deals of a group in each replication that was simulated again."""
        edge = self.model.closing.edge
        return [
            Part(self.model, self.scale, one, *members(one, group, edge), group.span) for one in self.told
        ]


def _rows(simulated: Simulated, group: Group) -> list[tuple[Kpi | SampledKpi, FloatArray]]:
    """Return the figures that are defined for a group with their values."""
    values = kpi_values(simulated.counted(group))
    has_base = len(simulated.model.base.contract) > 0
    rows: list[tuple[Kpi | SampledKpi, FloatArray]] = [
        (kpi, values[kpi.name])
        for kpi in KPIS
        if group.dimension in kpi.dimensions and (has_base or kpi.name not in _OF_BASE)
    ]
    parts = simulated.parts(group)
    for kpi in SAMPLED:
        if parts and group.dimension in kpi.dimensions:
            rows.append((kpi, np.array([kpi.of(part) for part in parts])))
    return rows


def kpi_table(simulated: Simulated, total: Group) -> Table:
    """Return the key figures of the whole pipeline with their definitions."""
    rows = [
        {"kpi": kpi.name, "unit": kpi.unit}
        | summed_up(values, *_LEVELS)
        | {"replications": len(values), "definition": kpi.definition}
        for kpi, values in _rows(simulated, total)
    ]
    columns = (
        Column("kpi", "text", "name of the figure"),
        Column("unit", "text", "deals, people, contracts, days, ratio, or money in currency units"),
        MEAN,
        *quantile_columns(*_LEVELS),
        Column(
            "replications",
            "whole",
            "how many it is told from: all, or those whose deals were simulated again",
        ),
        Column("definition", "text", "how it is computed in each replication; undefined ones are left out"),
    )
    return Table(
        "kpis", columns, pd.DataFrame(rows), "KPIs of the pipeline over replications" + _since(simulated)
    )


def kpis_by_group_table(simulated: Simulated, groups: Sequence[Group]) -> Table:
    """Return the key figures of every node, seat, segment and period; the table `kpis` defines them."""
    rows = [
        {"by": group.by, "group": group.name, "kpi": kpi.name, "unit": kpi.unit} | summed_up(values, *_LEVELS)
        for group in groups
        for kpi, values in _rows(simulated, group)
    ]
    columns = (
        Column("by", "text", "a level of the hierarchy, `rep`, `segment` or `period`"),
        Column("group", "text", "node, seat, segment or period; blank for deals without an account"),
        Column("kpi", "text", "name of the figure, as in the table `kpis`"),
        Column("unit", "text", "deals, people, contracts, days, ratio, or money in currency units"),
        MEAN,
        *quantile_columns(*_LEVELS),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    meaning = "KPIs by level of the hierarchy, rep, segment and period" + _since(simulated)
    return Table("kpis_by_group", columns, frame, meaning)


def _since(simulated: Simulated) -> str:
    """Say from when on they count where that is not the first day of the plan."""
    as_of = simulated.inputs.calendar.as_of
    return "" if as_of is None else f", of what is simulated: from {as_of} on"
