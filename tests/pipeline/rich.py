"""A small world with everything in it, in the words of a scenario."""

from __future__ import annotations

from typing import Any

from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import answers
from engine.pipeline.build import build
from engine.pipeline.lever import World
from engine.pipeline.spec import PipelineSpec
from tests.pipeline.settings import with_open, with_spells
from tests.worlds import world

MEASURES = {"bookings": Measure()}
STAGES: list[dict[str, Any]] = [
    {"name": "Qualify", "advance": "60%", "duration": {"kind": "exponential", "mean": 10}},
    {
        "name": "Demo", "advance": "55%", "duration": {"kind": "gamma", "mean": 15, "shape": 2},
        "recycle": {"to": "Qualify", "chance": "10%"},
    },
    {
        "name": "Close", "advance": "50%", "duration": {"kind": "lognormal", "mean": 20, "cv": 1},
        "cases": [{"tenure_below": 4, "advance_times": 0.6}],
    },
]  # fmt: skip
BLOCK: dict[str, Any] = {
    "replications": 10,
    "slots": 3,
    "sources": {
        "inbound": {"leads": 60, "spread": "new", "routing": {"to": "weighted"}},
        "outbound": {"leads": 60, "spread": "potential"},
    },
    "stages": STAGES,
    "sizes": {
        "law": {"kind": "lognormal", "mean": 50_000, "cv": 1},
        "discounts": {"S0": {"kind": "fixed", "value": 0.1}},
    },
    "attached": [{"product": "S1", "to": ["S0"], "chance": "20%"}],
    "processes": [
        {"kind": "attrition", "rates": [{"from_month": 0, "rate": "80%"}]},
        {"kind": "backfill", "delay": {"kind": "fixed", "value": 20}},
        {"kind": "reassignment", "deals": "reassign", "handover_days": 3},
        {"kind": "resource", "name": "engineers", "units": 2, "stages": {"Demo": {"share": "50%"}}},
    ],
}
OPEN = [
    {"id": "O1", "rep": 0, "account": 0, "stage": "Demo", "created": -30, "entered": -5, "amount": 4_000_000},
    {"id": "O2", "rep": 1, "account": 1, "stage": "Close", "created": -60, "entered": -20, "amount": -1},
]


def rich_inputs() -> Inputs:
    """Three seats; the people of two are long there, the third comes in February."""
    return with_open(with_spells(world(), [(0, -900, None), (1, -400, None), (2, 31, None)]), OPEN)


def rich(**changes: Any) -> tuple[Inputs, PipelineSpec, World]:
    """The world with some parts of its block changed."""
    inputs = changes.pop("inputs", None) or rich_inputs()
    spec = PipelineSpec.model_validate(BLOCK | changes)
    return inputs, spec, world_of(inputs, spec)


def world_of(inputs: Inputs, spec: PipelineSpec) -> World:
    """What is simulated of a block."""
    built = build(inputs, inputs.accounts.owner, spec, MEASURES)
    return answers.world_of(built, spec)
