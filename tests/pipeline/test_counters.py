"""The kernel's counters are those that one counts from what the reference engine tells, group by group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.pipeline import counters as c
from engine.pipeline.events.block import simulate_block
from engine.pipeline.factors import futures
from engine.pipeline.kpis.histories import histories
from engine.pipeline.layout import EVENT, LINE
from engine.pipeline.lever import World
from engine.pipeline.model import Model
from engine.pipeline.replications import shapes
from tests.pipeline.rich import BLOCK, rich
from tests.pipeline.test_lifetime import GOLDEN, based
from tests.pipeline.told import SEED, future_of, lines, log, tally, told

LOSING = [
    *(one for one in BLOCK["processes"] if one["kind"] != "reassignment"),
    {"kind": "reassignment", "deals": "lose"},
]
WAITING = {"leads": 90, "spread": "potential", "patience": {"kind": "exponential", "mean": 20}}
GROWING = GOLDEN | {"expansions": 1.5, "expansion": {"kind": "exponential", "mean": 0.1}}


def counted_of_deals_and_contracts(model: Model) -> list[int]:
    """Counters that the tests count themselves: without those of people and resources, and sums at renewals."""
    left_out = {c.PRESENT, c.SLOT_TICKS, c.QUITS, c.HIRED, *range(c.RENEWALS, c.EXPANDED_AMOUNT + 1)}
    return [place for place in range(c.GLOBAL + c.FUNNEL * len(model.selling.cell)) if place not in left_out]


def hold_against(world: World, number: int) -> None:
    drawn, one = futures(world.spreads, SEED, number, 1), told(world, number)
    cube, tallies = (np.zeros((1, *shape), np.int64) for shape in shapes(world.model))
    trace, events = np.zeros(3_000, LINE), np.zeros(30_000, EVENT)
    ends = simulate_block(world.model, drawn, cube, tallies, trace, events)[0]
    assert ends[0] <= len(trace)
    assert ends[1] <= len(events)
    names = c.names(world.names.stages, world.names.resources)
    expected = tally(world.model, one)
    for place in counted_of_deals_and_contracts(world.model):
        np.testing.assert_array_equal(tallies[0, :, place], expected[:, place], err_msg=names[place])
    future = future_of(world, number)
    ours = histories(world.model, future, trace[: ends[0]], events[: ends[1]])
    theirs = histories(world.model, future, lines(one), log(one))
    for part in ("deal", "value", "of", "stage", "entered", "left"):
        np.testing.assert_array_equal(getattr(ours, part), getattr(theirs, part), err_msg=part)


@pytest.mark.parametrize("changes", [
    {},
    {"processes": LOSING},
    {"sources": {"impatient": WAITING}},
    {"processes": [{"kind": "discontinued", "product": "S0", "start": "2027-05-01"}]},
    {"processes": [{"kind": "rep_factor", "sd": "30%", "applies_to": "wins"}], "sizes": None},
], ids=["everything", "lost as people leave", "patience", "a product goes", "factors"])  # fmt: skip
def test_counters_and_histories_of_both_engines_are_the_same(changes: dict[str, Any]) -> None:
    _, _, world = rich(**changes)
    for number in range(4):
        hold_against(world, number)


def test_the_base_is_counted_as_its_bookings_tell() -> None:
    _, world = based(40, GROWING, months=3)
    for number in range(3):
        hold_against(world, number)
