"""Checking a pipeline: everything that can be said of it before it is simulated."""

from __future__ import annotations

import numpy as np

from engine.inputs import Inputs
from engine.measures import Measures
from engine.pipeline.answers import refuse_unanswerable, world_of
from engine.pipeline.build import build
from engine.pipeline.estimation import estimate, thin
from engine.pipeline.outputs import Goal, Outputs
from engine.pipeline.spec import PipelineSpec, Sequential


def check(
    inputs: Inputs, spec: PipelineSpec, measures: Measures, goal: Goal | None = None
) -> tuple[str, ...]:
    """Return notes and warnings; see `engine.pipeline.check`.

    Accounts stand with their owners, and those without one with the first seat: the territories are not known yet.
    """
    if isinstance(spec.replications, Sequential):
        asked = Outputs(inputs, measures, 0.0, goal)
        asked.refuse_unknown(target.output for target in spec.replications.until)
    resolved, notes = estimate(inputs, spec)
    built = build(inputs, np.maximum(inputs.accounts.owner, 0), resolved, measures)
    refuse_unanswerable(resolved, inputs, measures, world_of(built, resolved))
    return (*notes, *built.notes, *thin(inputs, spec), *built.warnings)
