"""Scenarios drawn by hypothesis in the words of a `pipeline:` block: every source, case, law and process in turn.

They are small and crowded, and have much on the same day, so that what is due at once has to go in its order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import yaml
from hypothesis import strategies as st

from engine.inputs import Contracts, Inputs
from tests.pipeline.drawn_processes import drawn_processes
from tests.pipeline.settings import START, opportunities, with_open, with_spells
from tests.worlds import world

Block = dict[str, Any]
LAWS: tuple[Block, ...] = (
    {"kind": "exponential", "mean": 20},
    {"kind": "lognormal", "mean": 12, "cv": 2},
    {"kind": "weibull", "mean": 30, "shape": 0.7},
    {"kind": "gamma", "mean": 25, "shape": 3},
    {"kind": "fixed", "value": 0},
    {"kind": "fixed", "value": 7},
    {"kind": "empirical", "values": [1, 1, 5, 80]},
    {"kind": "empirical", "values": [0, 10, 60, 90], "at": [0, "40%", "40%", 1]},
    {
        "kind": "mixture",
        "parts": [
            {"weight": 3, "law": {"kind": "exponential", "mean": 5}},
            {"weight": 1, "law": {"kind": "fixed", "value": 40}},
        ],
    },
)
AMOUNTS: tuple[Block, ...] = (
    {"law": {"kind": "lognormal", "mean": 900, "cv": 2}, "times_price": True},
    {"by_product": {"S1": {"kind": "gamma", "mean": 7000, "shape": 2}}},
    {
        "law": {"kind": "empirical", "values": [100, 30_000]},
        "discounts": {"S0": {"kind": "weibull", "mean": 0.2, "shape": 2}},
    },
)
ROUTINGS: tuple[Block, ...] = (
    {"to": "round_robin"},
    {"to": "round_robin", "within": "district"},
    {"to": "weighted", "weight": "weight", "skills": "skills"},
    {"to": "weighted", "weight": "weight", "within": "district"},
    {"to": "least_loaded"},
    {"to": "least_loaded", "within": "district"},
    {"to": "least_loaded", "skills": "skills"},
)


class Plain(yaml.SafeDumper):
    """Writes what stands in two places twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


SEASONS: tuple[Block, ...] = (
    {"months": [1, 0, 2, 0, 5, 1, 1, 1, 0, 1, 1, 0]},
    {"periods": [0, 4, 1, 0, 1, 1, 2, 0, 0, 3, 1, 1]},
)
MIXES: tuple[Block, ...] = ({}, {"S0": 3, "S1": 1}, {"S1": 1})


def one_of(draw: st.DrawFn, *values: Any) -> Any:
    """One of some values, the first of which is the simplest."""
    return draw(st.sampled_from(values))


def given(block: Mapping[str, Any]) -> Block:
    """What is given in a block: neither None nor empty."""
    return {name: value for name, value in block.items() if value is not None and value != () and value != {}}


def _case(draw: st.DrawFn) -> Block:
    """What differs in some circumstances."""
    low = one_of(draw, "size", "tenure", "none")
    where = {
        "segments": one_of(draw, None, ["SMB"], ["ENT"]),
        "months_of_quarter": one_of(draw, None, [3], [1, 2]),
        "size_from": 9_000 if low == "size" else None,
        "size_below": one_of(draw, None, 25_000) if low == "size" else None,
        "tenure_from": one_of(draw, None, 2) if low == "tenure" else None,
        "tenure_below": 5 if low == "tenure" else None,
        "day_from": one_of(draw, None, None, 20),
        "day_below": one_of(draw, None, None, 28),
    }
    what = {
        "advance": one_of(draw, None, "20%", "50%"),
        "advance_times": one_of(draw, 0.5, 1.5),
        "duration": one_of(draw, None, *LAWS),
        "duration_lost": one_of(draw, None, *LAWS),
        "days_times": one_of(draw, None, 0.5, 3),
    }
    found = given(where)
    return (found or {"segments": ["SMB"]}) | given(what)


def _stages(draw: st.DrawFn) -> list[Block]:
    stages = []
    count = draw(st.integers(1, 3))
    for place in range(count):
        back = one_of(draw, None, "20%", "50%")
        none = ("0",) if place == count - 1 else ()
        stage = {
            "name": f"Stage {place}",
            "advance": one_of(draw, "50%", "30%", *none) if back else one_of(draw, "100%", "70%", "30%"),
            "recycle": {"to": f"Stage {draw(st.integers(0, place))}", "chance": back} if back else None,
            "duration": one_of(draw, *LAWS),
            "duration_lost": one_of(draw, None, *LAWS),
            "cases": [_case(draw) for _ in range(one_of(draw, 0, 0, 1, 2))] or None,
        }
        stages.append(given(stage))
    return stages


def _source(draw: st.DrawFn) -> Block:
    total = one_of(draw, {"leads": 12}, {"leads": 60}, {"by_segment": {"ENT": 25}})
    common = given({
        "seasonality": one_of(draw, None, *SEASONS),
        "patience": one_of(draw, None, None, *LAWS),
    })  # fmt: skip
    where = one_of(draw, "owner", "new", "pool")
    if where == "owner":
        return total | common | {"spread": one_of(draw, "even", "potential", "history")}
    if where == "new":
        routing = one_of(draw, *(routing for routing in ROUTINGS if "within" not in routing))
        return total | common | {"spread": "new", "routing": routing}
    return total | common | {"routing": one_of(draw, *ROUTINGS)}


