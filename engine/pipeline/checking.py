"""Checking a pipeline: everything that can be said of it before it is simulated."""

from __future__ import annotations

import numpy as np

from engine.inputs import Inputs, IntArray
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

    The territories are not known yet: accounts stand as in `standing`.
    """
    if isinstance(spec.replications, Sequential):
        asked = Outputs(inputs, measures, 0.0, goal)
        asked.refuse_unknown(target.output for target in spec.replications.until)
    resolved, notes = estimate(inputs, spec)
    built = build(inputs, standing(inputs), resolved, measures)
    refuse_unanswerable(resolved, inputs, measures, world_of(built, resolved))
    return (*notes, *built.notes, *thin(inputs, spec), *built.warnings)


def standing(inputs: Inputs) -> IntArray:
    """Return a seat for each account, shape (account,): its owner, or the first seat that serves its segment.

    The latter where it has no owner, or one that does not serve it: leads that are routed near the owner would find
    nobody there, though the alignment will find the account another seat. The first seat where none serves it.
    """
    serves = {
        segment: np.array([not served or segment in served for served in inputs.reps.serves], dtype=np.bool_)
        for segment in inputs.accounts.segments
    }
    found = np.maximum(inputs.accounts.owner, 0)
    for account, (owner, segment) in enumerate(
        zip(inputs.accounts.owner, inputs.accounts.segment, strict=True)
    ):
        if owner < 0 or not serves[segment][owner]:
            found[account] = int(serves[segment].argmax())
    return found
