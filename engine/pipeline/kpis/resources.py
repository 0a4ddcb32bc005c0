"""Resources that seats share: requests, waits and use, in all, by period, and by whose deals they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.inputs import FloatArray
from engine.pipeline import counters as c
from engine.pipeline.kpis.counted import mean_of_known, over
from engine.pipeline.kpis.figures import Simulated
from engine.pipeline.kpis.groups import Group
from engine.pipeline.kpis.histories import Histories
from engine.pipeline.layout import TICKS
from engine.pipeline.lever import Axes

_RESOURCES = (
    Column("resource", "text", "shared resource"),
    Column("period", "text", "period of the plan; blank for all of it"),
    Column("requests", "real", "deals that asked for a unit", "deals"),
    Column("granted", "real", "deals that got one", "deals"),
    Column("mean_wait", "real", "days from asking to getting one", "days"),
    Column("wait_p90", "real", "90th percentile over replications of the mean wait of a replication", "days"),
    Column("units", "real", "units, averaged over the days"),
    Column("in_use", "real", "units that are held, averaged over the days"),
    Column(
        "utilisation",
        "ratio",
        "time of units that are held / time of units; above 1 where units were taken away",
    ),
)


def resources_table(simulated: Simulated, groups: Sequence[Group], resources: Sequence[str]) -> Table:
    """Return requests, waits and utilisation of every shared resource, in total and by period."""
    stages = len(simulated.model.selling.cell)
    rows = []
    for place, resource in enumerate(resources):
        first = c.GLOBAL + c.FUNNEL * stages + c.SHARED * place
        for group in groups:
            if group.dimension not in ("total", "period"):
                continue
            counted = simulated.counted(group)
            wait = over(counted.time(first + c.QUEUED), counted(first + c.GRANTS))
            known = wait[~np.isnan(wait)]
            rows.append(
                {
                    "resource": resource, "period": group.name, "requests": counted(first + c.REQUESTED).mean(),
                    "granted": counted(first + c.GRANTS).mean(), "mean_wait": mean_of_known(wait),
                    "wait_p90": float(np.quantile(known, 0.9)) if len(known) else np.nan,
                    "units": float(counted.time(first + c.CAPACITY_TICKS).mean()) / group.days,
                    "in_use": float(counted.time(first + c.IN_USE).mean()) / group.days,
                    "utilisation": mean_of_known(over(counted(first + c.IN_USE), counted(first + c.CAPACITY_TICKS))),
                }
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in _RESOURCES])
    return Table("resources", _RESOURCES, frame, "Shared resources, means over replications")


_BY_GROUP = (
    Column("resource", "text", "shared resource"),
    Column("by", "text", "a level of the hierarchy, `rep`, `segment` or `stage`"),
    Column("group", "text", "node, seat, segment or stage; blank for deals without an account"),
    Column(
        "requests",
        "real",
        "deals that asked for a unit; of stages from deals that are simulated again",
        "deals",
    ),
    Column("granted", "real", "deals that got one", "deals"),
    Column("mean_wait", "real", "days from asking to getting one", "days"),
    Column("in_use", "real", "units that are held, averaged over the days"),
    Column("utilisation", "ratio", "time of units that are held for them / time of all units"),
)


def resources_by_group_table(simulated: Simulated, groups: Sequence[Group], names: Axes) -> Table:
    """Return who asks for every shared resource, waits for it and holds it: nodes, seats, segments and stages."""
    rows = []
    total = next(group for group in groups if group.dimension == "total")
    for place, resource in enumerate(names.resources):
        first = c.GLOBAL + c.FUNNEL * len(names.stages) + c.SHARED * place
        whole = simulated.counted(total)(first + c.CAPACITY_TICKS)
        for group in groups:
            if group.dimension not in ("level", "rep", "segment"):
                continue
            counted = simulated.counted(group)
            wait = over(counted.time(first + c.QUEUED), counted(first + c.GRANTS))
            held = counted.time(first + c.IN_USE)
            figures = (counted(first + c.REQUESTED), counted(first + c.GRANTS), wait, held)
            rows.append(_row((resource, group.by, group.name), figures, group.days, whole))
        for stage, name in enumerate(names.stages):
            if place not in simulated.model.selling.row["resource"][simulated.model.selling.cell[stage]]:
                continue
            parts = np.array([_of_stage(one, stage) for one in simulated.told]).reshape(-1, 4)
            rows.append(_row((resource, "stage", name), tuple(parts.T), total.days, whole[: len(parts)]))
    frame = pd.DataFrame(rows, columns=[column.name for column in _BY_GROUP])
    meaning = "Shared resources by who asks for them, means over replications"
    return Table("resources_by_group", _BY_GROUP, frame, meaning)


def _row(
    of: tuple[str, str, str], figures: tuple[FloatArray, ...], days: float, whole: FloatArray
) -> dict[str, object]:
    """Return a row; `figures` are requests, grants, mean wait and days of units held, `whole` ticks of all units."""
    requests, granted, wait, held = figures
    values = (
        requests.mean(), granted.mean(), mean_of_known(wait), held.mean() / days,
        mean_of_known(over(held * TICKS, whole)),
    )  # fmt: skip
    return dict(zip([column.name for column in _BY_GROUP], (*of, *values), strict=True))


def _of_stage(told: Histories, stage: int) -> tuple[float, float, float, float]:
    """Return requests, grants, mean wait and days of units held of a stage in a replication."""
    here = told.request[told.request["stage"] == stage]
    got = here[here["granted"] >= 0]
    until = np.where(got["freed"] >= 0, got["freed"], told.span[1])
    wait = float((got["granted"] - got["asked"]).mean()) / TICKS if len(got) else float("nan")
    return len(here), len(got), wait, float((until - got["granted"]).sum()) / TICKS
