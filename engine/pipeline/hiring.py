"""Hiring: the probability of reaching a goal against the number of people hired, and when they start."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.estimates import mean_of, wilson
from engine.pipeline.lever import World
from engine.pipeline.newcomers import Newcomers, with_newcomers
from engine.pipeline.paired import CONFIDENCE, Play

COLUMNS = (
    Column("start", "date", "first day of the new people"),
    Column("hires", "whole", "how many of them"),
    Column("probability", "ratio", "share of futures in which the goal is reached"),
    Column("low", "ratio", "lower end of its 95 % interval (Wilson)"),
    Column("high", "ratio", "upper end"),
    Column("enough", "flag", "the probability is at least the target"),
    Column("sure", "flag", "so is the lower end of its interval"),
    Column("mean", "real", "mean of the measure", "currency units"),
    Column("gain", "real", "mean change against no hires", "currency units"),
    Column("gain_low", "real", "lower end of its 95 % interval, paired replications", "currency units"),
    Column("gain_high", "real", "upper end", "currency units"),
    Column("goal", "real", "what is to be reached", "currency units"),
    Column("target", "ratio", "probability that is asked for"),
    Column("measure", "text", "what the goal is set on"),
    Column("replications", "whole", "how many futures it rests on"),
)


def hiring_table(asked: Newcomers, world: World, play: Play, replications: int) -> Table:
    """Simulate the plan with 0, 1 ... people more, for each day on which they may start."""
    spec = asked.spec
    base = play(world, spec.measure, replications)
    rows = []
    for start, day in zip(asked.starts, spec.starts, strict=True):
        for hires in range(spec.most + 1):
            more = base if hires == 0 else play(
                with_newcomers(world, asked, hires, start), spec.measure, replications
            )  # fmt: skip
            hits = int(np.count_nonzero(more >= float(spec.goal)))
            low, high = wilson(hits, replications)
            gain = mean_of(more - base, CONFIDENCE)
            rows.append(
                {
                    "start": pd.Timestamp(day), "hires": hires, "probability": hits / replications,
                    "low": low, "high": high, "enough": hits / replications >= float(spec.target),
                    "sure": low >= float(spec.target), "mean": float(more.mean()), "gain": gain.value,
                    "gain_low": gain.low, "gain_high": gain.high, "goal": float(spec.goal),
                    "target": float(spec.target), "measure": spec.measure, "replications": replications,
                }
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    return Table("hiring", COLUMNS, frame, "Probability of the goal against people hired and their start")
