"""Stages: what entered each stage and what became of it, by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.pipeline import counters as c
from engine.pipeline.kpis.counted import mean_of_known, over
from engine.pipeline.kpis.figures import Simulated
from engine.pipeline.kpis.groups import Group
from engine.pipeline.kpis.sampled import mean_open, won_from

_STAGES = (
    Column("by", "text", "`total`, a level of the hierarchy, `rep`, `segment` or `period`"),
    Column(
        "group", "text", "node, seat, segment or period; blank in total, and for deals without an account"
    ),
    Column("stage", "text", "stage of the pipeline"),
    Column("entered", "real", "deals that entered it, or stood there at the start", "deals"),
    Column("advanced", "real", "left it for the next stage; won after the last", "deals"),
    Column("recycled", "real", "left it for an earlier one", "deals"),
    Column("lost", "real", "lost there", "deals"),
    Column("open_at_end", "real", "still there after the last day", "deals"),
    Column("conversion", "ratio", "advanced / entered, mean over replications"),
    Column(
        "conversion_of_left",
        "ratio",
        "advanced / (advanced + recycled + lost): without those that are still there",
    ),
    Column(
        "won_from",
        "ratio",
        "won / closed, of the closed deals that were in the stage (deals simulated again)",
    ),
    Column("mean_days", "real", "days in the stage of those that left it", "days"),
    Column(
        "mean_open", "real", "deals in the stage, averaged over the days (deals simulated again)", "deals"
    ),
)


def stages_table(simulated: Simulated, groups: Sequence[Group], stages: Sequence[str]) -> Table:
    """Return the stages of every group.

    In total and by segment entered = advanced + recycled + lost + open_at_end. A seat's figures count where the deal
    was at each event, so hand-overs move deals between seats; a period's count what happens in it.
    """
    rows = []
    for group in groups:
        counted, parts = simulated.counted(group), simulated.parts(group)
        for place, stage in enumerate(stages):
            first = c.GLOBAL + c.FUNNEL * place
            entered, advanced = counted(first + c.ENTERED), counted(first + c.ADVANCED)
            recycled, lost = counted(first + c.RECYCLED), counted(first + c.LOST_THERE)
            left = advanced + recycled + lost
            still = counted(first + c.OPEN_THERE)
            rows.append(
                {
                    "by": group.by, "group": group.name, "stage": stage, "entered": entered.mean(),
                    "advanced": advanced.mean(), "recycled": recycled.mean(), "lost": lost.mean(),
                    "open_at_end": still.mean() if group.dimension != "period" else np.nan,
                    "conversion": mean_of_known(over(advanced, entered)),
                    "conversion_of_left": mean_of_known(over(advanced, left)),
                    "won_from": mean_of_known(np.array([won_from(part, place) for part in parts])),
                    "mean_days": mean_of_known(over(counted.time(first + c.DAYS), left)),
                    "mean_open": mean_of_known(np.array([mean_open(part, place) for part in parts])),
                }
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in _STAGES])
    return Table("stages", _STAGES, frame, "Stages by group, means over replications")
