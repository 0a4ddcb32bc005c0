"""Bottleneck: which input moves expected bookings most, each by its step, with the same futures."""

from __future__ import annotations

import pandas as pd

from engine.columns import Column, Table
from engine.estimates import mean_of
from engine.pipeline.any_lever import levers_tried
from engine.pipeline.lever import World
from engine.pipeline.paired import CONFIDENCE, Effect, Play, effect
from engine.pipeline.spec import Bottleneck

COLUMNS = (
    Column("rank", "whole", "1 for the lever with the greatest effect of its step, either way"),
    Column("lever", "text", "kind of lever"),
    Column("of", "text", "stage, source, segment or resource; blank where all of them"),
    Column("step", "text", "by how much it is moved"),
    Column(
        "effect",
        "real",
        "mean change of the measure per step: (up - down) / 2; up of what comes one by one (slots, units, months), or "
        "has no way down",
    ),
    Column("low", "real", "lower end of the 95 % interval of the effect, paired replications"),
    Column("high", "real", "upper end"),
    Column("up", "real", "mean change with the step"),
    Column("down", "real", "mean change with the same step the other way; blank where it cannot be taken"),
    Column("share", "ratio", "effect over the mean of the measure"),
    Column("clear", "flag", "the interval leaves out zero"),
    Column("ahead", "flag", "its effect is greater than that of the next rank beyond doubt (95 %, paired)"),
    Column("measure", "text", "what is moved"),
    Column("replications", "whole", "how many of the futures of the plan it rests on"),
)


def bottleneck_table(spec: Bottleneck, world: World, play: Play, replications: int) -> Table:
    """Move every lever of the spec; effects in currency units, the greatest first."""
    count = min(spec.replications, replications)
    base = play(world, spec.measure, count)
    levers = spec.levers or levers_tried(world)
    effects = [effect(world, lever, play, base, spec.measure) for lever in levers]
    effects.sort(key=lambda one: -abs(float(one.of_step.mean())))
    rows = []
    for place, one in enumerate(effects):
        found = mean_of(one.of_step, CONFIDENCE)
        rows.append(
            {
                "rank": place + 1, "lever": one.lever.kind, "of": one.lever.of, "step": one.lever.step,
                "effect": found.value, "low": found.low, "high": found.high, "up": float(one.up.mean()),
                "down": float("nan") if one.down is None else float(one.down.mean()),
                "share": found.value / float(base.mean()) if base.any() else float("nan"),
                "clear": found.low > 0 or found.high < 0, "ahead": _ahead(effects, place),
                "measure": spec.measure, "replications": count,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    return Table("bottleneck", COLUMNS, frame, "What moves expected bookings, per step of each lever")


def _ahead(effects: list[Effect], place: int) -> bool:
    """Whether the effect of a rank is greater in size than that of the next beyond doubt."""
    if place + 1 == len(effects):
        return False
    one, other = effects[place].of_step, effects[place + 1].of_step
    signs = [1.0 if values.mean() >= 0 else -1.0 for values in (one, other)]
    return mean_of(signs[0] * one - signs[1] * other, CONFIDENCE).low > 0