def _spells(draw: st.DrawFn, seats: int) -> list[tuple[int, float, float | None]]:
    """People by seat: there for long, new, on leave, still to come; or nobody. Or a table without anybody."""
    found: list[tuple[int, float, float | None]] = []
    if one_of(draw, False, False, False, True):
        return found
    for seat in range(seats):
        found += [
            (seat, begin, end)
            for begin, end in one_of(
                draw,
                ((-700, None),),
                ((-40, 60), (60, None)),
                ((-40, 20), (90, None)),
                ((30, 200),),
                ((-100, 40), (50, None)),
                (),
            )
        ]
    return found


def _inputs(draw: st.DrawFn, stages: Sequence[Block]) -> Inputs:
    inputs = world(accounts=6, reps=3)
    seats = replace(
        inputs.reps,
        slots=np.array([-1, one_of(draw, -1, 1, 5), -1]),
        serves=(frozenset(), frozenset(), one_of(draw, frozenset(), frozenset({"ENT"}))),
        extra={
            "weight": np.array([1.0, 2.5, one_of(draw, 1.0, 0.0)]),
            "skills": np.array(["", " ", one_of(draw, "S1", "S0; S1")], dtype=object),
        },
    )
    spells = _spells(draw, 3)
    inputs = with_spells(replace(inputs, reps=seats), spells)
    if spells:
        people = tuple(one_of(draw, f"P{place}", f"P{max(place - 1, 0)}") for place in range(len(spells)))
        plans = tuple(one_of(draw, "AE", "SDR") for _ in spells)
        inputs = replace(inputs, spells=replace(inputs.spells, person=people, plan=plans))
    as_of = one_of(draw, None, None, 40)
    if as_of is not None:
        inputs = replace(inputs, calendar=replace(inputs.calendar, as_of=START + np.timedelta64(as_of, "D")))
    rows = [
        {
            "id": f"O{place}", "account": draw(st.integers(-1, 5)), "rep": draw(st.integers(0, 2)),
            "product": draw(st.integers(-1, 1)), "amount": one_of(draw, -1, 0, 1_234_567),
            "stage": one_of(draw, *(stage["name"] for stage in stages), "Lead", "Old"),
            "created": one_of(draw, -200, -31, -7, 0),
        }
        for place in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    inputs = with_open(inputs, rows)
    if as_of is not None and one_of(draw, True, False):
        inputs = replace(
            inputs, actuals=opportunities([_closed(draw, place) for place in range(draw(st.integers(0, 6)))])
        )
    return _with_contracts(draw, inputs)


def _closed(draw: st.DrawFn, place: int) -> Block:
    """A deal that was closed before the day of `as_of`."""
    won = one_of(draw, True, False)
    return {
        "id": f"K{place}", "account": draw(st.integers(0, 5)), "rep": draw(st.integers(-1, 2)),
        "product": draw(st.integers(0, 1)), "amount": one_of(draw, 0, 90_000) if won else -1, "outcome": int(won),
        "created": one_of(draw, -60, 3), "closed": one_of(draw, 4, 39),
    }  # fmt: skip


def _with_contracts(draw: st.DrawFn, inputs: Inputs) -> Inputs:
    count = draw(st.integers(0, 3))
    if not count:
        return inputs

    def some(*values: int) -> Any:
        return np.array([one_of(draw, *values) for _ in range(count)], dtype=np.int64)

    renews = START + some(-40, 0, 60, 300).astype("timedelta64[D]")
    names = tuple(f"C{place}" for place in range(count))
    table = Contracts(names, some(0, 3, 5), some(-1, 0, 2), some(0, 1), some(0, 99_999), renews, some(1, 12))
    return replace(inputs, contracts=table)


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[str, Inputs]:
    """The text of a `pipeline:` block, and tables."""
    stages = _stages(draw)
    inputs = _inputs(draw, stages)
    names = one_of(draw, ("leads",), ("web",), ("web", "event"), ("web", "event", "partner"))
    sources = {name: _source(draw) for name in names}
    block = {
        "slots": one_of(draw, 1, 2, 7),
        "arrivals": sources["leads"] if names == ("leads",) else None,
        "sources": None if names == ("leads",) else sources,
        "seasonality": one_of(draw, None, *SEASONS),
        "stages": stages,
        "mix": one_of(draw, *MIXES),
        "mix_by_segment": one_of(draw, {}, {"ENT": {"S0": 1}}),
        "sizes": one_of(draw, None, *AMOUNTS),
        "attached": one_of(draw, None, [{"product": "S1", "to": ["S0"], "chance": "40%"}]),
        "ramp": one_of(draw, None, ["20%", "50%", "80%"]),
        "market": one_of(draw, None, {"sd": "30%"}, {"sd": "50%", "applies_to": "arrivals"}),
        "processes": drawn_processes(draw, names, [stage["name"] for stage in stages], inputs) or None,
        "open_stages": {"Lead": "queue", "Old": "ignored"},
    }
    return yaml.dump(given(block), Dumper=Plain, sort_keys=False), inputs
