"""Playing: changed pipelines in the futures of a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine import amounts
from engine.inputs import FloatArray, Inputs
from engine.measures import Measures
from engine.pipeline.build import Built
from engine.pipeline.lever import World
from engine.pipeline.paired import Play
from engine.pipeline.replications import Run, bookings_alone
from engine.progress import Silent


def player(built: Built, inputs: Inputs, measures: Measures, run: Run) -> Play:
    """Return what simulates a changed world in the first futures of a run; see `engine.pipeline.paired.Play`."""
    scale, places = 10.0 ** amounts.decimals(inputs.currency), list(measures)

    def play(world: World, measure: str, replications: int) -> FloatArray:
        changed = replace(built, model=world.model, spreads=world.spreads)
        cube = bookings_alone(changed, replace(run, count=replications, looks=()), Silent())
        return np.asarray(cube[..., places.index(measure)].sum(axis=(1, 2)) / scale, dtype=np.float64)

    return play
