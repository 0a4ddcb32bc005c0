"""No word of the block is known to one engine alone: neither refuses any, and with each they agree bit by bit.

A new kind of process, law or routing, or a new field, has to find its place here before the suite passes.
"""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from engine.blocks import Block, subclasses
from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import laws, processes
from engine.pipeline.build import build
from engine.pipeline.event_log import About, told
from engine.pipeline.law import Law
from engine.pipeline.process import Process
from engine.pipeline.replications import Run, bookings_alone, trace
from engine.pipeline.spec import Arrivals, Attached, Case, PipelineSpec, Routing, Sizes, Stage
from engine.progress import Silent
from tests.pipeline.settings import TWO_STAGES, spec, with_open, with_spells
from tests.pipeline.test_trace import with_contracts
from tests.worlds import world

pytestmark = pytest.mark.slow

MEASURES = {"bookings": Measure(), "deals": Measure(quantity="count"), "kept": Measure(kinds=("renewal",))}
EXPONENTIAL = {"kind": "exponential", "mean": 9}
QUITS = {"kind": "attrition", "rates": [{"from_month": 0, "rate": 2}, {"from_month": 3, "rate": 1}]}

OF_PROCESS: dict[str, list[dict[str, Any]]] = {
    "attrition": [QUITS],
    "backfill": [QUITS, {"kind": "backfill", "delay": EXPONENTIAL}],
    "demand": [{"kind": "demand", "start": "2027-03-01", "end": "2027-06-01", "factor": 3}],
    "discontinued": [{"kind": "discontinued", "product": "S0", "start": "2027-05-01"}],
    "hiring_freeze": [
        QUITS,
        {"kind": "backfill", "delay": EXPONENTIAL},
        {"kind": "hiring_freeze", "start": "2027-03-01", "end": "2027-09-01"},
    ],
    "payment": [{"kind": "payment", "terms": 30, "late": EXPONENTIAL, "before_plan": "left_out"}],
    "late_starts": [{"kind": "late_starts", "delay": EXPONENTIAL}],
    "over_dispersion": [{"kind": "over_dispersion", "variance": 0.5}],
    "price_change": [{"kind": "price_change", "start": "2027-04-01", "factor": 1.25}],
    "priority": [{"kind": "priority", "by": "segment", "order": ["ENT"]}],
    "product_factor": [{"kind": "product_factor", "sd": "20%"}],
    "reassignment": [QUITS, {"kind": "reassignment", "deals": "reassign", "handover_days": 5}],
    "renewals": [{"kind": "renewals", "churn": "20%", "expansions": 2, "expansion": {"kind": "fixed", "value": 0.1}}],
    "rep_factor": [{"kind": "rep_factor", "sd": "30%", "correlation": "40%", "applies_to": "wins"}],
    "resource": [
        {"kind": "resource", "name": "Legal", "units": 1, "stages": {"Close": {"share": "60%"}}},
        {"kind": "resource", "name": "SE", "units": 2, "stages": {"Qualify": {"hold": EXPONENTIAL}}},
    ],
    "uncertainty": [{"kind": "uncertainty", "stages": {"Close": {"odds": 0.3, "days": 0.3}}, "leads": {"leads": 0.2}}],
}  # fmt: skip
OF_LAW: dict[str, dict[str, Any]] = {
    "empirical": {"values": [1, 2, 40]},
    "exponential": {"mean": 12},
    "fixed": {"value": 7},
    "gamma": {"mean": 12, "shape": 3},
    "lognormal": {"mean": 12, "cv": 1},
    "mixture": {
        "parts": [
            {"weight": 3, "law": EXPONENTIAL},
            {"weight": 1, "law": {"kind": "lognormal", "mean": 60, "cv": 1}},
        ]
    },
    "weibull": {"mean": 12, "shape": 0.7},
}
QUESTIONS = {"bottleneck", "hiring", "investments", "lifetime"}
"""What is asked of the simulation, and changes nothing in it."""
ROUTES = [
    {"to": "owner"},
    {"to": "round_robin", "within": "district"},
    {"to": "weighted", "weight": "points"},
    {"to": "least_loaded", "skills": "sells"},
]
CASES = [
    {"day_from": 10, "day_below": 25, "days_times": 3},
    {"segments": ["ENT"], "advance": "90%"},
    {"size_from": 20_000, "size_below": 90_000, "days_times": 2},
    {"tenure_from": 3, "tenure_below": 30, "advance_times": 0.5},
    {"months_of_quarter": [3], "duration": EXPONENTIAL, "duration_lost": {"kind": "fixed", "value": 3}},
]
RECYCLED = {"recycle": {"to": "Qualify", "chance": "20%"}}
BLOCKS: dict[str, dict[str, Any]] = {
    "ramp": {"ramp": ["30%", "60%"]},
    "market": {"market": {"sd": "20%"}},
    "market on arrivals": {"market": {"sd": "20%", "applies_to": "arrivals"}},
    "sources": {"sources": {"web": {"leads": 100}, "events": {"leads": 60, "spread": "potential"}}, "arrivals": None},
    "patience": {"arrivals": {"leads": 200, "patience": EXPONENTIAL}},
    "lose": {"processes": [QUITS, {"kind": "reassignment", "deals": "lose"}]},
    "new": {"arrivals": {"leads": 150, "spread": "new", "routing": {"to": "round_robin"}}},
    "seasonality": {"seasonality": {"months": [1, 0, 2, 0, 5, 1, 1, 1, 0, 1, 1, 0]}},
    "mix": {"mix": {"S0": 3, "S1": 1}, "mix_by_segment": {"ENT": {"S1": 1}}},
    "attached": {"attached": [{"product": "S1", "to": ["S0"], "chance": "40%"}]},
    "sizes": {"sizes": {"law": {"kind": "fixed", "value": 2}, "by_product": {"S1": OF_LAW["gamma"] | {"kind": "gamma"}},
                        "times_price": "true", "discounts": {"S0": {"kind": "fixed", "value": 0.1}}}},
    "recycle": {"stages": [TWO_STAGES[0], TWO_STAGES[1] | RECYCLED]},
    **{f"law {kind}": {"stages": [TWO_STAGES[0] | {"duration": {"kind": kind} | of}, TWO_STAGES[1]]}
       for kind, of in OF_LAW.items()},
    **{f"to {one['to']}": {"arrivals": {"leads": 200, "routing": one}} for one in ROUTES},
    **{f"case {next(iter(one))}": {"stages": [TWO_STAGES[0] | {"cases": [one]}, TWO_STAGES[1] | {"cases": [one]}]}
       for one in CASES},
    "counted mix": {"mix": {"S0": 3, "S1": 1}, "processes": [{"kind": "uncertainty", "mix": 20}]},
    **{f"process {kind}": {"processes": of} for kind, of in OF_PROCESS.items()},
}  # fmt: skip


