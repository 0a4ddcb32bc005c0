"""5.3 Little's law, on the path: over a window that starts and ends empty, the sum of the times that deals spend
somewhere is the integral of the number that is there. Exact, in ticks, without any z."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inputs import IntArray
from engine.pipeline.layout import (
    ABANDONED,
    ADVANCED,
    ARRIVED,
    ASKED,
    ENTERED,
    GAVE_UP,
    GRANTED,
    LOST_THERE,
    RECYCLED,
    STARTED,
    WON_THERE,
    Records,
)
from tests.pipeline.settings import with_spells
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import Simulated, simulated
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.3")
TEXT = """
slots: 5
sources:
  web: {leads: 90, patience: {kind: exponential, mean: 15}, routing: {to: least_loaded}}
  fair: {leads: 90, routing: {to: owner}}
seasonality: {months: [0, 3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0]}
stages:
- {name: Qualify, advance: 70%, duration: {kind: lognormal, mean: 5, cv: 1}}
- {name: Demo, advance: 60%, recycle: {to: Qualify, chance: 20%}, duration: {kind: fixed, value: 3}}
- {name: Close, advance: 50%, duration: {kind: empirical, values: [0, 1, 9]}}
processes:
- {kind: resource, name: engineers, units: 1, stages: {Demo: {share: 60%}}}
- {kind: priority, by: source, order: [fair]}
- {kind: attrition, rates: [{from_month: 0, rate: 100%}]}
- {kind: backfill, delay: {kind: exponential, mean: 10}}
- {kind: reassignment, deals: reassign, handover_days: 2}
"""
ENDS = (ADVANCED, RECYCLED, LOST_THERE, WON_THERE)


@pytest.fixture(scope="module")
def done() -> Simulated:
    """Twenty years that end with nothing open."""
    done = simulated(
        TEXT, with_spells(world(12, 3), [(0, -700, None), (1, -90, None), (2, -20, None)]), 20, log=True
    )
    assert (done.line["end"] >= 0).all()
    assert (done.line["outcome"] == ABANDONED).any()
    return done


def integral(begin: IntArray, end: IntArray) -> int:
    """Sum over time of the number that is there, step by step."""
    times = np.concatenate((begin, end))
    order = np.argsort(times, kind="stable")
    there = np.cumsum(np.repeat([1, -1], [len(begin), len(end)])[order])
    return int(np.sum(there[:-1] * np.diff(times[order])))


def held(what: str, sojourns: int, begin: IntArray, end: IntArray) -> None:
    assert sojourns > 0
    THEORY.equal(f"days in {what}", integral(begin, end) / 1e6, sojourns / 1e6)


def test_all_deals_spend_in_the_pipeline_what_is_there_over_time(done: Simulated) -> None:
    """Sojourns from the deals, the number there from the log."""
    line, event = done.line, done.event
    started = line[line["start"] >= 0]
    begun, over = (
        event[event["what"] == ARRIVED],
        event[np.isin(event["what"], (LOST_THERE, WON_THERE, GAVE_UP))],
    )
    held("the pipeline", int(np.sum(line["end"] - line["arrival"])), begun["tick"], over["tick"])
    waited = np.where(line["start"] >= 0, line["start"], line["end"]) - line["arrival"]
    out = event[np.isin(event["what"], (STARTED, GAVE_UP))]
    held("queues of seats", int(waited.sum()), begun["tick"], out["tick"])
    on, off = event[event["what"] == STARTED], event[np.isin(event["what"], (LOST_THERE, WON_THERE))]
    held("slots", int(np.sum(started["end"] - started["start"])), on["tick"], off["tick"])


def of_deals(event: Records, of: IntArray) -> tuple[Records, IntArray]:
    """The log, deal by deal: stable in the order in which things happened to each."""
    order = np.lexsort((np.arange(len(event)), event["key"], of))
    return event[order], of[order]


def test_stages_and_resources_hold_what_is_there_over_time(done: Simulated) -> None:
    """Sojourns from the log of each deal, paired entry by entry; the number there from all logs together."""
    total = 0
    for stage in range(3):
        here = done.event["stage"] == stage
        entered = here & (done.event["what"] == ENTERED)
        left = here & np.isin(done.event["what"], ENDS)
        first, last = (of_deals(done.event[chosen], done.event_of[chosen]) for chosen in (entered, left))
        assert np.array_equal(first[0]["key"], last[0]["key"])
        assert (first[0]["tick"] <= last[0]["tick"]).all()
        sojourns = int(np.sum(last[0]["tick"] - first[0]["tick"]))
        held(f"stage {stage + 1}", sojourns, done.event["tick"][entered], done.event["tick"][left])
        total += sojourns
    started = done.line[done.line["start"] >= 0]
    THEORY.equal("days in all stages", float(np.sum(started["end"] - started["start"])) / 1e6, total / 1e6)
    asked, granted = (done.event["tick"][done.event["what"] == what] for what in (ASKED, GRANTED))
    held("the queue of engineers", int(granted.sum() - asked.sum()), asked, granted)
