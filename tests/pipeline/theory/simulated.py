"""From the words of a `pipeline:` block to what happened in every replication."""

from __future__ import annotations

from engine.inputs import Inputs
from engine.measures import Measure, Measures
from engine.pipeline.build import build
from engine.pipeline.spec import PipelineSpec
from engine.reading.nodes import parse
from tests.pipeline.theory.engines import Simulated, by_kernel

__all__ = ["MEASURES", "SEED", "Simulated", "simulated", "spec_of"]

SEED = [2027]
"""The seed of all theory, in a list so that a run with another one can say so."""
MEASURES: Measures = {"bookings": Measure(), "deals": Measure(quantity="count")}


def spec_of(text: str) -> PipelineSpec:
    """Return the spec that a scenario with this text as its `pipeline:` has."""
    return PipelineSpec.model_validate(parse(text, "pipeline.yaml").plain())


def simulated(
    text: str,
    inputs: Inputs,
    replications: int,
    *,
    log: bool = False,
    measures: Measures = MEASURES,
    first: int = 0,
) -> Simulated:
    """Simulate a pipeline block over some tables, every account with its owner; with the log only where asked for."""
    built = build(inputs, inputs.accounts.owner, spec_of(text), measures)
    return by_kernel(built, SEED[0], replications, first, log)
