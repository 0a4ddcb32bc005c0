"""Investing: what a training, a tool or a hire in support returns, with the same futures with and without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.estimates import mean_of, wilson
from engine.pipeline.lever import World
from engine.pipeline.paired import CONFIDENCE, Play
from engine.pipeline.spec import Investment

COLUMNS = (
    Column("investment", "text", "its name"),
    Column("changes", "text", "what it moves"),
    Column("cost", "real", "what it costs", "currency units"),
    Column("gain", "real", "mean of the additional bookings", "currency units"),
    Column(
        "gain_low",
        "real",
        "lower end of the 95 % interval of the mean, paired replications",
        "currency units",
    ),
    Column("gain_high", "real", "upper end", "currency units"),
    Column("margin", "ratio", "share of additional bookings that is earned"),
    Column("return", "real", "gain x margin / cost"),
    Column("return_low", "real", "lower end of its 95 % interval"),
    Column("return_high", "real", "upper end"),
    Column("pays", "ratio", "P(return > 1): share of futures in which gain x margin is above the cost"),
    Column("pays_low", "ratio", "lower end of its 95 % interval (Wilson)"),
    Column("pays_high", "ratio", "upper end"),
    Column("measure", "text", "what it raises"),
    Column("replications", "whole", "how many of the futures of the plan it rests on"),
)


def moved_by_all(world: World, investment: Investment) -> World:
    """Return the world with every change of an investment.

    Raises:
        ValueError: a lever cannot be moved by its step.

    """
    for lever in investment.changes:
        changed = lever.moved(world, 1)
        if changed is None:
            raise ValueError(f"{lever.kind} {lever.of} cannot be moved: {lever.step}")
        world = changed
    return world


def investments_table(
    investments: Sequence[Investment], world: World, play: Play, replications: int
) -> Table:
    """Simulate the plan with each investment alone."""
    rows = []
    for one in investments:
        base = play(world, one.measure, replications)
        gain = play(moved_by_all(world, one), one.measure, replications) - base
        margin, cost = float(one.margin), float(one.cost)
        mean, earned = mean_of(gain, CONFIDENCE), gain * margin / cost
        pays = wilson(int(np.count_nonzero(earned > 1)), replications)
        rows.append(
            {
                "investment": one.name,
                "changes": "; ".join(" ".join((lever.kind, lever.of, lever.step)).replace("  ", " ")
                                     for lever in one.changes),
                "cost": cost, "gain": mean.value, "gain_low": mean.low, "gain_high": mean.high, "margin": margin,
                "return": mean.value * margin / cost, "return_low": mean.low * margin / cost,
                "return_high": mean.high * margin / cost, "pays": float((earned > 1).mean()),
                "pays_low": pays[0], "pays_high": pays[1], "measure": one.measure, "replications": replications,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    return Table("investments", COLUMNS, frame, "What investments return, each alone, over the plan")