def inputs() -> Inputs:
    """Four seats, one vacant for a while and one taken late, open deals in every place, and contracts."""
    rows = [
        {"account": place, "rep": place % 4, "stage": stage, "created": -20 - place}
        for place, stage in enumerate(["Close", "Qualify", "waiting"] * 4)
    ]
    people = [(0, -500, 80), (0, 170, None), (1, -900, None), (2, 40, None), (3, -30, None)]
    found = with_contracts(with_spells(with_open(world(reps=4), rows), people))
    extra = {
        "points": np.array([1.0, 0.0, 2.5, 1.0]),
        "sells": np.array(["", "S0", "S0;S1", "S1"], dtype=object),
    }
    return replace(found, reps=replace(found.reps, extra=extra))


@pytest.mark.parametrize("name", BLOCKS)
def test_both_engines_know_it_and_agree(name: str) -> None:
    known = inputs()
    changes = {"arrivals": {"leads": 200}, "slots": 4, "open_stages": {"waiting": "queue"}} | BLOCKS[name]
    block = spec(**changes)
    built = build(known, known.accounts.owner, block, MEASURES)
    about = About(tuple(stage.name for stage in block.stages), tuple(MEASURES))
    cube = bookings_alone(built, Run(21, 0, 3), Silent())
    for replication in range(3):
        found = told(known, built, about, 21, replication)
        lines = trace(built, 21, replication, 1, log=False).lines
        assert np.array_equal(found.cube, cube[replication])
        assert np.array_equal(np.sort(found.lines, order="key"), np.sort(lines, order="key"))


def kinds(package: ModuleType, base: type[Block]) -> set[str]:
    return {cls.model_fields["kind"].default for cls in subclasses(package, base)}


def test_every_kind_and_every_field_is_among_them() -> None:
    assert set(OF_PROCESS) == kinds(processes, Process)
    assert set(OF_LAW) == kinds(laws, Law)
    assert {one["to"] for one in ROUTES} == set(Routing.model_fields["to"].annotation.__args__)
    said = repr(BLOCKS) + repr(TWO_STAGES)
    elsewhere = {"replications", "estimate", "open_stages", "processes", "slots", "name", *QUESTIONS}
    for block in (PipelineSpec, Arrivals, Routing, Stage, Case, Sizes, Attached):
        fields = set(block.model_fields) - elsewhere
        assert {field for field in fields if f"'{field}'" not in said} - {"by_segment"} == set(), block
